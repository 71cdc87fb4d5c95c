"""What a screen is before it is looked at: at rest, with nothing passing by; and which screens there are."""

from __future__ import annotations

from playwright.sync_api import Page

REST_MS, MOST_MS = 300, 3_000
AT_REST = f"""() => new Promise(rest => {{
    const still = () => document.querySelector('[data-flash=right]') ? wait() : rest()
    const wait = () => {{ clearTimeout(timer); timer = setTimeout(still, {REST_MS}) }}
    let timer
    const all = {{ subtree: true, childList: true, attributes: true, characterData: true }}
    new MutationObserver(wait).observe(document, all)
    setTimeout(rest, {MOST_MS})
    wait()
}})"""
MENU = "[...document.querySelectorAll('nav a[href^=\"#/\"]')].map(link => link.hash.slice(2))"


def settle(page: Page) -> None:
    """Wait until nothing on the screen changes any more, and what flashes by has gone."""
    page.evaluate(AT_REST)


def menu_of(page: Page) -> list[str]:
    """Give the names of the screens that this person may open; the page is wide."""
    page.locator("nav a").first.wait_for()
    names: list[str] = page.evaluate(MENU)
    return names


def first_link(page: Page, place: str) -> str:
    """Open the first thing that the screen lists and that has a screen of its own; gives that screen's name, or ''."""
    link = page.locator("main a[href^='#/']").first
    opened = (link.get_attribute("href") or "").split("/")[1] if link.count() else place
    if opened == place:
        return ""
    link.click()
    return opened
