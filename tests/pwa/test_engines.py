"""Firefox and WebKit: a picker signs in, takes a task, is wrong and right, and comes back to the same line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pwa.engines import ENTER, FIREFOX, WEBKIT, Engine, firefox, until, webkit
from tests.pwa.hands import release_a_wave
from tests.pwa.kit import DESKTOP, Shop, open_page, sign_in

READY = "document.activeElement?.matches('input[inputmode]')"
STEP = "document.querySelector('[data-step]')?.dataset.step"
VALUE = "document.querySelector('[data-step] .value')?.textContent"
TAKE = """[...document.querySelectorAll('button')].filter(each => each.ariaLabel?.startsWith('Take: Pick'))
    .slice(0, 1).map(each => each.click()).length"""

NO_FIREFOX = pytest.mark.skipif(not FIREFOX, reason="no Firefox: apt-get install firefox-esr")
NO_WEBKIT = pytest.mark.skipif(not WEBKIT, reason="no WebKit: apt-get install webkit2gtk-driver xvfb xauth")
ENGINES = [
    pytest.param(firefox, "BADGE-ANN", "1111", id="firefox", marks=NO_FIREFOX),
    pytest.param(webkit, "BADGE-BEN", "2222", id="webkit", marks=NO_WEBKIT),
]
"""Each with a picker of its own."""
Opening = Callable[[Path], AbstractContextManager[Engine]]


def scan(engine: Engine, code: str) -> None:
    """Scan as a keyboard wedge does: keys, then Enter."""
    until(engine, READY)
    engine.type(code + ENTER)


@pytest.mark.parametrize(("opening", "badge", "pin"), ENGINES)
def test_a_line_is_picked(opening: Opening, badge: str, pin: str, browser: Browser, shop: Shop, tmp_path: Path) -> None:
    if not shop.rows("SELECT 1 FROM task"):
        eve = open_page(browser, shop, DESKTOP)
        sign_in(eve, "BADGE-EVE", "4444")
        release_a_wave(eve)
    with opening(tmp_path) as engine:
        engine.go(shop.url)
        scan(engine, badge)
        until(engine, "document.querySelector('[data-keypad]') !== null")
        engine.type(pin + ENTER)
        until(engine, TAKE)
        until(engine, f"{STEP} === 'bin'")
        scan(engine, "X-99")
        until(engine, "document.querySelector('[data-code=wrong_bin]') !== null")
        shop.until("SELECT 1 FROM scan WHERE barcode = 'X-99' AND refusal = 'wrong_bin'")
        scan(engine, engine.ask(VALUE))
        until(engine, f"{STEP} === 'sku'")
        engine.go(shop.url)
        until(engine, f"{STEP} === 'sku'")
        engine.go("about:blank")
