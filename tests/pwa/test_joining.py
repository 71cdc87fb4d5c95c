"""A phone joins by one scan, is revoked, says so in words, keeps what waits, and sends it once it has joined again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from server.web.joining.page import LANGUAGES, PLATFORMS
from tests.pwa.door import APP, enter_pin, make_code, open_door, revoke
from tests.pwa.hands import release_a_wave, step, take_a_task, type_quantity, wanted
from tests.pwa.kit import DESKTOP, PHONE, Shop, labels_of, open_page, scan, sign_in
from tests.pwa.settled import settle
from tests.pwa.test_quality import AXE, LOOKS, SMALL, check, fits, violations

CUT_OFF = """() => [...document.querySelectorAll('.picture text')].filter(text => {
    const { x, width } = text.getBBox()
    const mark = text.parentElement.querySelector('.ring, .switch')
    return x + width > (mark ? mark.getBBox().x - 4 : 262)
}).map(text => text.textContent)"""
KEPT = "SELECT count(*), count(DISTINCT id) FROM scan WHERE task = ?"


class Air:
    """The wireless of one phone, which comes and goes."""

    def __init__(self, phone: Page) -> None:
        self.phone, self.away = phone, False
        self.open: list[WebSocketRoute] = []
        phone.route_web_socket("**/live*", self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if self.away:
            route.close()
        else:
            route.connect_to_server()
            self.open.append(route)

    def go(self) -> None:
        """Walk out of reach."""
        self.away = True
        self.phone.context.set_offline(True)
        for route in self.open:
            route.close()

    def come_back(self) -> None:
        """Walk back into reach."""
        self.away = False
        self.phone.context.set_offline(False)


@pytest.fixture(scope="module")
def boss(browser: Browser, shop: Shop) -> Page:
    """A supervisor at a desk, with a wave on the floor."""
    page = open_page(browser, shop, DESKTOP)
    sign_in(page, "BADGE-EVE", "4444")
    release_a_wave(page)
    return page


def test_one_scan_joins_a_phone_once(browser: Browser, boss: Page, shop: Shop) -> None:
    code = make_code(boss, shop, "Ben Picker")
    phone = open_page(browser, shop, PHONE)
    phone.context.add_init_script(path=AXE)
    phone.goto(code)
    phone.reload()
    expect(phone.get_by_role("heading", name="Welcome, Ben Picker")).to_be_visible()
    check(phone, "join")
    enter_pin(phone, "0000")
    expect(phone.get_by_role("alert").first).to_be_visible()
    enter_pin(phone, "2222")
    phone.get_by_role("status", name="Connection").filter(has_text="Online").wait_for()
    assert "join" not in phone.url
    phone.goto(code)
    phone.reload()
    expect(phone.get_by_role("heading", name="This code does not let you in")).to_be_visible()
    expect(phone.locator("main").get_by_role("alert")).to_contain_text("used already")
    expect(phone.get_by_role("textbox", name="Joining code")).to_be_visible()
    phone.locator("[data-flash]").wait_for(state="detached")
    check(phone, "a used code")


def test_a_colleague_takes_the_phone_by_a_code_and_nobody_else_does(browser: Browser, boss: Page, shop: Shop) -> None:
    phone = open_page(browser, shop, PHONE)
    sign_in(phone, "BADGE-BEN", "2222")
    code = make_code(boss, shop, "Pia Packer")
    phone.goto(code)
    enter_pin(phone, "0000")
    expect(phone.locator("main").get_by_role("alert")).to_contain_text("PIN or password is wrong")
    phone.goto(f"{shop.url}/#/device")
    expect(phone.get_by_role("heading", name="Ben Picker")).to_be_visible()
    phone.goto(code)
    enter_pin(phone, "3333")
    phone.get_by_role("status", name="Connection").filter(has_text="Online").wait_for()
    phone.goto(f"{shop.url}/#/device")
    expect(phone.get_by_role("heading", name="Pia Packer")).to_be_visible()


def test_a_revoked_phone_explains_itself_and_loses_nothing(browser: Browser, boss: Page, shop: Shop) -> None:
    phone = open_page(browser, shop, PHONE)
    phone.context.add_init_script(path=AXE)
    air = Air(phone)
    phone.reload()
    sign_in(phone, "BADGE-ANN", "1111")
    task = take_a_task(phone)
    expect(phone.locator("[data-waiting]")).to_have_count(0)
    [(before, _)] = shop.rows(KEPT, task)
    codes = labels_of(shop)
    air.go()
    for waits in range(1, 4):
        if step(phone) == "sku":
            type_quantity(phone)
        scan(phone, wanted(phone, shop, codes))
        expect(phone.locator("[data-waiting]").first).to_have_attribute("data-waiting", str(waits))
    here = phone.get_by_role("region", name="Line").inner_text()
    revoke(boss, shop, "Ann Picker")
    assert shop.rows(KEPT, task) == [(before, before)]

    air.come_back()
    expect(phone.get_by_role("heading", name="This device was revoked")).to_be_visible(timeout=30_000)
    expect(phone.get_by_text("A supervisor revoked it")).to_be_visible()
    expect(phone.get_by_text("3 operations wait on this device. They stay here")).to_be_visible()
    check(phone, "revoked")
    phone.reload()
    expect(phone.get_by_text("3 operations wait on this device. They stay here")).to_be_visible()

    scan(phone, "BADGE-ANN")
    expect(phone.locator("[data-flash='wrong']")).to_have_attribute("data-code", "join_unknown")
    scan(phone, make_code(boss, shop, "Ann Picker"))
    enter_pin(phone, "1111")
    phone.get_by_role("status", name="Connection").filter(has_text="Online").wait_for()
    shop.until("SELECT 1 FROM scan WHERE task = ? GROUP BY task HAVING count(*) >= ?", task, before + 3)
    expect(phone.locator("[data-waiting]")).to_have_count(0)
    assert shop.rows(KEPT, task) == [(before + 3, before + 3)]
    assert shop.rows("SELECT code FROM oplog WHERE command = 'scan' AND code <> ''") == []
    expect(phone.get_by_role("region", name="Line")).to_have_text(here, use_inner_text=True)


def test_a_phone_in_use_is_told_at_once(browser: Browser, boss: Page, shop: Shop) -> None:
    phone = open_page(browser, shop, PHONE)
    sign_in(phone, "BADGE-PIA", "3333")
    revoke(boss, shop, "Pia Packer")
    expect(phone.get_by_role("heading", name="This device was revoked")).to_be_visible()
    expect(phone.get_by_text("All that was done on it has been sent.")).to_be_visible()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The joining page, served as it is."""
    with open_door(tmp_path_factory.mktemp("authority")) as address:
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_joining_page_is_sound_in_every_language(browser: Browser, door: str, language: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, user_agent="Mozilla/5.0 (Linux; Android 13)")
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.goto(f"{door}?lang={language}#/join/abc")
    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("a.go.carry").first).to_have_attribute("href", f"{APP}#/join/abc")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    settle(page)
    for look in LOOKS:
        page.emulate_media(**look)  # type: ignore[arg-type]
        assert violations(page) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(CUT_OFF) == []
    assert page.locator("details[open]").count() == len(PLATFORMS)
    fits(page, language)
    context.close()


def test_the_joining_page_needs_no_script(browser: Browser, door: str) -> None:
    context = browser.new_context(java_script_enabled=False, user_agent="iPhone", locale="de-DE")
    page = context.new_page()
    page.goto(door)
    page.get_by_role("heading", name="iPhone oder iPad").wait_for()
    page.get_by_role("heading", name="Mac", exact=True).click()
    expect(page.get_by_text("Schlüsselbundverwaltung", exact=True)).to_be_visible()
    context.close()
