"""Pictures of every screen for the README: `python -m tests.pwa.screenshots [FOLDER]` lives a day and looks at it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.pwa.hands import pack_a_shipment, pick_all, pick_line, release_a_wave, step, take_a_task, wanted, weigh
from tests.pwa.kit import DESKTOP, PHONE, ROOT, Shop, open_browser, open_page, open_shop, scan, sign_in

Shoot = Callable[[Page, str], None]
SETTLE_MS = 900
LIE_G = 340
"""What the mispacked parcel of the pictures weighs too much: a mug."""


def main(folder: Path) -> None:
    """Write all pictures to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> None:
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=folder / f"{name}.png")

    with tempfile.TemporaryDirectory() as var, open_shop(Path(var)) as shop, open_browser() as browser:
        supervisor = open_page(browser, shop, DESKTOP)
        sign_in(supervisor, "BADGE-EVE", "4444")
        release_a_wave(supervisor)
        picking(browser, shop, shoot)
        station(browser, shop, shoot)
        office(supervisor, shop, shoot)


def picking(browser: Browser, shop: Shop, shoot: Shoot) -> None:
    """The phone: sign in, take, pick, be wrong, report short, leave the totes."""
    page = open_page(browser, shop, PHONE)
    shoot(page, "sign-in-phone")
    sign_in(page, "BADGE-ANN", "1111")
    shoot(page, "tasks-phone")
    take_a_task(page)
    shoot(page, "pick-bin-phone")
    scan(page, "X-99")
    shoot(page, "pick-wrong-phone")
    scan(page, wanted(page, shop))
    shoot(page, "pick-item-phone")
    while step(page) == "sku":
        scan(page, wanted(page, shop))
        page.wait_for_timeout(SETTLE_MS)
    shoot(page, "pick-tote-phone")
    pick_line(page, shop)
    page.get_by_role("button", name="Short", exact=True).click()
    shoot(page, "short-phone")
    page.get_by_role("button", name="None on the shelf").click()
    pick_all(page, shop)


def station(browser: Browser, shop: Shop, shoot: Shoot) -> None:
    """The pack station and the door."""
    page = open_page(browser, shop, DESKTOP)
    sign_in(page, "BADGE-PIA", "3333")
    parcel, expected = pack_a_shipment(page, shop)
    weigh(page, shop, expected + LIE_G)
    shoot(page, "weigh-mismatch-desktop")
    weigh(page, shop, expected)
    page.get_by_role("button", name="Print label").click()
    page.get_by_role("button", name="Next tote").wait_for()
    shoot(page, "pack-desktop")
    [(sscc,)] = shop.rows("SELECT sscc FROM parcel WHERE id = ?", parcel)
    page.get_by_role("link", name="Ship").click()
    page.get_by_role("button", name="Own van").click()
    scan(page, f"(00){sscc}")
    shoot(page, "ship-desktop")


def office(page: Page, shop: Shop, shoot: Shoot) -> None:
    """What the supervisor sees, on both sizes and by night."""
    names = {"floor": "People", "orders": "State", "attention": "Nothing needs you", "device": "Storage"}
    for size, word in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for place, text in names.items():
            page.goto(f"{shop.url}/#/{place}")
            page.get_by_text(text).first.wait_for()
            shoot(page, f"{place}-{word}")
    page.get_by_role("button", name="Dark").click()
    page.goto(f"{shop.url}/#/floor")
    shoot(page, "floor-dark-phone")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto(f"{shop.url}/#/orders")
    page.locator("main li a").first.click()
    shoot(page, "order-dark-desktop")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens")
