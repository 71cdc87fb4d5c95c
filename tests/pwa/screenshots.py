"""Pictures of every screen for the documentation: `./test screenshots` lives a day and looks at it."""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.pwa.door import enter_pin, make_code, open_door, revoke
from tests.pwa.hands import (
    pack_a_shipment,
    pick_all,
    pick_line,
    release_a_wave,
    step,
    take_a_task,
    take_the_smallest_task,
    type_quantity,
    wanted,
    weigh,
)
from tests.pwa.kit import PHONE, ROOT, Shop, open_browser, open_page, open_shop, scan, sign_in
from tests.pwa.settled import first_link, menu_of, settle

SIZES = {"phone": PHONE, "desktop": (1440, 900)}
COLOURS = (128, 64, 32, 16)
"""Flat screens need no more, and a picture of few colours is small: of the first number that makes it so."""
MOST_BYTES = 60_000
LIE_G = 340
"""What the mispacked parcel of the pictures weighs too much: a mug."""


class Album:
    """Where the pictures go, in the order in which they are taken."""

    def __init__(self, folder: Path) -> None:
        """Begin an album in `folder`, which keeps what it has until this one is closed."""
        self.folder = folder
        self.names: list[str] = []
        self.pictures: dict[str, bytes] = {}

    def take(self, page: Page, name: str) -> None:
        """Take a screen at the size of a phone and of a desktop."""
        for word, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.mouse.move(width - 1, height - 1)
            settle(page)
            self.pictures[f"{name}-{word}.png"] = small(page.screenshot(animations="disabled"))
        self.names.append(name)

    def close(self) -> None:
        """Put the pictures in the place of those before, and write the page that shows them."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.png"):
            old.unlink()
        for file, picture in self.pictures.items():
            (self.folder / file).write_bytes(picture)
        rows = [f"| {name} | {_shown(name, 'phone')} | {_shown(name, 'desktop')} |" for name in self.names]
        head = ["# Every screen", "", "Taken by `./test screenshots`.", ""]
        table = ["| screen | phone | desktop |", "|---|---|---|", *rows, ""]
        (self.folder / "README.md").write_text("\n".join([*head, *table]), encoding="utf-8")


def _shown(name: str, word: str) -> str:
    return f"![{name}, {word}]({name}-{word}.png)"


def small(picture: bytes) -> bytes:
    """Make a picture of as few colours as it takes to be small."""
    with Image.open(io.BytesIO(picture)) as opened:
        full = opened.convert("RGB")
    for colours in COLOURS:
        written = io.BytesIO()
        full.quantize(colours, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
        if written.tell() < MOST_BYTES:
            return written.getvalue()
    raise AssertionError("a picture that does not become small")


def main(folder: Path) -> None:
    """Write all pictures to `folder`."""
    album = Album(folder)
    with tempfile.TemporaryDirectory() as var, open_shop(Path(var)) as shop, open_browser() as browser:
        ada = open_page(browser, shop, SIZES["desktop"])
        sign_in(ada, "BADGE-ADA", "5555")
        release_a_wave(ada)
        picking(browser, shop, album)
        station(browser, shop, album)
        joining(browser, shop, ada, album)
        places(ada, shop, album)
    album.close()


def picking(browser: Browser, shop: Shop, album: Album) -> None:
    """The phone: sign in, take, pick, be wrong, report short; then a small task to its end."""
    page = open_page(browser, shop, PHONE)
    album.take(page, "sign-in")
    scan(page, "BADGE-ANN")
    album.take(page, "sign-in-pin")
    page.reload()
    sign_in(page, "BADGE-ANN", "1111")
    album.take(page, "tasks")
    take_a_task(page)
    pick_line(page, shop)
    pick_line(page, shop)
    album.take(page, "pick-bin")
    for name, media in {"dark": {"color_scheme": "dark"}, "contrast": {"contrast": "more"}}.items():
        page.emulate_media(**media)  # type: ignore[arg-type]
        album.take(page, f"pick-bin-{name}")
    page.emulate_media(color_scheme="null", contrast="null")
    scan(page, "X-99")
    album.take(page, "pick-wrong")
    scan(page, wanted(page, shop))
    album.take(page, "pick-item")
    for name in ("Short", "More"):
        page.get_by_role("button", name=name, exact=True).click()
        album.take(page, f"pick-{name.lower()}")
        page.keyboard.press("Escape")
    while step(page) == "sku":
        type_quantity(page)
        scan(page, wanted(page, shop))
        settle(page)
    album.take(page, "pick-tote")
    page.get_by_role("button", name="My tasks").click()
    settle(page)
    album.take(page, "tasks-in-hand")
    take_the_smallest_task(page, shop)
    while not page.locator("[data-step='done']").count():
        pick_line(page, shop)
    album.take(page, "pick-done")
    pick_all(page, shop)


def joining(browser: Browser, shop: Shop, boss: Page, album: Album) -> None:
    """A new phone: the page by which it joins, its person's code, the welcome; and what a lost one says."""
    with tempfile.TemporaryDirectory() as folder, open_door(Path(folder)) as address:
        for name, agent in {"joining": "Android", "joining-iphone": "iPhone"}.items():
            page = browser.new_context(user_agent=agent).new_page()
            page.goto(address)
            album.take(page, name)
    code = make_code(boss, shop, "Ben Picker")
    album.take(boss, "join-code")
    phone = open_page(browser, shop, PHONE)
    phone.goto(code)
    album.take(phone, "join")
    enter_pin(phone, "2222")
    phone.get_by_role("status", name="Connection").filter(has_text="Online").wait_for()
    revoke(boss, shop, "Ben Picker")
    phone.get_by_role("heading", name="This device was revoked").wait_for()
    album.take(phone, "revoked")


def station(browser: Browser, shop: Shop, album: Album) -> None:
    """The pack station and the door."""
    page = open_page(browser, shop, SIZES["desktop"])
    sign_in(page, "BADGE-PIA", "3333")
    page.get_by_text("Which station is this?").wait_for()
    album.take(page, "pack-station")
    parcel, expected = pack_a_shipment(page, shop)
    weigh(page, shop, expected + LIE_G)
    album.take(page, "weigh-mismatch")
    weigh(page, shop, expected)
    page.get_by_role("button", name="Print label").click()
    page.get_by_role("button", name="Next tote").wait_for()
    album.take(page, "pack")
    [(sscc,)] = shop.rows("SELECT sscc FROM parcel WHERE id = ?", parcel)
    page.goto(f"{shop.url}/#/ship")
    page.get_by_role("button", name="Own van").click()
    scan(page, f"(00){sscc}")
    album.take(page, "ship")


def places(page: Page, shop: Shop, album: Album) -> None:
    """Every screen of the menu, and the first thing that each of them lists; then one by night."""
    for place in menu_of(page):
        if place in ("tasks", "pack", "ship"):
            continue
        page.goto(f"{shop.url}/#/{place}")
        album.take(page, place)
        if opened := first_link(page, place):
            album.take(page, opened)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{shop.url}/#/floor")
    album.take(page, "floor-dark")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens")
