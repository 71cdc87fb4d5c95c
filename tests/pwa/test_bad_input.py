"""What should not happen and does: each has its message, the scans around it count, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.pwa.hands import step, take_a_task, wanted
from tests.pwa.kit import Shop, labels_of, open_browser, open_page, scan, sign_in
from tests.pwa.small import Good, small_shop

GOODS = (Good("MUG", "A-01-1"), Good("LAMP", "A-03-2"), Good("CLOCK", "B-02-1"), Good("VASE", "B-04-2"))
WAVE = {"W-1": tuple((good.sku, 5) for good in GOODS)}
DAY_MS = 86_400_000
LONGEST = 512
SOON_MS = 20_000
TASK = "SELECT 1 FROM task WHERE state = 'active'"
LATEST = "SELECT barcode, refusal FROM scan ORDER BY id DESC LIMIT 1"
COUNT = "SELECT count(*) FROM scan"
KEEP_STREAM = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = async how => window.stream = await open(how)
"""
PLAYS = "video => video.videoWidth || new Promise(plays => video.onresize = () => plays(0))"
UNPLUG = """() => {
    const [track] = window.stream.getVideoTracks()
    track.stop()
    track.dispatchEvent(new Event('ended'))
}"""
FILL = """() => {
    window.add = IDBObjectStore.prototype.add
    IDBObjectStore.prototype.add = function () {
        this.transaction.abort()
        throw new DOMException('full', 'QuotaExceededError')
    }
}"""
A_DAY_AHEAD = f"const right = Date.now; Date.now = () => right() + {DAY_MS}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with small_shop(tmp_path_factory.mktemp("bad"), GOODS, WAVE) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser with a camera that nobody has allowed."""
    with open_browser("--use-fake-device-for-media-stream") as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser, shop: Shop) -> Iterator[Page]:
    """A phone that nobody has signed in to."""
    page = open_page(browser, shop)
    yield page
    page.context.close()


@pytest.fixture
def ann(phone: Page, shop: Shop) -> Page:
    """Ann's phone, at the line that is next."""
    return at_work(phone, shop)


def at_work(page: Page, shop: Shop) -> Page:
    """Sign Ann in, and come to the line that is next."""
    begun = shop.rows(TASK)
    sign_in(page, "BADGE-ANN", "1111")
    if not begun:
        take_a_task(page, "Pick")
    page.get_by_role("region", name="What to do").wait_for()
    page.locator("input[inputmode]:focus").wait_for()
    return page


def told(page: Page, words: str) -> None:
    """Expect these words, and that they can be put away."""
    alert = page.locator("[data-flash]").filter(has_text=words)
    expect(alert).to_be_visible()
    alert.get_by_role("button", name="Close").click()
    expect(alert).to_have_count(0)


def goes_on(page: Page, shop: Shop) -> None:
    """Scan what is asked for: the screen moves, and the server has that scan once."""
    expect(page.locator("[data-flash='right']")).to_have_count(
        0
    )  # sooner, the same code would be a trigger pulled twice
    before, scans = page.locator("main").inner_text(), shop.rows(COUNT)[0][0]
    code = wanted(page, shop)
    scan(page, code)
    expect(page.locator("main")).not_to_have_text(before, use_inner_text=True)
    expect(page.locator("[data-waiting]")).to_have_count(0, timeout=SOON_MS)
    shop.until(f"SELECT 1 WHERE ({COUNT}) > ?", scans)
    assert shop.rows(LATEST) == [(code, "")]
    assert shop.rows(COUNT) == [(scans + 1,)]


def test_a_scan_while_a_question_is_open(ann: Page, shop: Shop) -> None:
    before, scans = step(ann), shop.rows(COUNT)
    ann.get_by_role("button", name="Short", exact=True).click()
    dialog = ann.get_by_role("dialog")
    dialog.wait_for()
    ann.keyboard.type("B-04-2")
    ann.keyboard.press("Enter")
    told(ann, "A question is open")
    expect(dialog).to_be_visible()
    ann.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert (step(ann), shop.rows(COUNT)) == (before, scans)
    goes_on(ann, shop)


def test_a_scan_of_four_thousand_characters(ann: Page, shop: Shop) -> None:
    scan(ann, "7" * 4_000)
    told(ann, "Too long for a code")
    shop.until("SELECT 1 FROM scan WHERE barcode = ? AND refusal <> ''", "7" * LONGEST)
    goes_on(ann, shop)


