"""Lay the warehouse into a fresh database: people and places by commands, goods by the imports of the CLI."""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from server.app import WIRING
from server.demo.process import environment, tail
from server.demo.shelves import SITE, others, racks
from server.demo.world import CARTONS, World, printer, station_id
from server.house import House, open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.kernel.refusal import Refusal
from server.people.seed import Person, put_person
from server.protocol.base import Command
from server.settings import load
from server.sites.model import PutBin, PutSite, PutStation, PutTote

ROWS = Iterable[Sequence[Any]]


async def lay(world: World, folder: Path, scales: Sequence[str]) -> None:
    """Make the database in `folder`; `scales` are the addresses of the stations' scales."""
    async with open_house(load(environment(folder, 0)), WIRING, now, work=False) as house:
        for command in places(world, folder, scales):
            await house.bus.do(SYSTEM, command)
        await asyncio.gather(*(_hire(house, person) for person in world.crew.everybody))
    for name, header, rows in tables(world):
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
        await pickwave(folder, f"import-{name}", str(path))


async def _hire(house: House, person: Person) -> None:
    await put_person(house.bus, SITE, person.name, person.role, person.badge, person.pin)


def places(world: World, folder: Path, scales: Sequence[str]) -> Iterator[Command]:
    """Give the commands for what no file brings: site, totes, stations, cartons."""
    yield PutSite(id=SITE, name="Main warehouse", street="1 Dock Road", city="Leeds", country="GB")
    yield from CARTONS
    yield from (PutTote(id=tote, site=SITE) for tote in world.totes)
    for number, scale in enumerate(scales):
        name = station_id(number)
        yield PutStation(id=name, site=SITE, name=f"Pack station {number + 1}", scale=scale, printer=printer(folder))


def tables(world: World) -> Iterator[tuple[str, Sequence[str], ROWS]]:
    """Give the files to import: name, header, rows."""
    columns: Sequence[str] = ("site", "zone", "aisle", "bin", "x_mm", "y_mm", "level", "kind")
    yield "layout", columns, (_bin(place) for place in (*others(), *racks(len(world.stock))))
    columns = ("sku", "name", "barcodes", "weight_mg", "weight_sd_mg", "price", "currency")
    yield "products", columns, products(world)
    yield (
        "stock",
        ("site", "bin", "sku", "quantity"),
        ((SITE, lot.bin.partition(":")[2], lot.sku, lot.units) for lot in world.stock),
    )


def _bin(place: PutBin) -> Sequence[Any]:
    return (
        *(place.site, place.zone, place.aisle, place.code),
        *(place.x_mm, place.y_mm, place.level, place.kind),
    )


def products(world: World) -> ROWS:
    """Give the catalogue's rows: the weight as it is told, nothing where nobody knows it."""
    for good in world.goods.values():
        spread = round(good.sd_mg) if good.told_mg else 0
        price = f"{good.price / 100:.2f}"
        yield good.sku, good.name, good.gtin, good.told_mg or "", spread, price, good.currency


async def pickwave(
    folder: Path, *arguments: str, module: str = "server", extra: Mapping[str, str] | None = None
) -> str:
    """Run a command beside the server and give what it printed; Refusal `failed` with its last words."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        env=environment(folder, 0) | dict(extra or {}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    if process.returncode:
        raise Refusal("failed", command=" ".join(arguments[:1]), reason=tail(err or out))
    return out.decode()
