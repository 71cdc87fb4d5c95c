"""`pickwave bench reserve`: many orders want the same few units at once, in several processes."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from threading import Barrier
from time import perf_counter

import msgspec

from server.allocation.model import AllocateOrder
from server.app import WIRING
from server.bench.goods import bin_of, do_all, sku_of
from server.bench.load import SITE
from server.bench.run import Tell, count
from server.bench.stand import Stand, stand
from server.catalog.model import PutProduct
from server.house import open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.orders.incoming import IncomingLine, IncomingOrder
from server.orders.model import ImportOrder
from server.protocol.base import Command
from server.settings import load as settings_of
from server.sites.model import PutBin, PutSite
from server.stock.model import DIFFERENCE, ReceiveStock

SPAWN = multiprocessing.get_context("spawn")
START_SECONDS = 60.0
GRANTED = "SELECT count(*) FROM order_line WHERE state = 'allocated'"
RESERVED = "SELECT reserved FROM stock_pool"
WAITING = "SELECT id FROM orders ORDER BY id"
_starts: list[Barrier] = []
"""In a process of the pool: what all of them wait at before they begin."""


class Reserved(msgspec.Struct, frozen=True):
    """How many of the `wanted` reservations of one unit were granted, of `units` in stock, and at what rate."""

    wanted: int
    units: int
    granted: int
    reserved: int
    failed: int
    seconds: float
    per_s: float
    processes: int
    database: str


async def measure(wanted: int, units: int, processes: int, database: str, tell: Tell) -> Reserved:
    """Let every process reserve its share of the orders at the same moment."""
    async with stand(database) as on:
        tell("taking the orders")
        orders = await _lay(on, wanted, units)
        tell("reserving")
        shares = [orders[first::processes] for first in range(processes)]
        answers = await _together(on, shares)
        seconds = max(seconds for seconds, _ in answers)
        return Reserved(
            wanted,
            units,
            granted=await count(on, GRANTED),
            reserved=await count(on, RESERVED),
            failed=sum(failed for _, failed in answers),
            seconds=round(seconds, 3),
            per_s=round(wanted / seconds),
            processes=processes,
            database="postgresql" if database else "sqlite",
        )


async def _lay(on: Stand, wanted: int, units: int) -> list[str]:
    """Put units of one SKU in stock and take orders of one each; gives the orders."""
    sku, place = sku_of(0), f"{SITE}:{bin_of(0)}"
    async with open_house(settings_of(on.env()), WIRING, now, work=False) as house:
        for command in (
            PutSite(id=SITE, name="Main warehouse", country="GB"),
            PutBin(SITE, bin_of(0)),
            PutProduct(sku, sku),
            ReceiveStock(place, sku, units, source=DIFFERENCE),
        ):
            await house.bus.do(SYSTEM, command)
        await do_all(house, (_order(number, sku) for number in range(wanted)))
        return [row["id"] for row in await house.database.read(WAITING)]


def _order(number: int, sku: str) -> Command:
    line = IncomingLine("1", sku, sku, 1, 500, goods=True)
    return ImportOrder(IncomingOrder("bench", str(number), "1", str(number), now(), "GBP", (line,), 500))


async def _together(on: Stand, shares: Sequence[Sequence[str]]) -> list[tuple[float, int]]:
    loop, barrier = asyncio.get_running_loop(), SPAWN.Barrier(len(shares))
    with ProcessPoolExecutor(len(shares), SPAWN, _meet, (barrier,)) as pool:
        return await asyncio.gather(*(loop.run_in_executor(pool, _reserve, on, share) for share in shares))


def _meet(barrier: Barrier) -> None:
    _starts.append(barrier)


def _reserve(on: Stand, orders: Sequence[str]) -> tuple[float, int]:
    """Be one process: allocate these orders, all at once; gives the seconds and how many were refused."""
    return asyncio.run(_allocate(on, orders))


async def _allocate(on: Stand, orders: Sequence[str]) -> tuple[float, int]:
    async with open_house(settings_of(on.env()), WIRING, now, work=False) as house:
        await asyncio.to_thread(_starts[0].wait, START_SECONDS)
        start = perf_counter()
        answers = await asyncio.gather(*(house.bus.perform(SYSTEM, AllocateOrder(order)) for order in orders))
        return perf_counter() - start, sum(bool(answer.code) for answer in answers)