def test_control_characters(ann: Page, shop: Shop) -> None:
    scan(ann, "A-\x0101-\x7f1")
    told(ann, "Not a code")
    shop.until("SELECT 1 FROM scan WHERE barcode = ? AND refusal <> ''", "A-\u240101-\ufffd1")
    goes_on(ann, shop)


def test_two_scans_within_one_instant(ann: Page, shop: Shop) -> None:
    while step(ann) != "bin":
        scan(ann, wanted(ann, shop))
        ann.wait_for_timeout(300)
    sku, place = ann.locator(".item .code").inner_text(), wanted(ann, shop)
    ann.keyboard.insert_text(f"{place}\n{labels_of(shop)[sku]}\n")
    expect(ann.locator("[data-counted='1']")).to_be_visible()
    line = "SELECT step, refusal FROM scan ORDER BY id DESC LIMIT 2"
    shop.until("SELECT 1 FROM (SELECT step FROM scan ORDER BY id DESC LIMIT 1) WHERE step = 'sku'")
    assert shop.rows(line) == [("sku", ""), ("bin", "")]


def test_storage_that_is_full(ann: Page, shop: Shop) -> None:
    scans, before = shop.rows(COUNT), ann.locator("main").inner_text()
    ann.evaluate(FILL)
    scan(ann, wanted(ann, shop))
    told(ann, "This device is full")
    ann.get_by_role("button", name="Undo").click()
    told(ann, "This device is full")
    expect(ann.locator("main")).to_have_text(before, use_inner_text=True)
    assert shop.rows(COUNT) == scans
    ann.evaluate("() => { IDBObjectStore.prototype.add = window.add }")
    goes_on(ann, shop)


def test_a_clock_that_is_wrong_by_a_day(phone: Page, shop: Shop) -> None:
    phone.context.add_init_script(A_DAY_AHEAD)
    phone.reload()
    ann = at_work(phone, shop)
    goes_on(ann, shop)
    [(at, device_at)] = shop.rows("SELECT at, device_at FROM scan ORDER BY id DESC LIMIT 1")
    assert DAY_MS / 2 < device_at - at < DAY_MS * 2
    ann.goto(f"{shop.url}/#/device")
    expect(ann.get_by_role("status", name="Clock")).to_contain_text("1 day ahead of the server", timeout=SOON_MS)


def test_a_server_that_answers_nonsense(phone: Page, shop: Shop) -> None:
    nonsense: list[str] = []

    def spoil(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        server.on_message(lambda message: line.send(nonsense.pop() if nonsense else message))

    phone.route_web_socket("**/live*", spoil)
    ann = at_work(phone, shop)
    for said in ("<html>Sign in to the wireless</html>", '{"t": "changed", "tasks": 7}', "null"):
        nonsense.append(said)
        goes_on(ann, shop)
        told(ann, "The server was not understood")
        expect(ann.get_by_role("status", name="Connection")).to_contain_text("Online")
        goes_on(ann, shop)


def test_a_portal_that_answers_for_the_server(ann: Page, shop: Shop) -> None:
    here = ann.get_by_role("region", name="Line").inner_text()
    ann.route("**/api/**", lambda route: route.fulfill(body="<html>Sign in to the wireless</html>"))
    ann.reload()
    expect(ann.get_by_role("region", name="Line")).to_have_text(here, use_inner_text=True)
    goes_on(ann, shop)


def test_a_camera_that_is_refused(phone: Page) -> None:
    phone.get_by_role("button", name="Camera").click()
    expect(phone.locator("[data-camera='refused']")).to_contain_text("The camera is not allowed")
    scan(phone, "BADGE-ANN")
    expect(phone.get_by_role("heading", name="PIN")).to_be_visible()


def test_a_camera_that_is_unplugged(phone: Page) -> None:
    phone.context.grant_permissions(["camera"])
    phone.context.add_init_script(KEEP_STREAM)
    phone.reload()
    phone.get_by_role("button", name="Camera").click()
    picture = phone.get_by_label("Camera picture")
    picture.evaluate(PLAYS)
    phone.evaluate(UNPLUG)
    trouble = phone.locator("[data-camera='unplugged']")
    expect(trouble).to_contain_text("The camera is gone")
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_have_count(0)
    assert picture.evaluate("video => video.srcObject.active")
    scan(phone, "BADGE-ANN")
    expect(phone.get_by_role("heading", name="PIN")).to_be_visible()
