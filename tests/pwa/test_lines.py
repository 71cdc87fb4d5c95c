"""Lines that ask for more than bin, item and tote, by keys: a lot, serial numbers, a count, a way back to the bin."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from server.catalog.model import Tracking
from tests.pwa.hands import press, wanted
from tests.pwa.kit import Shop, labels_of, open_page, sign_in
from tests.pwa.small import CANCEL, Good, open_office, small_shop

GOODS = (
    Good("MILK", "A-01-1", tracking=Tracking.LOT, lot="L7"),
    Good("WATCH", "A-03-2", tracking=Tracking.SERIAL),
    Good("MUG", "B-02-1", units=40),
)
WAVE = {"W-1": (("MILK", 2), ("WATCH", 2), ("MUG", 3))}
LINE = "SELECT state, lot, serials FROM pick_line WHERE sku = ? AND kind = ?"
DONE = "SELECT 1 FROM task WHERE kind = ? AND state = 'done'"
HOLDS = "SELECT quantity FROM stock_balance WHERE place LIKE 'bin:%' AND sku = ?"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with small_shop(tmp_path_factory.mktemp("lines"), GOODS, WAVE) as opened:
        yield opened


@pytest.fixture(scope="module")
def ann(browser: Browser, shop: Shop) -> Page:
    """Ann's phone, with the wave in hand."""
    page = open_page(browser, shop)
    sign_in(page, "BADGE-ANN", "1111")
    take(page, "Pick")
    return page


def take(page: Page, kind: str) -> None:
    """Take a task of another kind."""
    page.get_by_role("button", name=f"Take: {kind}").first.click()
    page.get_by_role("region", name="What to do").wait_for()


def asked(page: Page, wants: str) -> None:
    """Expect the screen to ask for this."""
    expect(page.locator("[data-step]")).to_have_attribute("data-step", wants)


def test_a_lot_by_its_own_label_and_by_gs1(ann: Page, shop: Shop) -> None:
    item = labels_of(shop)["MILK"]
    press(ann, wanted(ann, shop))
    asked(ann, "sku")
    press(ann, item)
    asked(ann, "lot")
    press(ann, "L8")
    expect(ann.get_by_role("alert")).to_contain_text("Wrong lot")
    press(ann, "L7")
    expect(ann.locator("[data-counted]")).to_have_attribute("data-counted", "1")
    press(ann, f"]C101{item:0>14}10L7")
    asked(ann, "tote")
    press(ann, wanted(ann, shop))
    asked(ann, "bin")
    shop.until(f"{LINE} AND state = 'picked'", "MILK", "pick")
    assert shop.rows(LINE, "MILK", "pick") == [("picked", "L7", "[]")]


def test_each_serial_number_once(ann: Page, shop: Shop) -> None:
    press(ann, wanted(ann, shop))
    asked(ann, "sku")
    press(ann, labels_of(shop)["WATCH"])
    asked(ann, "serial")
    press(ann, "SN-1")
    expect(ann.locator("[data-counted]")).to_have_attribute("data-counted", "1")
    expect(ann.locator("[data-flash='right']")).to_be_visible()
    expect(ann.locator("[data-flash='right']")).to_have_count(0)  # the same code sooner: a trigger pulled twice
    press(ann, "SN-1")
    expect(ann.locator("[data-flash]")).to_contain_text("Serial already scanned")
    press(ann, "SN-2")
    asked(ann, "tote")
    press(ann, wanted(ann, shop))
    asked(ann, "bin")
    [(_, _, serials)] = shop.until(f"{LINE} AND state = 'picked'", "WATCH", "pick")
    assert json.loads(serials) == ["SN-1", "SN-2"]


def test_an_empty_bin_is_counted(ann: Page, shop: Shop) -> None:
    ann.get_by_role("button", name="Short", exact=True).click()
    ann.get_by_role("button", name="None on the shelf").click()
    shop.until(f"{LINE} AND state = 'open'", "MUG", "count")
    press(ann, "CONS-1")
    take(ann, "Count")
    press(ann, wanted(ann, shop))
    asked(ann, "sku")
    ann.get_by_role("button", name="Quantity").click()
    ann.keyboard.type("5")
    ann.keyboard.press("Enter")
    press(ann, labels_of(shop)["MUG"])
    shop.until(DONE, "count")
    assert shop.rows(HOLDS, "MUG") == [(5,)]


def test_goods_of_a_cancelled_order_go_back_to_their_bin(ann: Page, browser: Browser, shop: Shop) -> None:
    ann.goto(f"{shop.url}/#/tasks")
    held = shop.rows(HOLDS, "WATCH")[0][0]
    [(order,)] = shop.rows("""SELECT DISTINCT "order" FROM pick_line WHERE sku = 'WATCH'""")
    assert open_office(browser, shop).evaluate(CANCEL, order) == 201
    shop.until(f"{LINE} AND state = 'open'", "WATCH", "return")
    for _ in shop.rows("SELECT 1 FROM task WHERE kind = 'return'"):
        take(ann, "Return")
        while ann.get_by_role("region", name="What to do").count():
            expect(ann.locator("[data-flash='right']")).to_have_count(0)
            press(ann, wanted(ann, shop))
            expect(ann.locator("[data-flash='right']")).to_be_visible()
        expect(ann.get_by_text("Done", exact=True)).to_be_visible()
        ann.goto(f"{shop.url}/#/tasks")
    shop.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM task WHERE kind = 'return' AND state <> 'done')")
    assert shop.rows(HOLDS, "WATCH") == [(held + 2,)]
