"""A pack station without a mouse: three orders by scanner and keyboard, one too heavy, one short; scale and printer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pwa.bench import HANDS, NO_PRINTER, focused, label_out, pack, settle, station_shop
from tests.pwa.kit import DESKTOP, Shop, faults, open_page, scan, sign_in

ORDERS = {
    "1001": [("MUG", 2), ("LAMP", 1)],
    "1002": [("MUG", 3)],
    "1003": [("LAMP", 2), ("JEANS-32", 1)],
    "1004": [("MUG", 1), ("LAMP", 1)],
    "1005": [("JEANS-32", 2)],
    "1006": [("MUG", 1)],
}
MG = 1_000
PARCEL = """SELECT id, sscc, expected_mg FROM parcel WHERE "order" = ? AND state = ? ORDER BY opened_at"""
ITEMS = "SELECT sku, quantity FROM parcel_item WHERE parcel = ? ORDER BY sku"
Bench = tuple[Shop, Mapping[str, str]]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with station_shop(tmp_path_factory.mktemp("bench"), ORDERS) as opened:
        yield opened


def at_station(browser: Browser, shop: Shop, number: str = "1") -> Page:
    """Sign in as the packer, and say by its number which station this is."""
    page = open_page(browser, shop, DESKTOP)
    page.evaluate(HANDS)
    sign_in(page, "BADGE-PIA", "3333")
    page.get_by_role("heading", name="Which station is this?").wait_for()
    page.get_by_role("button", name="Pack station").first.wait_for()
    scan(page, number)
    page.get_by_role("textbox", name="Scan tote or order").wait_for()
    return page


def parcel_of(shop: Shop, order: str, state: str) -> tuple[str, str, int]:
    """Wait for an order's parcel in a state; gives id, SSCC, expected grams."""
    [(parcel, sscc, expected), *_] = shop.until(PARCEL, f"csv:{order}", state)
    return parcel, sscc, round(expected / MG)


def test_three_orders_without_a_mouse_one_too_heavy_one_short(browser: Browser, bench: Bench) -> None:
    shop, totes = bench
    page = at_station(browser, shop)
    by_keys_and_first_too_heavy(page, shop, totes["1001"])
    by_command_barcodes(page, shop, totes["1002"])
    one_short(page, shop, totes["1003"])
    out_of_the_door(page, shop)
    assert page.evaluate("hands") == []
    assert faults(page) == []
    page.context.close()


def by_keys_and_first_too_heavy(page: Page, shop: Shop, tote: str) -> None:
    """Pack piece by piece, and weigh it with a mug too many first."""
    scan(page, tote)
    pack(page, shop, "MUG", 2)
    pack(page, shop, "LAMP")
    scan(page, "2")  # the carton, by its number
    page.keyboard.press("F4")
    parcel, _, expected = parcel_of(shop, "1001", "closed")
    settle(page, shop, expected + 300)
    page.keyboard.press("F8")
    expect(page.get_by_role("alert")).to_contain_text("Weight differs")
    expect(page.get_by_role("alert")).to_contain_text("more than ordered would fit")
    page.keyboard.press("F9")
    expect(page.locator("[data-code=not_in_state]")).to_be_visible()
    settle(page, shop, expected)
    page.keyboard.press("F8")
    parcel_of(shop, "1001", "weighed")
    page.keyboard.press("F9")
    parcel_of(shop, "1001", "labelled")
    assert shop.rows(ITEMS, parcel) == [("LAMP", 1), ("MUG", 2)]
    assert shop.rows("SELECT carton FROM parcel WHERE id = ?", parcel) == [("M",)]
    readings = shop.rows("SELECT refusal FROM weight_reading WHERE parcel = ? ORDER BY at", parcel)
    assert readings == [("weight_mismatch",), ("",)]
    assert focused(page)


