"""The warehouse that is tortured: a few SKUs that everybody wants, orders for them, waves planned and ready."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec.structs import replace

from server.app import WIRING
from server.catalog.model import PutProduct
from server.demo.book import Book
from server.demo.lay import places
from server.demo.options import DemoOptions
from server.demo.shelves import SITE, others, racks
from server.demo.world import World, make_world
from server.house import House, open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.kernel.refusal import Refusal
from server.orders.imports import bring_in
from server.orders.incoming import IncomingLine, IncomingOrder
from server.people.seed import put_person
from server.protocol.base import Command
from server.protocol.waves import PlanWave
from server.settings import Settings
from server.stock.model import DIFFERENCE, ReceiveStock
from server.torture.deeds import Floor

KINDS = 30
FILL = 1.2
TOTES = 3
"""Totes for each order: some are filled, some forgotten on a trolley."""
WAVE = 12
"""Shipments in a wave."""
Tick = Callable[[str, int, int], object]


def orders(dice: random.Random, count: int) -> Iterator[IncomingOrder]:
    """Give orders of one to four lines."""
    for number in range(count):
        kinds = dice.sample(range(KINDS), dice.randint(1, 4))
        lines = tuple(
            IncomingLine(str(n), f"SKU-{kind}", f"Thing {kind}", dice.randint(1, 3), 500, goods=True)
            for n, kind in enumerate(kinds, 1)
        )
        yield IncomingOrder("csv", f"O-{number}", "1", f"O-{number}", now(), "GBP", lines, 500)


def a_world(seed: int, handhelds: int, count: int) -> World:
    """Decide on orders, stock, totes and people, all from the seed."""
    book = Book(tuple(orders(random.Random(f"{seed} orders"), count)), 0, 0)
    world = make_world(DemoOptions((), handhelds=handhelds, stations=1, fill=FILL, seed=seed, cameras=0), book)
    return replace(world, totes=tuple(f"T{number:05}" for number in range(TOTES * count)))


async def lay(settings: Settings, world: World, folder: Path, tick: Tick) -> Floor:
    """Make the database; gives what people see when they come to work."""
    async with open_house(settings, WIRING, now) as house:
        for commands in (places(world, folder, ()), _racks(world), _goods(world), _stock(world)):
            await asyncio.gather(*(house.bus.do(SYSTEM, command, bulk=True) for command in commands))
        people = world.crew.everybody
        await asyncio.gather(*(put_person(house.bus, SITE, p.name, p.role, p.badge, p.pin) for p in people))
        total, done = len(world.book.orders), 0

        def came(count: int) -> None:
            nonlocal done
            done += count
            tick("orders", done, total)

        await bring_in(house.bus, SYSTEM, world.book.orders, came)
        await _settled(house)
        waves = await _waves(house, tick)
    return Floor(deque(world.totes), waves, [person.badge.lower() for person in world.crew.pickers])


def _racks(world: World) -> Iterator[Command]:
    yield from (*others(), *racks(len(world.stock)))


def _goods(world: World) -> Iterator[Command]:
    for good in world.goods.values():
        yield PutProduct(good.sku, good.name, ((good.gtin, 1),), good.told_mg)


def _stock(world: World) -> Iterator[Command]:
    return (ReceiveStock(lot.bin, lot.sku, lot.units, source=DIFFERENCE, ref="opening") for lot in world.stock)


async def _settled(house: House) -> None:
    """Wait until no job is due."""
    due = "SELECT 1 FROM job WHERE state = 'waiting' AND due <= ? LIMIT 1"
    while await house.database.read(due, (now(),)):
        await asyncio.sleep(0.02)


async def _waves(house: House, tick: Tick) -> deque[str]:
    """Plan waves of all that is allocated."""
    shipments = await house.database.read("SELECT count(*) AS n FROM shipment")
    done, total = 0, shipments[0]["n"] // WAVE
    while True:
        try:
            await house.bus.do(SYSTEM, PlanWave(SITE, most_shipments=WAVE))
        except Refusal as refusal:
            if refusal.code != "nothing_to_plan":
                raise
            break
        await _settled(house)
        done += 1
        tick("waves", done, total)
    rows = await house.database.read("SELECT id FROM wave WHERE state = 'planned' ORDER BY id")
    return deque(row["id"] for row in rows)
