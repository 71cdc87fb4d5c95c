"""The bars of the scan: how long until the person knows, on a phone four times slower than this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median, quantiles

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pwa.hands import take_a_task, wanted
from tests.pwa.kit import Shop, open_page, sign_in
from tests.pwa.small import Good, small_shop

SLOWER = 4
FEEDBACK_MS = 50
UNITS = 6
GOODS = (Good("MUG", "A-01-1"), Good("LAMP", "A-03-2"), Good("CLOCK", "B-02-1"), Good("VASE", "B-04-2"))
WAVE = {f"W-{n}": tuple((good.sku, UNITS) for good in GOODS) for n in range(1, 5)}
SCANS = len(WAVE) * len(GOODS) * (UNITS + 2)
"""A bin, each piece, a tote."""
TRIGGER_MS = 260
"""A trigger pulled again sooner is taken for one pull."""
WATCH = """() => {
    window.took = []
    let pressed = 0
    addEventListener('keydown', event => { if (event.key === 'Enter') pressed = event.timeStamp }, true)
    new MutationObserver(changes => {
        const shown = changes.flatMap(change => [...change.addedNodes]).find(node => node.dataset?.flash)
        if (!shown) return
        requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel()
            port1.onmessage = () => {
                took.push([shown.dataset.flash, performance.now() - pressed])
                window.told?.()
            }
            port2.postMessage(0)
        })
    }).observe(document, { subtree: true, childList: true })
}"""


TOLD = "nth => took.length >= nth || new Promise(told => { window.told = () => told(true) })"
"""Waited for without a poll: a page that is asked at every frame draws at every frame."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with small_shop(tmp_path_factory.mktemp("bars"), GOODS, WAVE) as opened:
        yield opened


def feel(page: Page, code: str, nth: int) -> None:
    """Scan by keys, and wait until the screen has told."""
    page.locator("input[inputmode]:focus").wait_for()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.evaluate(TOLD, nth)
    page.wait_for_timeout(TRIGGER_MS)


@pytest.mark.quiet
def test_a_scan_is_felt_within_a_blink(browser: Browser, shop: Shop) -> None:
    """From the last key to the painted answer, the strict commit of the outbox between them."""
    ann = open_page(browser, shop)
    sign_in(ann, "BADGE-ANN", "1111")
    ann.context.new_cdp_session(ann).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    ann.evaluate(WATCH)
    nth = 0
    while shop.rows("SELECT 1 FROM task WHERE state = 'offered'"):
        take_a_task(ann, "Pick")
        while not ann.locator("[data-step='done']").count():
            nth += 1
            feel(ann, wanted(ann, shop), nth)
        ann.keyboard.type("CONS-1")
        ann.keyboard.press("Enter")
        expect(ann.get_by_role("heading", name="My tasks")).to_be_visible()
        nth = ann.evaluate("took.length")
    kinds = [kind for kind, _ in ann.evaluate("took")]
    took = sorted(ms for _, ms in ann.evaluate("took"))
    p95 = quantiles(took, n=20)[-1]
    sys.stdout.write(
        f"\nscan to feedback at {SLOWER}x: {len(took)} scans, median {median(took):.0f} ms, p95 {p95:.0f} ms\n"
    )
    assert len(took) >= SCANS
    assert set(kinds) == {"right"}
    assert p95 <= FEEDBACK_MS