def by_command_barcodes(page: Page, shop: Shop, tote: str) -> None:
    """Pack the next without a key: all that is done is scanned from the sheet beside the screen."""
    scan(page, tote)
    expect(page.get_by_role("heading", name="Order 1002")).to_be_visible()
    scan(page, "PICKWAVEALL")
    scan(page, "L")  # the carton, by its code
    scan(page, "PICKWAVECLOSE")
    parcel, sscc, expected = parcel_of(shop, "1002", "closed")
    assert shop.rows("SELECT carton FROM parcel WHERE id = ?", parcel) == [("L",)]
    settle(page, shop, expected)
    scan(page, "PICKWAVEWEIGH")
    parcel_of(shop, "1002", "weighed")
    scan(page, "PICKWAVEPRINT")
    parcel_of(shop, "1002", "labelled")
    assert label_out(shop, sscc)
    scan(page, "PICKWAVENEXT")
    expect(page.get_by_role("textbox", name="Scan tote or order")).to_be_focused()


def one_short(page: Page, shop: Shop, tote: str) -> None:
    """Say that a piece is not in the tote, and send the rest."""
    scan(page, tote)
    pack(page, shop, "LAMP", 2)
    page.keyboard.press("F3")
    page.get_by_role("dialog", name="Missing or damaged").wait_for()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    shop.until("SELECT 1 FROM journal WHERE kind = 'ItemMissing'")
    assert focused(page)
    page.keyboard.press("F4")
    parcel, _, expected = parcel_of(shop, "1003", "closed")
    settle(page, shop, expected)
    page.keyboard.press("F8")
    parcel_of(shop, "1003", "weighed")
    page.keyboard.press("F9")
    parcel_of(shop, "1003", "labelled")
    assert shop.rows(ITEMS, parcel) == [("LAMP", 2)]


def out_of_the_door(page: Page, shop: Shop) -> None:
    """Load what was packed and close the load, by scanner and keyboard too."""
    page.evaluate("location.hash = '#/ship'")
    page.get_by_role("button", name="Own van").wait_for()
    carriers = page.get_by_role("main").get_by_role("button").all_inner_texts()
    scan(page, next(text for text in carriers if "Own van" in text)[0])
    page.get_by_role("textbox", name="Scan a parcel").wait_for()
    for order in ("1001", "1002", "1003"):
        scan(page, f"(00){parcel_of(shop, order, 'labelled')[1]}")
        parcel_of(shop, order, "loaded")
    page.keyboard.press("F4")
    page.get_by_role("dialog", name="How many parcels?").wait_for()
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 parcels are on their way.")).to_be_visible()
    for order in ("1001", "1002", "1003"):
        parcel_of(shop, order, "shipped")


def test_a_part_goes_with_a_reason_and_a_label_is_voided_and_made_anew_by_keys(browser: Browser, bench: Bench) -> None:
    shop, totes = bench
    page = at_station(browser, shop)
    key = page.keyboard.press
    scan(page, totes["1004"])
    pack(page, shop, "MUG")
    key("F4")
    expect(page.get_by_label("Why without the other 1?")).to_be_focused()
    page.keyboard.type("carton is full")
    key("Enter")
    parcel, _, expected = parcel_of(shop, "1004", "closed")
    assert focused(page)
    key("F6")
    expect(page.locator("li[data-sku='MUG'] b")).to_have_text("0")
    pack(page, shop, "MUG")
    pack(page, shop, "LAMP")
    key("F4")
    parcel, sscc, expected = parcel_of(shop, "1004", "closed")
    settle(page, shop, expected)
    key("F8")
    parcel_of(shop, "1004", "weighed")
    key("F9")
    parcel_of(shop, "1004", "labelled")
    key("Shift+F9")
    assert label_out(shop, sscc, 2)
    key("Shift+F8")
    page.get_by_role("dialog", name="Void label").wait_for()
    scan_into_question(page, "2412345678")
    expect(page.locator("[data-code=question_open]")).to_be_visible()
    assert shop.rows("SELECT state FROM parcel WHERE id = ?", parcel) == [("labelled",)]
    key("2")
    key("Enter")
    parcel_of(shop, "1004", "weighed")
    [(body,)] = shop.rows("SELECT body FROM journal WHERE kind = 'LabelVoided'")
    assert "wrong_label" in body
    key("F9")
    parcel_of(shop, "1004", "labelled")
    assert page.evaluate("hands") == []
    page.context.close()


