"""The wall's bar: 200 pickers and 2,000 scans a minute on a real server are light for the browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from server.app import WIRING
from server.bench.floor import lay_floor
from server.bench.goods import PIN, lay_goods
from server.bench.goods import sign_in as hire
from server.bench.load import Load
from server.db import journal
from server.house import open_house
from server.kernel.clock import now
from server.settings import Settings
from tests.pwa.kit import DESKTOP, Shop, open_page, open_shop, sign_in

PICKERS, SCANS_A_SECOND = 200, 2_000 / 60
WARM_UP_S, SECONDS_AT_TENTH = 15, 60
MOST_TASK_MS, MOST_SHARE, MOST_GROWTH = 50, 0.30, 2_000_000
"""The longest task of the main thread, the share of a core that script may take, bytes of growth that are noise."""
LONG_TASKS = """() => {
    window.longest = 0
    const note = list => list.getEntries().forEach(each => window.longest = Math.max(longest, each.duration))
    new PerformanceObserver(note).observe({type: 'longtask'})
}"""


@contextmanager
def a_busy_floor(folder: Path, seconds: float) -> Iterator[Shop]:
    """Run a server with 200 handhelds that scan for so long."""
    loads: list[Load] = []

    async def fill(_: Path, __: str) -> None:
        settings = Settings(database=f"sqlite:///{folder}/pickwave.db", var=folder, tls="off")
        async with open_house(settings, WIRING, now, work=False) as house:
            await lay_goods(house)
            await hire(house, 1, "supervisor")
            people = await hire(house, PICKERS)
            scans = int(SCANS_A_SECOND * (seconds + 60) / PICKERS) + 20
            handhelds = await lay_floor(house.database, people, scans, now())
            at = await journal.position(house.database)
            loads.append(Load("", handhelds, SCANS_A_SECOND, 0, seconds, at))

    with open_shop(folder, fill) as shop:
        file = folder / "load.json"
        file.write_bytes(msgspec.json.encode(msgspec.structs.replace(loads[0], url=shop.url)))
        command = [sys.executable, "-m", "server.bench.generator", str(file)]
        handhelds = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            yield shop
        finally:
            handhelds.kill()
            handhelds.communicate()


def script_seconds(cdp: CDPSession) -> float:
    """Give how long script has run so far."""
    return metric(cdp, "ScriptDuration")


def metric(cdp: CDPSession, name: str) -> float:
    """Give one of the browser's figures."""
    found = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in found if each["name"] == name))


def heap(cdp: CDPSession) -> float:
    """Give what is in use once the garbage is gone."""
    cdp.send("HeapProfiler.collectGarbage")
    return metric(cdp, "JSHeapUsedSize")


def on_the_wall(page: Page) -> CDPSession:
    """Open the floor and wait until all pickers are there."""
    sign_in(page, "BADGE-SUPERVISOR-0", PIN)
    page.goto(f"{page.url.split('#', maxsplit=1)[0]}#/floor")
    expect(page.locator("tr[data-user]")).to_have_count(PICKERS, timeout=60_000)
    page.wait_for_timeout(WARM_UP_S * 1_000)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    return cdp


@pytest.mark.quiet
def test_a_full_floor_is_light(browser: Browser, tmp_path: Path, soak: float) -> None:
    seconds = SECONDS_AT_TENTH * max(1.0, soak * 10)
    with a_busy_floor(tmp_path, seconds + 120) as shop:
        page = open_page(browser, shop, DESKTOP)
        cdp = on_the_wall(page)
        before, script = heap(cdp), script_seconds(cdp)
        scans = shop.rows("SELECT count(*) FROM scan")[0][0]
        page.evaluate(LONG_TASKS)
        page.wait_for_timeout(seconds * 1_000)
        longest = page.evaluate("window.longest")
        share = (script_seconds(cdp) - script) / seconds
        growth = heap(cdp) - before
        made = shop.rows("SELECT count(*) FROM scan")[0][0] - scans
    assert made >= SCANS_A_SECOND * seconds * 0.9, "the floor was not busy"
    assert longest <= MOST_TASK_MS, f"{longest:.0f} ms, script {share:.1%}, growth {growth:.0f} B"
    assert share <= MOST_SHARE
    assert growth <= MOST_GROWTH
