"""The office, as people work there: find, hold, adjust, bring a file in, add people, revoke a phone, set a site up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pwa.kit import DESKTOP, PHONE, Shop, open_page, sign_in
from tests.pwa.test_quality import AXE, check

ADMIN = ("BADGE-ADA", "5555")
MANY = 100_000
LONG_TASKS = """() => { window.long = []; new PerformanceObserver(list =>
    list.getEntries().forEach(e => long.push(e.duration))).observe({ type: 'longtask' }) }"""
FILE = b"""InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
7001,MUG-BLUE,A mug,2,2026-11-01 08:26:00,2.55,17850,United Kingdom
7002,MUG-RED,A mug,many,2026-11-01 08:28:00,1.85,17850,United Kingdom
"""


@pytest.fixture
def page(browser: Browser, shop: Shop) -> Page:
    """An administrator at a desk."""
    opened = open_page(browser, shop, DESKTOP)
    sign_in(opened, *ADMIN)
    return opened


def go(page: Page, shop: Shop, place: str) -> None:
    """Open a screen."""
    page.goto(f"{shop.url}/#/{place}")


def confirm(page: Page, button: str, why: str = "") -> None:
    """Answer the dialog that is open, and wait until it is gone."""
    dialog = page.get_by_role("dialog")
    if why:
        dialog.get_by_label("Why").fill(why)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def test_an_order_is_found_held_and_goes_on(page: Page, shop: Shop) -> None:
    go(page, shop, "orders")
    page.get_by_label("Number or customer").fill("DEMO-005")
    page.get_by_role("list", name="Orders").get_by_role("link").filter(has_text="DEMO-005").click()
    page.get_by_role("button", name="Hold", exact=True).click()
    confirm(page, "Hold", "address is wrong")
    shop.until("SELECT 1 FROM orders WHERE name = 'DEMO-005' AND reason = 'address is wrong'")
    expect(page.get_by_role("region", name="History")).to_contain_text("Held: address is wrong")
    page.get_by_role("button", name="Resume", exact=True).click()
    confirm(page, "Resume")
    shop.until("SELECT 1 FROM orders WHERE name = 'DEMO-005' AND reason = ''")
    page.get_by_role("button", name="Cancel order").click()
    confirm(page, "Yes, cancel it", "customer asked")
    shop.until("SELECT 1 FROM orders WHERE name = 'DEMO-005' AND state = 'cancelled'")
    expect(page.get_by_role("button", name="Hold", exact=True)).to_have_count(0)


def test_stock_is_adjusted_with_a_reason_and_the_ledger_says_so(page: Page, shop: Shop) -> None:
    go(page, shop, "stock")
    page.get_by_label("Item, barcode or name").fill("CLOCK")
    page.keyboard.press("Enter")
    page.get_by_role("region", name="Where it lies").get_by_role("button", name="Adjust:").first.click()
    page.get_by_role("dialog").get_by_label("Counted").fill("1")
    confirm(page, "Set it", "broken glass")
    [(change,)] = shop.until("SELECT quantity FROM stock_move WHERE sku = 'CLOCK' AND reason = 'broken glass'")
    page.get_by_role("button", name=re.compile("1 new")).click()
    row = page.get_by_role("list", name="Ledger").get_by_role("listitem").first
    expect(row).to_contain_text("broken glass")
    expect(row).to_contain_text(f"\N{MINUS SIGN}{change}")
    page.get_by_role("region", name="Where it lies").get_by_role("button", name="Count:").first.click()
    confirm(page, "Have it counted")
    shop.until("SELECT 1 FROM task WHERE kind = 'count'")


def test_a_file_is_brought_in_and_its_rejects_are_shown_and_downloaded(page: Page, shop: Shop, tmp_path: Path) -> None:
    go(page, shop, "imports")
    (tmp_path / "november.csv").write_bytes(FILE)
    page.get_by_label("CSV file").set_input_files(tmp_path / "november.csv")
    page.get_by_role("button", name="Bring it in").click()
    row = page.get_by_role("list", name="What was refused").get_by_role("listitem")
    expect(row).to_contain_text("7002")
    expect(row).to_contain_text("Row 3 · Quantity · many")
    assert shop.rows("SELECT name FROM orders WHERE name LIKE '700%'") == [("7001",)]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download what was refused").click()
    assert "7002,bad_value" in download.value.path().read_text()


def test_an_open_import_asks_no_more_than_it_needs(page: Page, shop: Shop) -> None:
    go(page, shop, "imports")
    page.get_by_role("list", name="Imports").get_by_role("link").first.click()
    asked: list[str] = []
    page.on("request", lambda request: asked.extend([request.url] if "/api/" in request.url else []))
    page.wait_for_timeout(1_500)
    assert len(asked) <= 3, asked


def test_a_person_is_added_signs_in_and_is_deactivated(browser: Browser, page: Page, shop: Shop) -> None:
    go(page, shop, "people")
    page.get_by_role("button", name="Add a person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Short name").fill("nia")
    dialog.get_by_label("Name", exact=True).fill("Nia New")
    dialog.get_by_label("Picker", exact=True).check()
    dialog.get_by_label("PIN").fill("7777")
    confirm(page, "Save")
    [(badge,)] = shop.until("SELECT badge FROM users WHERE id = 'nia' AND badge <> ''")
    other = open_page(browser, shop, PHONE)
    sign_in(other, badge, "7777")
    page.get_by_role("button", name="Change: Nia New").click()
    dialog.get_by_label("May sign in").uncheck()
    confirm(page, "Save")
    other.get_by_role("textbox", name="Badge").wait_for()
    assert shop.rows("SELECT active FROM users WHERE id = 'nia'") == [(0,)]


def test_a_lost_phone_is_revoked_at_once(browser: Browser, page: Page, shop: Shop) -> None:
    lost = open_page(browser, shop, PHONE)
    sign_in(lost, "BADGE-BEN", "2222")
    go(page, shop, "devices")
    page.get_by_role("listitem").filter(has_text="Ben Picker").get_by_role("button", name="Revoke:").click()
    expect(page.get_by_role("dialog")).to_contain_text("arrives only if it joins again")
    confirm(page, "Yes, revoke it")
    lost.get_by_role("heading", name="This device was revoked").wait_for()
    assert shop.rows("SELECT count(*) FROM device WHERE revoked") == [(1,)]


def test_a_site_is_set_up_and_what_cannot_be_is_refused(page: Page, shop: Shop) -> None:
    go(page, shop, "settings")
    page.get_by_label("Carriers leave daily").fill("17:30")
    page.get_by_label("Ask whether a bin is empty").check()
    page.get_by_label("Always tolerated (g)").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    found = "json_extract(policy, '$.weight_floor_g'), json_extract(policy, '$.zero_check')"
    assert shop.rows(f"SELECT cut_off_minute, {found} FROM site") == [(17 * 60 + 30, 7, 1)]
    page.get_by_label("Always tolerated (g)").fill("-1")
    page.get_by_role("button", name="Save").click()
    assert page.evaluate("document.querySelector('#weight_floor_g').validity.rangeUnderflow")
    assert shop.rows(f"SELECT {found} FROM site") == [(7, 1)]


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_every_screen_of_the_office_is_sound(browser: Browser, shop: Shop, size: tuple[int, int]) -> None:
    page = open_page(browser, shop, size)
    page.context.add_init_script(path=AXE)
    page.reload()
    sign_in(page, *ADMIN)
    [(order,)] = shop.rows("SELECT id FROM orders ORDER BY id LIMIT 1")
    places = ("stock", "sku/CLOCK", "imports", "people", "devices", "settings", f"order/{order}")
    for place in places:
        go(page, shop, place)
        page.locator("main .card").first.wait_for()
        check(page, place)
    go(page, shop, "people")
    page.get_by_role("button", name="Add a person").click()
    check(page, "add a person")


FILL = f"""INSERT INTO orders SELECT 'm:' || i, 'many', '' || i, '1', 'M-' || i, 1000 + i, 'GBP', '', NULL, 'paid', 100,
    '', 0, '', 'shipped', '{{}}', '', 1, 1 FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < {MANY}) SELECT i FROM n)"""


@pytest.mark.quiet
def test_a_hundred_thousand_orders_scroll_without_a_hitch(page: Page, shop: Shop) -> None:
    shop.write(FILL)
    page.evaluate(LONG_TASKS)
    go(page, shop, "orders")
    rows = page.get_by_role("list", name="Orders").get_by_role("listitem")
    rows.first.wait_for()
    for _ in range(60):
        page.mouse.wheel(0, 4_000)
        page.wait_for_function(
            "() => [...document.querySelectorAll('main li')].some(e => e.getBoundingClientRect().top < 200)"
        )
    assert rows.count() < 60
    assert int(rows.last.get_attribute("aria-posinset") or 0) > 1_000
    assert max(page.evaluate("window.long"), default=0) < 50
