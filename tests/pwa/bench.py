"""A pack station with picked goods before it: each order's in a tote of its own, at the consolidation place."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from server.app import WIRING
from server.house import House, open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.protocol import picking as pick
from server.seed import SITE
from server.settings import Settings
from server.sites.model import PutStation
from server.tasks.store import TASKS
from tests.floor import PICKER, confirm, stops
from tests.kit import World
from tests.pwa.hands import about
from tests.pwa.kit import PATIENCE_S, Shop, labels_of, open_shop, scan
from tests.pwa.small import Good, Orders, lay, release

GOODS = (Good("MUG", "A-01-1"), Good("LAMP", "A-02-1"), Good("JEANS-32", "B-01-1", units=3))
NO_PRINTER = "tcp://127.0.0.1:9"
AGAIN_MS = 260
"""A trigger pulled twice within a quarter of a second reads one piece twice."""
HANDS = """
window.hands = []
for (const kind of ['mousedown', 'pointerdown', 'touchstart']) addEventListener(kind, () => hands.push(kind), true)
"""
"""Counts what only a hand on a mouse or a screen does."""


@contextmanager
def station_shop(folder: Path, orders: Orders) -> Iterator[tuple[Shop, Mapping[str, str]]]:
    """Run a server with these orders picked; gives it and the tote of each order."""
    totes = {name: f"T{number:03}" for number, name in enumerate(orders, 1)}
    with open_shop(folder, _filling(orders, totes)) as shop:
        yield shop, totes


def _filling(orders: Orders, totes: Mapping[str, str]) -> Callable[[Path, str], Awaitable[None]]:
    async def fill(folder: Path, scale: str) -> None:
        settings = Settings(database=f"sqlite:///{folder}/pickwave.db", var=folder, tls="off")
        async with open_house(settings, WIRING, now) as house:
            await lay(house, GOODS)
            paper = f"folder://{folder}/labels?format=pdf"
            for station in (
                PutStation("PACK-1", SITE, "Pack station 1", scale=f"serial://{scale}", printer=paper),
                PutStation("PACK-2", SITE, "Pack station 2", printer=NO_PRINTER),
            ):
                await house.bus.do(SYSTEM, station)
            await release(house, orders)
            await _pick(house, totes)

    return fill


async def _pick(house: House, totes: Mapping[str, str]) -> None:
    """Pick all there is on the floor."""
    w = World(house)
    for task in await w.all(TASKS, "kind = 'pick'"):
        await w.do(pick.TakeTask(task.id), PICKER)
        for line in await stops(w, task.id):
            await confirm(w, line, totes[line.order.partition(":")[2]])
        await w.do(pick.DropTotes(task.id, "CONS-1"), PICKER)


def pack(page: Page, shop: Shop, sku: str, units: int = 1) -> None:
    """Scan pieces of an item into the parcel, each once the one before is seen to lie in it."""
    row = page.locator(f"li[data-sku='{sku}'] b")
    before = int(row.inner_text())
    for n in range(1, units + 1):
        scan(page, labels_of(shop)[sku])
        expect(row).to_have_text(str(before + n))
        page.wait_for_timeout(AGAIN_MS)


def settle(page: Page, shop: Shop, grams: int) -> None:
    """Put something on the scale, and wait until the screen shows it at rest."""
    shop.scale.put(grams)
    page.locator("output[data-stable=true]").filter(has_text=re.compile(about(grams))).wait_for()


def focused(page: Page) -> bool:
    """Tell whether the scan field has the focus."""
    page.locator("main input[inputmode]:focus").wait_for()
    return True


def label_out(shop: Shop, sscc: str, number: int = 1) -> bool:
    """Wait until a label is printed: its parcel's SSCC, and the how-manieth it is."""
    path = shop.folder / "labels" / f"{sscc}-{number}.pdf"
    ends = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < ends, f"no label {path.name}"
        time.sleep(0.05)
    return True