def scan_into_question(page: Page, code: str) -> None:
    """Scan while a question is open, as fast as scanners type."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


SERIAL = """
window.platform = {line: 'S S 0 g', asked: 0, granted: []}
class Port extends EventTarget {
  async open() {
    let controller
    this.readable = new ReadableStream({start: each => { controller = each }})
    this.writable = new WritableStream({write: () => {
      platform.asked += 1
      if (platform.line) controller.enqueue(new TextEncoder().encode(platform.line + '\\r\\n'))
    }})
    platform.unplug = () => {
      platform.granted = []
      controller.error(new DOMException('gone', 'NetworkError'))
    }
  }
  async close() {}
}
const serial = new EventTarget()
serial.getPorts = async () => platform.granted
serial.requestPort = async () => { platform.granted = [new Port()]; return platform.granted[0] }
Object.defineProperty(navigator, 'serial', {value: serial})
Object.defineProperty(navigator, 'hid', {value: undefined})
"""


def test_a_scale_at_the_browser_is_read_by_it_and_a_stuck_label_is_told(browser: Browser, bench: Bench) -> None:
    shop, totes = bench
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(SERIAL)
    page = context.new_page()
    page.goto(shop.url)
    sign_in(page, "BADGE-PIA", "3333")
    page.get_by_role("button", name="Pack station 2").wait_for()
    scan(page, "PACK-2")
    scan(page, totes["1005"])
    page.keyboard.press("F2")
    expect(page.get_by_role("button", name="All of it")).to_have_count(0)
    page.keyboard.press("F4")
    parcel, sscc, expected = parcel_of(shop, "1005", "closed")
    expect(page.get_by_text("The scale does not answer")).to_be_visible()
    connect = page.get_by_role("button", name="Connect a serial scale")
    connect.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Put the parcel on the scale")).to_be_visible()
    says(page, f"S D {expected + 40} g")
    expect(page.locator("output[data-stable=false]")).to_be_visible()
    page.keyboard.press("F8")
    expect(page.locator("[data-code=unstable]")).to_be_visible()
    says(page, f"S S {expected / MG:.3f} kg")
    expect(page.locator("svg[data-place=in]")).to_be_visible()
    expect(page.get_by_text("As expected")).to_be_visible()
    page.keyboard.press("F8")
    parcel_of(shop, "1005", "weighed")
    said = shop.rows("SELECT scale, said, grams FROM weight_reading WHERE parcel = ?", parcel)
    assert said == [("browser:serial", f"S S {expected / MG:.3f} kg", expected)]

    page.keyboard.press("F9")
    stuck = page.get_by_role("alert", name="The label is not printed")
    expect(stuck).to_contain_text(NO_PRINTER)
    stuck.get_by_role("button", name="Print at Pack station 1").focus()
    page.keyboard.press("Enter")
    expect(stuck).to_have_count(0)
    assert label_out(shop, sscc, 2)

    scan(page, totes["1006"])
    page.keyboard.press("F2")
    page.keyboard.press("F4")
    _, _, expected = parcel_of(shop, "1006", "closed")
    says(page, f"S S {expected} g")
    expect(page.get_by_text("As expected")).to_be_visible()
    page.evaluate("platform.unplug()")
    expect(page.get_by_text("The scale does not answer")).to_be_visible()
    assert not parcel_weighed(shop, "1006")
    context.close()


def says(page: Page, line: str) -> None:
    """Let the scale at the browser answer this from now on."""
    page.evaluate("line => { platform.line = line }", line)


def parcel_weighed(shop: Shop, order: str) -> bool:
    """Tell whether an order's parcel has a weight."""
    return bool(shop.rows('SELECT 1 FROM parcel WHERE "order" = ? AND weight_g >= 0', f"csv:{order}"))
