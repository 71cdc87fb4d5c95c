"""A small warehouse and the hands in it, so that tests read as what people do."""

from __future__ import annotations

from typing import Any

from server.catalog.model import PutProduct
from server.kernel.actor import Actor
from server.orders.incoming import IncomingAddress, IncomingLine, IncomingOrder
from server.orders.model import ImportOrder, OrderLine
from server.orders.store import LINES, ORDERS
from server.packing.model import Parcel
from server.packing.store import PARCELS
from server.picking.model import PickLine, PickState
from server.picking.store import PICKS
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.protocol import waves as wave
from server.sites.model import BinKind, Policy, PutBin, PutCarton, PutSite, PutStation, PutTote
from server.stock.model import ReceiveStock
from server.stock.store import BALANCES, POOLS
from server.tasks.model import TaskKind
from server.tasks.store import TASKS
from tests.kit import World

PICKER = Actor("ann", "phone-1", frozenset({"pick"}), "MAIN")
COLLEAGUE = Actor("cid", "phone-2", frozenset({"pick"}), "MAIN")
PACKER = Actor("bob", "desk-1", frozenset({"pack", "ship"}), "MAIN")
CHIEF = Actor("eve", "", frozenset({"supervise", "weigh_accept", "weigh_keyed", "pack"}), "MAIN")
OFFICE = Actor("kim", "", frozenset({"office"}))
CARTON_G = 200
GRAMS = {"MUG": 300, "LAMP": 900}


async def a_site(w: World, site: str = "MAIN", policy: Policy | None = None, **facts: Any) -> None:
    """A site with three bins, a consolidation place, totes and a station."""
    await w.do(PutSite(id=site, name=site, policy=policy or Policy(), **{"country": "GB", **facts}))
    for n, code in enumerate(("A-01-01", "A-02-01", "B-01-01")):
        await w.do(PutBin(site=site, code=code, aisle=code[0], x_mm=n * 3000, y_mm=2000, level=0))
    await w.do(PutBin(site=site, code="CONS-1", kind=BinKind.CONSOLIDATION, y_mm=-1000))
    for n in range(1, 5):
        await w.do(PutTote(id=f"T{n}" if site == "MAIN" else f"{site}-T{n}", site=site))
    station = "S1" if site == "MAIN" else f"{site}-S1"
    await w.do(PutStation(id=station, site=site, name="Station 1", printer="folder:///tmp"))


async def a_warehouse(w: World, policy: Policy | None = None) -> None:
    """Ten mugs in each of two bins, five lamps in a third, and a carton."""
    await a_site(w, "MAIN", policy)
    await w.do(PutCarton(id="C1", length_mm=400, width_mm=300, height_mm=200, weight_g=CARTON_G, most_g=20_000))
    for sku, grams in GRAMS.items():
        await w.do(PutProduct(sku=sku, name=sku, weight_mg=grams * 1000, weight_sd_mg=2000))
    await received(w, "A-01-01", "MUG", 10)
    await received(w, "A-02-01", "MUG", 10)
    await received(w, "B-01-01", "LAMP", 5)


async def received(w: World, code: str, sku: str, quantity: int, site: str = "MAIN", **facts: Any) -> None:
    """Goods arrive in a bin."""
    await w.do(ReceiveStock(bin=f"{site}:{code}", sku=sku, quantity=quantity, **facts))


def an_order(name: str, *lines: tuple[str, int], revision: str = "1", **facts: Any) -> ImportOrder:
    """An order paid at its channel."""
    found = tuple(IncomingLine(str(n), code, code, units, 500, goods=True) for n, (code, units) in enumerate(lines, 1))
    address = IncomingAddress(name="Zoe", street="1 High St", city="Leeds", country="GB")
    order = IncomingOrder("csv", name, revision, name, 1, "GBP", found, 1000, **{"address": address, **facts})
    return ImportOrder(order)


async def ordered(w: World, name: str, *lines: tuple[str, int], **facts: Any) -> str:
    """An order comes in and is allocated; gives its id."""
    key = str(await w.do(an_order(name, *lines, **facts)))
    await w.settle()
    return key


async def planned(w: World, site: str = "MAIN", **filters: Any) -> str:
    """Plan a wave of what is allocated; gives its id."""
    made = await w.do(wave.PlanWave(site=site, **filters), CHIEF)
    await w.settle()
    return str(made["wave"])


async def a_released_wave(w: World, site: str = "MAIN") -> list[str]:
    """Plan and release what is allocated; gives the tasks."""
    found = await planned(w, site)
    await w.do(wave.ReleaseWave(found), CHIEF)
    await w.settle()
    return [t.id for t in await w.all(TASKS, "wave = ?", found)]


async def on_the_floor(w: World, name: str, *lines: tuple[str, int], take: bool = True) -> str:
    """An order is allocated, planned, released and (with `take`) in the picker's hands; gives the only task."""
    await ordered(w, name, *lines)
    [task] = await a_released_wave(w)
    if take:
        await w.do(pick.TakeTask(task), PICKER)
    return task


async def stops(w: World, task: str) -> list[PickLine]:
    """The lines of a task still to be done, in walking order."""
    found = await w.all(PICKS, "task = ? AND state IN ('open', 'withdrawing')", task)
    return sorted(found, key=lambda p: p.sequence)


