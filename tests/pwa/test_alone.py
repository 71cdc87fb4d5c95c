"""Hours without a server: hundreds of operations, two reloads, a browser that is killed, and all of it arrives once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.pwa.hands import step, take_a_task, wanted
from tests.pwa.kit import CHROMIUM, PHONE, Shop, labels_of, scan, sign_in
from tests.pwa.small import Good, small_shop

LINES, UNITS = 14, 20
OPS_A_LINE = 1 + UNITS + 1
"""Its bin, each piece, its tote."""
TRIGGER_MS = 350
"""Between two pulls of a trigger: the same code sooner than that is one scan."""
OFFLINE_MS, REPLAY_MS = 30_000, 120_000


@contextmanager
def phone(profile: Path) -> Iterator[Page]:
    """Open the app in a browser that keeps what it stores, as a phone does; it may be killed meanwhile."""
    width, height = PHONE
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            viewport={"width": width, "height": height},
        )
        yield context.pages[0]
        with suppress(Error):
            context.close()


def kill(profile: Path) -> None:
    """End the browser at once, as an empty battery does."""
    subprocess.run(["pkill", "-KILL", "-f", str(profile)], check=True)  # noqa: S603, S607


def sign_in_again(page: Page) -> None:
    """Sign in where the kill took the browser's cookie with it; what was done alone waits for that."""
    badge = page.get_by_role("textbox", name="Badge")
    online = page.get_by_role("status", name="Connection").filter(has_text="Online")
    expect(badge.or_(online).first).to_be_visible(timeout=OFFLINE_MS)
    if badge.count():
        expect(page.get_by_text("scans are safe on this device")).to_be_visible()
        sign_in(page, "BADGE-ANN", "1111")


def pick(page: Page, shop: Shop, codes: dict[str, str]) -> None:
    """Pick the line in hand piece by piece."""
    waiting = int(page.locator("[data-waiting]").get_attribute("data-waiting") or 0) if waits(page) else 0
    for done in range(1, OPS_A_LINE + 1):
        page.wait_for_timeout(TRIGGER_MS)
        scan(page, wanted(page, shop, codes))
        expect(page.locator("[data-waiting]")).to_have_attribute("data-waiting", str(waiting + done))


def waits(page: Page) -> int:
    return page.locator("[data-waiting]").count()


@pytest.mark.soak
def test_all_that_was_done_alone_arrives_once_and_in_order(tmp_path: Path, soak: float) -> None:
    lines = max(3, round(LINES * soak))
    goods = [Good(f"SKU{n}", f"{'AB'[n % 2]}-{1 + n // 2:02}-1") for n in range(lines)]
    with small_shop(tmp_path, goods, {"1001": [(good.sku, UNITS) for good in goods]}) as shop:
        codes, profile = labels_of(shop), tmp_path / "profile"
        with phone(profile) as ann:
            ann.goto(shop.url)
            sign_in(ann, "BADGE-ANN", "1111")
            ann.evaluate("navigator.serviceWorker.ready.then(() => true)")
            task = take_a_task(ann, "Pick")
            expect(ann.locator("[data-waiting]")).to_have_count(0)
            before = len(shop.rows("SELECT op_id FROM oplog WHERE seq > 0"))
            shop.stop()
            expect(ann.get_by_role("status", name="Connection")).to_contain_text("Offline", timeout=OFFLINE_MS)
            for line in range(lines):
                pick(ann, shop, codes)
                if line in {lines // 3, 2 * lines // 3}:
                    ann.reload()
                    expect(ann.locator("[data-waiting]")).to_have_attribute(
                        "data-waiting", str((line + 1) * OPS_A_LINE)
                    )
            assert step(ann) == "done"
            kill(profile)
        made = lines * OPS_A_LINE
        with phone(profile) as ann:
            ann.goto(f"{shop.url}/#/task/{task}")
            expect(ann.locator("[data-step]")).to_be_visible()
            took = ann.evaluate("performance.now()")
            sys.stdout.write(f"\n{made} operations kept; from cold, alone, the task is there after {took:.0f} ms\n")
            expect(ann.locator("[data-waiting]")).to_have_attribute("data-waiting", str(made))
            shop.start()
            sign_in_again(ann)
            expect(ann.locator("[data-waiting]")).to_have_count(0, timeout=REPLAY_MS)
        stored = shop.rows("SELECT seq, code FROM oplog WHERE seq > 0 ORDER BY seq")[before:]
        assert len(stored) == made
        assert {code for _, code in stored} == {""}
        assert all(one + 1 == other for (one, _), (other, _) in pairwise(stored)), (
            "the server takes a device's numbers in turn"
        )
        assert shop.rows("SELECT count(*) FROM scan WHERE task = ?", task) == [(made,)]
        assert shop.rows("SELECT sum(picked), count(*) FROM pick_line WHERE task = ?", task) == [(lines * UNITS, lines)]
