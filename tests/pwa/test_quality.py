"""What every screen owes everybody: axe finds nothing, targets fit a glove, nothing breaks the policy, it is small."""

from __future__ import annotations

import gzip
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from server.web import static_folder
from tests.pwa.hands import pack_a_shipment, pick_line, release_a_wave, take_a_task, take_the_smallest_task
from tests.pwa.kit import DESKTOP, PHONE, ROOT, Shop, faults, open_page, scan, sign_in
from tests.pwa.settled import first_link, menu_of, settle

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
SMALL_PHONE = (320, 568)
LEAST_PX = 48
SHELL_BYTES = 80_000
SMALL = f"""() => {{
    const clickable = 'button, a[href], input:not(.unseen), select, textarea, summary, [role=button], [role=tab]'
    const size = e => {{
        const {{ width, height }} = e.getBoundingClientRect()
        return [width, height]
    }}
    return [...document.querySelectorAll(clickable)]
        .filter(e => e.checkVisibility())
        .map(e => e.matches('[type=checkbox], [type=radio]') && e.labels[0] || e)
        .filter(e => Math.min(...size(e).map(Math.round)) < {LEAST_PX})
        .map(e => size(e).join(' x ') + ' ' + e.outerHTML.slice(0, 120))
}}"""
LOOKS = ({"color_scheme": "dark", "contrast": "no-preference"}, {"color_scheme": "light", "contrast": "more"})
BY_DAY = {"color_scheme": "light", "contrast": "no-preference"}
COLOURS_ONLY = "axe.run({ runOnly: ['color-contrast'] })"
LOCKS = """() => {
    window.locks = 0
    navigator.wakeLock.request = async () => {
        locks += 1
        return { release: async () => { locks -= 1 } }
    }
}"""


def violations(page: Page, how: str = "axe.run()") -> list[tuple[str, list[str]]]:
    """Give what axe finds on the screen that is open."""
    found = page.evaluate(how)
    return [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]]


def check(page: Page, name: str) -> None:
    """Look at the screen that is open, by day, by night and in high contrast."""
    settle(page)
    assert violations(page) == [], name
    for look in LOOKS:
        page.emulate_media(**look)  # type: ignore[arg-type]
        assert violations(page, COLOURS_ONLY) == [], f"{name}, {look}"
    page.emulate_media(**BY_DAY)  # type: ignore[arg-type]
    assert page.evaluate(SMALL) == [], name
    fits(page, name)
    assert faults(page) == [], name


def fits(page: Page, name: str) -> None:
    """Nothing is wider than the screen."""
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"


def open_as(browser: Browser, shop: Shop, size: tuple[int, int], badge: str = "ADA", pin: str = "5555") -> Page:
    """Sign somebody in, with axe at hand, and have a wave on the floor."""
    page = open_with_axe(browser, shop, size)
    sign_in(page, f"BADGE-{badge}", pin)
    if not shop.rows("SELECT 1 FROM task"):
        release_a_wave(page)
    return page


def open_with_axe(browser: Browser, shop: Shop, size: tuple[int, int]) -> Page:
    """Open the app with axe at hand."""
    page = open_page(browser, shop, size, bypass_csp=False, reduced_motion="reduce")
    page.context.add_init_script(path=AXE)
    page.reload()
    return page


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_signing_in_is_sound(browser: Browser, shop: Shop, size: tuple[int, int]) -> None:
    page = open_with_axe(browser, shop, size)
    check(page, "sign in")
    page.get_by_role("button", name="Sign in by e-mail").click()
    check(page, "e-mail")
    page.get_by_role("button", name="Sign in by badge").click()
    scan(page, "BADGE-ANN")
    check(page, "PIN")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_every_screen_of_the_menu_is_sound(browser: Browser, shop: Shop, size: tuple[int, int]) -> None:
    page = open_as(browser, shop, size)
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    places = menu_of(page)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for place in places:
        page.goto(f"{shop.url}/#/{place}")
        check(page, place)
        if opened := first_link(page, place):
            check(page, opened)
    if size == PHONE:
        page.get_by_role("button", name="Menu").click()
        check(page, "menu")


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_every_step_of_a_pick_is_sound(browser: Browser, shop: Shop, size: tuple[int, int]) -> None:
    page = open_as(browser, shop, size)
    page.goto(f"{shop.url}/#/tasks")
    take_a_task(page)
    check(page, "bin")
    for button in ("Check digits", "Short", "More"):
        page.get_by_role("button", name=button, exact=True).click()
        check(page, button)
        page.keyboard.press("Escape")
    scan(page, "X-99")
    check(page, "wrong bin")
    scan(page, page.locator("[data-step] .value").inner_text())
    expect(page.locator("[data-step='sku']")).to_be_visible()
    check(page, "item")
    hand_back(page)


def test_a_small_phone_without_a_network_shows_all_of_it(browser: Browser, shop: Shop) -> None:
    page = open_as(browser, shop, SMALL_PHONE)
    page.goto(f"{shop.url}/#/tasks")
    fits(page, "tasks")
    take_a_task(page)
    page.context.set_offline(True)
    shop.stop()
    scan(page, page.locator("[data-step] .value").inner_text())
    page.locator("[data-waiting]").wait_for()
    page.get_by_role("status", name="Connection").filter(has_text="Offline").wait_for()
    fits(page, "item, offline")
    shop.start()
    page.context.set_offline(False)
    page.get_by_role("status", name="Connection").filter(has_text="Online").wait_for()
    hand_back(page)


def hand_back(page: Page) -> None:
    """Give the task in hand to somebody else."""
    for button in ("More", "Hand back the task", "Yes, hand it back"):
        page.get_by_role("button", name=button, exact=True).click()
    page.get_by_role("heading", name="My tasks").wait_for()


def test_the_pack_station_is_sound(browser: Browser, shop: Shop) -> None:
    page = open_as(browser, shop, DESKTOP, "EVE", "4444")
    page.goto(f"{shop.url}/#/tasks")
    take_the_smallest_task(page, shop)
    while not page.locator("[data-step='done']").count():
        pick_line(page, shop)
    check(page, "leave the totes")
    scan(page, "CONS-1")
    page.get_by_role("heading", name="My tasks").wait_for()
    page.goto(f"{shop.url}/#/pack")
    pack_a_shipment(page, shop)
    check(page, "parcel to weigh")


def test_the_screen_stays_lit_while_a_task_is_open(browser: Browser, shop: Shop) -> None:
    page = open_as(browser, shop, PHONE)
    page.evaluate(LOCKS)
    page.goto(f"{shop.url}/#/tasks")
    assert page.evaluate("locks") == 0
    take_a_task(page)
    page.wait_for_function("locks === 1")
    page.get_by_role("button", name="My tasks").click()
    page.wait_for_function("locks === 0")


def test_the_app_without_its_decoder_is_small() -> None:
    folder = static_folder()
    page = folder / "index.html"
    needed = [folder / name for name in re.findall(r'"/(assets/[^"]+\.(?:js|css))"', page.read_text(encoding="utf-8"))]
    assert len(needed) > 1
    assert sum(len(gzip.compress(p.read_bytes())) for p in (page, folder / "sw.js", *needed)) < SHELL_BYTES
