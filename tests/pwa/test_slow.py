"""The app on a cheap phone with a bad network: it is there, and takes a badge, before one has looked up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pwa.kit import PHONE, Shop, scan

SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
ROUNDS, MOST_MS = 5, 2_000
"""What else the machine does only takes longer: the best round is what the app can do."""


def open_slowly(browser: Browser) -> Page:
    """Open a page in a fresh profile, slowed to a quarter, behind slow 4G."""
    width, height = PHONE
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def badge_after(browser: Browser, shop: Shop) -> float:
    """Give the ms from the address to the PIN asked for, a badge scanned between them."""
    page = open_slowly(browser)
    page.goto(shop.url, wait_until="commit")
    scan(page, "BADGE-ANN")
    expect(page.get_by_role("heading", name="PIN")).to_be_visible()
    took: float = page.evaluate("performance.now()")
    page.context.close()
    return took


@pytest.mark.quiet
def test_a_badge_is_taken_within_two_seconds_of_slow_4g(browser: Browser, shop: Shop) -> None:
    took = [badge_after(browser, shop) for _ in range(ROUNDS)]
    assert min(took) <= MOST_MS, took
