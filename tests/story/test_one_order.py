"""One order, from the channel to the customer, told as commands."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.catalog.model import PutProduct
from server.kernel.actor import Actor
from server.orders.incoming import IncomingAddress, IncomingLine, IncomingOrder
from server.orders.model import ImportOrder, State
from server.orders.store import ORDERS
from server.packing.model import ParcelState
from server.packing.store import PARCELS, READINGS
from server.picking.store import PICKS, SCANS
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.protocol import waves as wave
from server.sites.model import BinKind, PutBin, PutCarton, PutSite, PutStation, PutTote
from server.stock.model import ReceiveStock
from server.stock.store import BALANCES, POOLS
from server.tasks.store import TASKS
from server.waves.model import WaveState
from server.waves.store import WAVES
from tests.kit import World, world

PICKER = Actor("ann", "phone-1", frozenset({"pick"}), "MAIN")
PACKER = Actor("bob", "desk-1", frozenset({"pack", "ship"}), "MAIN")
CHIEF = Actor("eve", "", frozenset({"supervise", "weigh_accept"}), "MAIN")


async def a_warehouse(w: World) -> None:
    """Two SKUs in three bins, totes, a station, a carton."""
    await w.do(PutSite(id="MAIN", name="Main", country="GB"))
    for n, code in enumerate(("A-01-01", "A-02-01", "B-01-01")):
        await w.do(PutBin(site="MAIN", code=code, aisle=code[0], x_mm=n * 3000, y_mm=2000, level=0))
    await w.do(PutBin(site="MAIN", code="CONS-1", kind=BinKind.CONSOLIDATION, y_mm=-1000))
    for n in range(1, 5):
        await w.do(PutTote(id=f"T{n}", site="MAIN"))
    await w.do(PutStation(id="S1", site="MAIN", name="Station 1", printer="folder:///tmp"))
    await w.do(PutCarton(id="C1", length_mm=400, width_mm=300, height_mm=200, weight_g=200, most_g=20_000))
    for sku, grams in (("MUG", 300), ("LAMP", 900)):
        await w.do(PutProduct(sku=sku, name=sku, weight_mg=grams * 1000, weight_sd_mg=2000))
    await w.do(ReceiveStock(bin="MAIN:A-01-01", sku="MUG", quantity=10))
    await w.do(ReceiveStock(bin="MAIN:A-02-01", sku="MUG", quantity=10))
    await w.do(ReceiveStock(bin="MAIN:B-01-01", sku="LAMP", quantity=5))


def an_order(name: str, *lines: tuple[str, int], revision: str = "1") -> ImportOrder:
    """An order paid at its channel."""
    found = tuple(IncomingLine(str(n), code, code, units, 500, goods=True) for n, (code, units) in enumerate(lines, 1))
    address = IncomingAddress(name="Zoe", street="1 High St", city="Leeds", country="GB")
    return ImportOrder(IncomingOrder("csv", name, revision, name, 1, "GBP", found, 1000, address=address))


async def a_released_wave(w: World) -> list[str]:
    """Plan and release what is allocated; gives the tasks."""
    made = await w.do(wave.PlanWave(site="MAIN"), CHIEF)
    await w.settle()
    await w.do(wave.ReleaseWave(made["wave"]), CHIEF)
    await w.settle()
    return [t.id for t in await w.all(TASKS, "wave = ?", made["wave"])]


async def pick_task(w: World, task: str, tote: str = "T1") -> None:
    """Pick a task line by line into one tote."""
    await w.do(pick.TakeTask(task), PICKER)
    for line in sorted(await w.all(PICKS, "task = ?", task), key=lambda p: p.sequence):
        await w.do(pick.Scan(task, line.id, "bin", line.bin.partition(":")[2]), PICKER)
        await w.do(pick.Scan(task, line.id, "sku", line.sku, quantity=line.quantity), PICKER)
        await w.do(pick.Scan(task, line.id, "tote", tote), PICKER)
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)


def test_from_the_channel_to_the_customer(tmp_path: Path) -> None:
    async def story() -> None:
        async with world(tmp_path) as w:
            await a_warehouse(w)
            await w.do(an_order("1001", ("MUG", 2), ("LAMP", 1)))
            await w.settle()
            assert (await w.one(ORDERS)).state is State.ALLOCATED
            [task] = await a_released_wave(w)
            await pick_task(w, task)
            assert (await w.one(ORDERS)).state is State.PICKED
            assert (await w.one(WAVES)).state is WaveState.DONE
            shipment = await w.do(pack.OpenPack("S1", "T1"), PACKER)
            parcel = (await w.one(PARCELS)).id
            await w.do(pack.PackItem(shipment, parcel, "MUG", quantity=2), PACKER)
            assert (await w.refused(pack.CloseParcel(shipment, parcel), PACKER)).code == "items_left"
            await w.do(pack.PackItem(shipment, parcel, "LAMP"), PACKER)
            assert (await w.refused(pack.PackItem(shipment, parcel, "LAMP"), PACKER)).code == "more_than_ordered"
            await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
            assert (await w.refused(pack.PrintLabel(parcel), PACKER)).code == "not_verified"
            heavy = await w.refused(pack.Weigh(parcel, 2000, stable=True), PACKER)
            assert heavy.code == "weight_mismatch"
            assert (heavy.facts["cause"], heavy.facts["sku"]) == ("one_more", "MUG")
            await w.do(pack.Weigh(parcel, 1702, stable=True), PACKER)
            await w.do(pack.PrintLabel(parcel), PACKER)
            load = await w.do(ship.OpenManifest("MAIN", "own_van"), PACKER)
            await w.do(ship.LoadParcel(load, (await w.one(PARCELS)).sscc), PACKER)
            await w.do(ship.CloseManifest(load, 1), PACKER)
            await w.settle()
            assert (await w.one(ORDERS)).state is State.SHIPPED
            assert (await w.one(PARCELS)).state is ParcelState.SHIPPED
            assert len(await w.all(READINGS)) == 2
            pools = {p.sku: (p.on_hand, p.reserved) for p in await w.all(POOLS)}
            assert pools == {"MUG": (18, 0), "LAMP": (4, 0)}
            assert sum(b.quantity for b in await w.all(BALANCES)) == 0
            assert all(s.refusal == "" for s in await w.all(SCANS))
            positions = [e.position for e in await w.events()]
            assert positions == list(range(1, len(positions) + 1))

    asyncio.run(story())
