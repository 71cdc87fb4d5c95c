"""Days of any orders, changes, cancellations, shorts, undos, counts and parcels: the house is sound after each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import HOUR
from server.orders.model import CancelOrder, HoldOrder, ResumeOrder
from server.orders.store import ORDERS
from server.packing.store import ITEMS, PARCELS
from server.picking.model import PickLine
from server.picking.store import PICKS, SLOTS, TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.protocol import waves as wave
from server.shipping.store import MANIFESTS
from server.sites.model import Policy, PutTote
from server.sites.store import TOTES
from server.stock.model import AdjustStock, ReceiveStock
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import CHIEF, COLLEAGUE, OFFICE, PACKER, PICKER, a_warehouse, an_order
from tests.kit import World, world
from tests.sound import assert_sound

BINS = {"MUG": ("MAIN:A-01-01", "MAIN:A-02-01"), "LAMP": ("MAIN:B-01-01",)}
STEPS = 120


class Day:
    """A day with its dice, and what was refused in it."""

    def __init__(self, w: World, seed: int) -> None:
        """Begin the day of `seed`."""
        self.w, self.dice = w, Random(seed)
        self.orders = 0

    async def do(self, command: Any, who: Actor = SYSTEM) -> Any:
        """Do a command; it may be refused, never fail."""
        outcome = await self.w.bus.perform(who, command)
        assert outcome.code != "failed", command
        return msgspec.json.decode(outcome.result)

    async def any(self, rows: Any, clause: str = "1 = 1", *args: Any) -> Any:
        """Any row that fits, or None."""
        found = await self.w.all(rows, clause, *args)
        return self.dice.choice(found) if found else None

    def lines(self) -> tuple[tuple[str, int], ...]:
        """Lines of an order."""
        return tuple((sku, self.dice.randint(1, 4)) for sku in BINS if self.dice.random() < 0.7) or (("MUG", 2),)


async def order(day: Day) -> None:
    day.orders += 1
    await day.do(an_order(str(day.orders), *day.lines()))


async def amend(day: Day) -> None:
    if known := await day.any(ORDERS):
        await day.do(an_order(known.external_id, *day.lines(), revision=str(int(known.revision) + 1)))


async def office(day: Day) -> None:
    if known := await day.any(ORDERS):
        what = day.dice.choice((CancelOrder(known.id), HoldOrder(known.id, "asked"), ResumeOrder(known.id)))
        await day.do(what, OFFICE)


async def release(day: Day) -> None:
    made = await day.do(wave.PlanWave("MAIN"), CHIEF)
    await day.w.settle()
    if made:
        await day.do(wave.ReleaseWave(made["wave"]), CHIEF)
        await day.w.settle()


async def supervise(day: Day) -> None:
    known, task = await day.any(WAVES), await day.any(TASKS, "state IN ('offered', 'active')")
    if known and task:
        what = (
            wave.HoldWave(known.id),
            wave.ResumeWave(known.id),
            wave.ResumeWave(known.id),
            wave.CancelWave(known.id),
            wave.AssignTask(task.id, day.dice.choice(("", "ann", "cid"))),
            wave.LoseDevice("phone-1"),
        )
        await day.do(day.dice.choice(what), CHIEF)


async def take(day: Day) -> None:
    if task := await day.any(TASKS, "state IN ('offered', 'active')"):
        kinds = (pick.TakeTask, pick.TakeTask, pick.TakeTask, pick.TakeOver, pick.HandBack)
        await day.do(day.dice.choice(kinds)(task.id), day.dice.choice((PICKER, COLLEAGUE)))


async def scan(day: Day) -> None:
    """Do what the lines of a task ask for next, and leave its totes when nothing does."""
    if task := await day.any(TASKS, "state = 'active'"):
        who = PICKER if task.assignee == "ann" else COLLEAGUE
        for _ in range(day.dice.randint(1, 9)):
            line = await day.any(PICKS, "task = ? AND state IN ('open', 'withdrawing')", task.id)
            if line is None:
                await day.do(pick.DropTotes(task.id, "CONS-1"), who)
                return
            await step(day, line, who)


async def step(day: Day, line: PickLine, who: Actor) -> None:
    """Do what one line asks for next; now and then too few units."""
    [slot] = await day.w.all(SLOTS, "task = ? AND slot = ?", line.task, line.slot) or [None]
    free = await day.any(TOTES, "id NOT IN (SELECT tote FROM tote_use)")
    tote = slot.tote if slot and slot.tote else free.id
    if slot and not slot.tote and day.dice.random() < 0.5:
        await day.do(pick.NewTote(line.task, line.slot, tote), who)
    codes = {"bin": line.bin.partition(":")[2], "sku": line.sku, "tote": tote}
    left = line.quantity - line.counted
    units = day.dice.choice((left, left, 1)) if line.step == "sku" else 0
    at = msgspec.convert(line.step, pick.Step)
    await day.do(pick.Scan(line.task, line.id, at, codes[at], quantity=units), who)


async def fumble(day: Day) -> None:
    """Short, skip, undo, a new tote, an acknowledgement."""
    line: PickLine | None = await day.any(PICKS, "task IN (SELECT id FROM task WHERE state = 'active')")
    task = await day.any(TASKS, "id = ?", line.task) if line else None
    if line and task:
        tote = await day.any(TOTES)
        what = (
            pick.Short(task.id, line.id, day.dice.choice(("none_on_shelf", "damaged", "cannot_reach"))),
            pick.Skip(task.id, line.id),
            pick.Undo(task.id, line.id),
            pick.Undo(task.id, line.id),
            pick.NewTote(task.id, line.slot, tote.id),
            pick.AcknowledgeWithdrawal(task.id, (line.id,)),
            pick.ZeroCheck(task.id, line.id, empty=False),
        )
        await day.do(day.dice.choice(what), PICKER if task.assignee == "ann" else COLLEAGUE)


async def stock(day: Day) -> None:
    sku = day.dice.choice(("MUG", "LAMP"))
    place = day.dice.choice(BINS[sku])
    await day.do(
        day.dice.choice(
            (
                ReceiveStock(place, sku, day.dice.randint(1, 30)),
                ReceiveStock(place, sku, day.dice.randint(1, 30)),
                AdjustStock(place, sku, day.dice.randint(0, 30), "count"),
            )
        )
    )


async def open_pack(day: Day) -> None:
    if tote := await day.any(TOTES_IN_USE):
        await day.do(pack.OpenPack("S1", tote.tote), PACKER)


async def put_in(day: Day) -> None:
    """Pack what is there, or some of it, and close the parcel; now and then something is missing."""
    if parcel := await day.any(PARCELS, "state = 'open'"):
        sku = day.dice.choice(("MUG", "LAMP"))
        fill = (
            pack.PackItem(parcel.shipment, parcel.id, sku, quantity=day.dice.randint(1, 3)),
            pack.TrustTote(parcel.shipment, parcel.id),
            pack.TrustTote(parcel.shipment, parcel.id),
            pack.ReportMissing(parcel.shipment, sku, 1, day.dice.choice(("missing", "damaged"))),
        )
        await day.do(day.dice.choice(fill), PACKER)
        await day.do(pack.CloseParcel(parcel.shipment, parcel.id, "C1", day.dice.choice(("", "full"))), PACKER)


async def send(day: Day) -> None:
    """Bring a parcel a step further, now and then a step back."""
    if parcel := await day.any(PARCELS, "state <> 'void'"):
        load = await day.do(ship.OpenManifest("MAIN", "own_van"), PACKER)
        grams = max(1, round(parcel.expected_mg / 1000))
        on = {
            "closed": pack.Weigh(parcel.id, grams, stable=True),
            "weighed": pack.PrintLabel(parcel.id),
            "labelled": ship.LoadParcel(load, parcel.sscc),
        }
        back = (
            pack.ReopenParcel(parcel.id),
            pack.VoidLabel(parcel.id, "torn"),
            ship.Unship(parcel.id, "wrong van"),
        )
        command = on.get(parcel.state) if day.dice.random() < 0.9 else day.dice.choice(back)
        if command:
            await day.do(command, PACKER)


async def drive(day: Day) -> None:
    if load := await day.any(MANIFESTS, "state = 'open'"):
        await day.do(ship.CloseManifest(load.id), PACKER)
        await day.w.settle()


DOINGS: dict[Callable[[Day], Awaitable[None]], int] = {
    order: 8,
    amend: 3,
    office: 2,
    release: 5,
    supervise: 2,
    take: 8,
    scan: 30,
    fumble: 8,
    stock: 4,
    open_pack: 8,
    put_in: 14,
    send: 14,
    drive: 3,
}
"""What happens in a day, and how often."""


@pytest.mark.parametrize("seed", range(8))
async def test_any_day(tmp_path: Path, seed: int) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w, Policy(confirm_tote=seed % 2 == 0, zero_check=True))
        for number in range(40):
            await w.do(PutTote(f"N{number}", "MAIN"))
        day = Day(w, seed)
        for doing in day.dice.choices(list(DOINGS), list(DOINGS.values()), k=STEPS):
            await doing(day)
        await w.settle()
        w.now += HOUR
        await w.settle()
        await assert_sound(w, cut_pins=True)
        assert {item.parcel for item in await w.all(ITEMS)} <= {parcel.id for parcel in await w.all(PARCELS)}
