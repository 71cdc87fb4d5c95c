"""The server is gone for a while: the picker goes on, even over a reload, and every scan arrives exactly once."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.pwa.hands import pick_line, release_a_wave, take_a_task, wanted
from tests.pwa.kit import DESKTOP, Shop, labels_of, open_page, scan, sign_in

OFFLINE_MS = 30_000


def test_scans_made_without_a_server_arrive_once(browser: Browser, shop: Shop) -> None:
    eve = open_page(browser, shop, DESKTOP)
    sign_in(eve, "BADGE-EVE", "4444")
    release_a_wave(eve)
    ann = open_page(browser, shop)
    sign_in(ann, "BADGE-ANN", "1111")
    ann.evaluate("navigator.serviceWorker.ready.then(() => true)")
    task = take_a_task(ann)
    pick_line(ann, shop)
    expect(ann.locator("[data-waiting]")).to_have_count(0)
    before = shop.until("SELECT count(*) FROM scan WHERE task = ?", task)[0][0]
    codes = labels_of(shop)

    shop.stop()
    expect(ann.get_by_role("status", name="Connection")).to_contain_text("Offline", timeout=OFFLINE_MS)
    scan(ann, wanted(ann, shop, codes))
    expect(ann.locator("[data-step]")).to_have_attribute("data-step", "sku")
    left = ann.locator("[data-counted]").inner_text()
    scan(ann, wanted(ann, shop, codes))
    expect(ann.locator("[data-counted]")).not_to_have_text(left)
    expect(ann.locator("[data-waiting]")).to_have_attribute("data-waiting", "2")
    here = ann.get_by_role("region", name="Line").inner_text()

    ann.reload()
    expect(ann.get_by_role("region", name="Line")).to_have_text(here, use_inner_text=True)
    expect(ann.locator("[data-waiting]")).to_have_attribute("data-waiting", "2")

    shop.start()
    expect(ann.get_by_role("status", name="Connection")).to_contain_text("Online", timeout=OFFLINE_MS)
    shop.until("SELECT 1 FROM scan WHERE task = ? GROUP BY task HAVING count(*) >= ?", task, before + 2)
    expect(ann.locator("[data-waiting]")).to_have_count(0)
    after = shop.rows("SELECT count(*) FROM scan WHERE task = ?", task)[0][0]
    assert after == before + 2
    expect(ann.get_by_role("region", name="Line")).to_have_text(here, use_inner_text=True)
