"""What every screen owes everybody: axe finds nothing, targets fit a glove, nothing breaks the policy, it is small."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Browser, Page

from server.web import static_folder
from tests.pwa.hands import release_a_wave
from tests.pwa.kit import DESKTOP, PHONE, ROOT, Shop, faults, open_page, sign_in

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
PLACES = ("tasks", "pack", "ship", "floor", "orders", "attention", "device")
LEAST_PX = 48
SHELL_BYTES = 80_000
SMALL = f"""() => [...document.querySelectorAll('button, a[href], input, select')]
    .filter(e => e.offsetParent && e.getBoundingClientRect().height < {LEAST_PX})
    .map(e => e.outerHTML.slice(0, 120))"""


def check(page: Page, name: str) -> None:
    """Look at the screen that is open."""
    page.wait_for_timeout(400)
    found = page.evaluate("axe.run()")
    told = [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found["violations"]]
    assert told == [], name
    assert page.evaluate(SMALL) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
    assert faults(page) == [], name


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "light"), (DESKTOP, "light"), (PHONE, "dark"), (DESKTOP, "dark")])
def test_every_screen_is_sound(browser: Browser, shop: Shop, size: tuple[int, int], theme: str) -> None:
    page = open_page(browser, shop, size, color_scheme=theme, bypass_csp=False)
    page.context.add_init_script(path=AXE)
    page.reload()
    check(page, "sign in")
    sign_in(page, "BADGE-EVE", "4444")
    if not shop.rows("SELECT 1 FROM task"):
        release_a_wave(page)
    for place in PLACES:
        page.goto(f"{shop.url}/#/{place}")
        check(page, place)
    page.goto(f"{shop.url}/#/tasks")
    page.get_by_role("button", name=re.compile("(Take|Go on): Pick")).first.click()
    page.get_by_role("region", name="What to do").wait_for()
    check(page, "pick")
    for button in ("Short", "More"):
        page.get_by_role("button", name=button, exact=True).click()
        check(page, button)
        page.keyboard.press("Escape")


def test_the_app_without_its_decoder_is_small() -> None:
    folder = static_folder()
    page = folder / "index.html"
    needed = [folder / name for name in re.findall(r'"/(assets/[^"]+\.(?:js|css))"', page.read_text(encoding="utf-8"))]
    assert len(needed) > 1
    assert sum(len(gzip.compress(p.read_bytes())) for p in (page, folder / "sw.js", *needed)) < SHELL_BYTES
