"""Four languages: the app speaks the browser's, a person's choice goes with them, and nothing English is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.pwa.kit import DESKTOP, PHONE, ROOT, faults, open_page, open_shop

WORDS = ROOT / "pwa/src/words"
MESSAGE = re.compile(r"^  '?([\w.]+)'?: '((?:[^'\\]|\\.)*)',$", re.MULTILINE)
FLOOR, OFFICE = ("tasks", "pack", "ship", "floor"), ("orders", "stock", "imports", "people", "devices", "settings")
SCREENS = (*FLOOR, *OFFICE, "attention", "device")
DATA = ("Own van", "Manual")
"""What the site calls its carriers."""
SIGN_IN = {"de": "Anmelden", "es": "Entrar", "fr": "Se connecter"}


def messages(language: str) -> dict[str, str]:
    """Read the plain messages of a language."""
    files = [WORDS / f"{language}.ts", *WORDS.glob(f"*.{language}.ts")]
    return {key: text for file in files for key, text in MESSAGE.findall(file.read_text(encoding="utf-8"))}


def enter(page: Page, language: str, badge: str, pin: str) -> None:
    """Sign in; what is said from then on may be in another language."""
    field = messages(language)["signin.badge.field"]
    page.get_by_role("textbox", name=field, exact=True).fill(badge)
    page.keyboard.press("Enter")
    for digit in pin:
        page.keyboard.press(digit)
    page.get_by_role("button", name=SIGN_IN[language], exact=True).click()


def sign_in(page: Page, language: str, badge: str, pin: str) -> None:
    """Sign in, and wait for the server."""
    enter(page, language, badge, pin)
    page.get_by_role("status", name=messages(language)["connection"]).wait_for()


@pytest.mark.parametrize("language", sorted(SIGN_IN))
def test_every_screen_is_in_the_language_of_the_browser(browser: Browser, tmp_path: Path, language: str) -> None:
    english, own = messages("en"), messages(language)
    foreign = {text for key, text in english.items() if own.get(key) != text and len(text) > 3} - {*own.values(), *DATA}
    with open_shop(tmp_path) as shop:
        page = open_page(browser, shop, DESKTOP, locale=language)
        sign_in(page, language, "BADGE-ADA", "5555")
        assert page.locator("html").get_attribute("lang") == language
        for screen in SCREENS:
            page.goto(f"{shop.url}/#/{screen}")
            page.locator("main").wait_for()
            page.wait_for_load_state("networkidle")
            shown = {text.strip() for text in page.locator("body").inner_text().split("\n")}
            assert not shown & foreign, screen
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert faults(page) == []


def test_what_a_person_chose_is_spoken_wherever_they_sign_in(browser: Browser, tmp_path: Path) -> None:
    with open_shop(tmp_path) as shop:
        page = open_page(browser, shop, locale="de")
        page.get_by_role("combobox", name="Sprache").select_option("fr")
        sign_in(page, "fr", "BADGE-ANN", "1111")
        shop.until("SELECT id FROM users WHERE badge = 'BADGE-ANN' AND language = 'fr'")
        other = open_page(browser, shop, locale="es")
        enter(other, "es", "BADGE-ANN", "1111")
        other.get_by_role("heading", name="Mes tâches").wait_for()
        assert other.locator("html").get_attribute("lang") == "fr"
