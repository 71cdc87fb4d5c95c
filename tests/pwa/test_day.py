"""A day in the app: a wave is planned and released, a phone picks it, a station packs and weighs, the van leaves."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.pwa.hands import pack_a_shipment, pick_all, pick_line, release_a_wave, step, take_a_task, wanted, weigh
from tests.pwa.kit import DESKTOP, Shop, faults, open_page, scan, sign_in

OPEN = """SELECT "order" FROM pick_line WHERE task = ? AND state = 'open' ORDER BY sequence"""
WITHDRAWN = """SELECT 1 FROM pick_line WHERE task = ? AND "order" = ? AND state = 'withdrawn'"""
CANCEL = """order => fetch(`/api/orders/${encodeURIComponent(order)}/cancel`, {
    method: 'POST',
    body: '{"reason": "asked"}',
    headers: {'content-type': 'application/json', 'x-csrf-token': document.cookie.match(/csrf=([^;]+)/)[1]},
})"""


def test_orders_become_a_van_on_its_way(browser: Browser, shop: Shop) -> None:
    eve = open_page(browser, shop, DESKTOP)
    sign_in(eve, "BADGE-EVE", "4444")
    release_a_wave(eve)

    ann = open_page(browser, shop)
    sign_in(ann, "BADGE-ANN", "1111")
    task = take_a_task(ann)

    scan(ann, "X-99")
    alert = ann.get_by_role("alert")
    expect(alert).to_contain_text("Wrong bin")
    expect(alert).to_contain_text("X-99")
    assert shop.until("SELECT refusal FROM scan WHERE barcode = 'X-99'") == [("wrong_bin",)]
    assert step(ann) == "bin"

    pick_line(ann, shop)
    ann.get_by_role("button", name="Short", exact=True).click()
    ann.get_by_role("button", name="None on the shelf").click()
    shop.until("SELECT 1 FROM pick_line WHERE task = ? AND state = 'short'", task)
    pick_all(ann, shop)
    shop.until("SELECT 1 FROM task WHERE id = ? AND state = 'done'", task)
    expect(eve.get_by_text("1 short")).to_be_visible()

    pia = open_page(browser, shop, DESKTOP)
    sign_in(pia, "BADGE-PIA", "3333")
    parcel, expected = pack_a_shipment(pia, shop)
    weigh(pia, shop, expected + 340)
    expect(pia.get_by_role("alert").filter(has_text="Weight differs")).to_be_visible()
    expect(pia.get_by_role("button", name="Print label")).to_have_count(0)
    weigh(pia, shop, expected)
    pia.get_by_role("button", name="Print label").click()
    pia.get_by_role("button", name="Next tote").wait_for()
    [(sscc,)] = shop.rows("SELECT sscc FROM parcel WHERE id = ? AND state = 'labelled'", parcel)

    pia.get_by_role("link", name="Ship").click()
    pia.get_by_role("button", name="Own van").click()
    scan(pia, f"(00){sscc}")
    expect(pia.locator("[data-parcels]")).to_have_text("1")
    scan(pia, f"(00){sscc}")
    expect(pia.locator("[data-flash]")).to_contain_text("Already")
    pia.get_by_role("button", name="Close the load").click()
    pia.get_by_role("dialog").get_by_role("button", name="1").click()
    pia.get_by_role("dialog").get_by_role("button", name="Close the load").click()
    expect(pia.get_by_text("1 parcel is on its way.")).to_be_visible()
    shop.until("SELECT 1 FROM parcel WHERE id = ? AND state = 'shipped'", parcel)
    assert [page for page in (eve, ann, pia) if faults(page)] == []


def test_a_cancelled_line_reaches_the_phone_and_is_acknowledged(browser: Browser, shop: Shop) -> None:
    ben = open_page(browser, shop)
    sign_in(ben, "BADGE-BEN", "2222")
    task = take_a_task(ben, "Pick")
    scan(ben, wanted(ben, shop))
    [(order, *_), *_] = shop.rows(OPEN, task)
    olga = open_page(browser, shop, DESKTOP)
    olga.get_by_role("button", name="Sign in by e-mail").click()
    olga.get_by_label("E-mail").fill("olga@example.com")
    olga.get_by_label("Password").fill("office-password")
    olga.get_by_role("button", name="Sign in", exact=True).click()
    olga.get_by_role("heading", name="Orders").wait_for()
    olga.evaluate(CANCEL, order)
    expect(ben.get_by_role("alertdialog", name="Not wanted any more")).to_be_visible()
    ben.get_by_role("button", name="Understood").click()
    shop.until(WITHDRAWN, task, order)