async def at_bin(w: World, line: PickLine, who: Actor = PICKER) -> None:
    """Scan the line's bin."""
    await w.do(pick.Scan(line.task, line.id, "bin", line.bin.partition(":")[2]), who)


async def counted(w: World, line: PickLine, units: int, who: Actor = PICKER) -> None:
    """Scan bin and SKU."""
    await at_bin(w, line, who)
    await w.do(pick.Scan(line.task, line.id, "sku", line.sku, quantity=units), who)


async def into(w: World, line: PickLine, tote: str = "T1", who: Actor = PICKER) -> None:
    """Scan the tote."""
    await w.do(pick.Scan(line.task, line.id, "tote", tote), who)


async def confirm(w: World, line: PickLine, tote: str = "T1", who: Actor = PICKER) -> None:
    """Pick a line whole."""
    await counted(w, line, line.quantity, who)
    await into(w, line, tote, who)


async def finish(w: World, task: str, tote: str = "T1", who: Actor = PICKER) -> None:
    """Pick what is left of a task into one tote and leave it at the consolidation place."""
    for line in await stops(w, task):
        await confirm(w, line, tote, who)
    await w.do(pick.DropTotes(task, "CONS-1"), who)


async def pick_task(w: World, task: str, tote: str = "T1") -> None:
    """Take a task and pick it line by line into one tote."""
    await w.do(pick.TakeTask(task), PICKER)
    await finish(w, task, tote)


async def picked(w: World, name: str, *lines: tuple[str, int], tote: str = "T1") -> str:
    """An order's goods stand at the consolidation place; gives the order."""
    task = await on_the_floor(w, name, *lines)
    await finish(w, task, tote)
    return f"csv:{name}"


async def at_station(w: World, code: str = "T1") -> tuple[str, str]:
    """Scan a tote at the station; gives (shipment, open parcel)."""
    shipment = await w.do(pack.OpenPack("S1", code), PACKER)
    parcel = await w.one(PARCELS, "shipment = ? AND state = 'open'", shipment)
    return str(shipment), str(parcel.id)


async def packed(w: World, name: str, *lines: tuple[str, int]) -> Parcel:
    """An order's goods lie in one closed parcel; gives it."""
    await picked(w, name, *lines)
    shipment, parcel = await at_station(w)
    await w.do(pack.TrustTote(shipment, parcel), PACKER)
    await w.do(pack.CloseParcel(shipment, parcel, "C1"), PACKER)
    return await the_parcel(w, parcel)


async def the_parcel(w: World, parcel: str) -> Parcel:
    """A parcel as it stands."""
    found: Parcel = await w.one(PARCELS, "id = ?", parcel)
    return found


async def weigh(w: World, parcel: str) -> None:
    """Put the parcel on the scale: it weighs what it should."""
    found = await the_parcel(w, parcel)
    await w.do(pack.Weigh(parcel, round(found.expected_mg / 1000), stable=True), PACKER)


async def labelled(w: World, name: str, *lines: tuple[str, int]) -> Parcel:
    """An order's parcel is packed, weighed and labelled; gives it."""
    parcel = await packed(w, name, *lines)
    await weigh(w, parcel.id)
    await w.do(pack.PrintLabel(parcel.id), PACKER)
    return await the_parcel(w, parcel.id)


async def at_door(w: World, carrier: str = "own_van") -> str:
    """Open the carrier's load; gives the manifest."""
    return str(await w.do(ship.OpenManifest("MAIN", carrier), PACKER))


async def shipped(w: World, name: str, *lines: tuple[str, int]) -> Parcel:
    """An order's parcel has left; gives it."""
    parcel = await labelled(w, name, *lines)
    load = await at_door(w)
    await w.do(ship.LoadParcel(load, parcel.sscc), PACKER)
    await w.do(ship.CloseManifest(load), PACKER)
    await w.settle()
    return await the_parcel(w, parcel.id)


async def carried_back(w: World, who: Actor = PICKER) -> int:
    """Do all return tasks on offer; gives how many."""
    tasks = await w.all(TASKS, "kind = ? AND state = 'offered'", str(TaskKind.RETURN))
    for task in tasks:
        await w.do(pick.TakeTask(task.id), who)
        for line in await w.all(PICKS, "task = ? AND state = ?", task.id, str(PickState.OPEN)):
            await w.do(pick.Scan(task.id, line.id, "sku", line.sku, quantity=line.quantity), who)
            await w.do(pick.Scan(task.id, line.id, "bin", line.bin.partition(":")[2]), who)
    return len(tasks)


async def line_states(w: World, order: str) -> list[tuple[str, int, str]]:
    """SKU, units and state of an order's lines."""
    found: list[OrderLine] = await w.all(LINES, '"order" = ? AND goods', order)
    return sorted((x.sku or x.code, x.quantity, str(x.state)) for x in found)


async def order_state(w: World, order: str) -> str:
    """The state of an order."""
    return str((await w.one(ORDERS, "id = ?", order)).state)


async def there(w: World, place: str, sku: str) -> int:
    """Units of a SKU in a place."""
    return sum(b.quantity for b in await w.all(BALANCES, "place = ? AND sku = ?", place, sku))


async def pool(w: World, sku: str, site: str = "MAIN") -> tuple[int, int]:
    """Units of a SKU on hand and reserved at a site."""
    found = await w.one(POOLS, "id = ?", f"{site}/{sku}")
    return found.on_hand, found.reserved
