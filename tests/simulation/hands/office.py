"""What comes from outside and from the office: orders, changes, money, goods, time."""

from __future__ import annotations

from random import Random
from typing import Any

from server.jobs.model import CHORES, Tend
from server.kernel.actor import SYSTEM
from server.kernel.clock import DAY, MINUTE, SECOND
from server.orders.model import CancelOrder, HoldOrder, ResumeOrder
from server.orders.store import ORDERS
from server.payments.model import PutOnAccount
from server.sites.model import PutBin
from server.sites.store import BINS as STORED
from server.stock.model import AdjustStock, ReceiveStock
from tests.floor import OFFICE, an_order
from tests.simulation.house import Floor
from tests.simulation.site import BINS, LIFE_MS, PLACES

PAYMENTS = ("paid", "paid", "paid", "pending")

CHANGED = ("state IN ('released', 'picking', 'withdrawing')", "state IN ('picked', 'packed', 'shipped')", "1 = 1")
"""Which orders are changed: those on the floor, those at the station, any."""


def some_lines(dice: Random) -> tuple[tuple[str, int], ...]:
    """Lines of an order; the same goods may stand in two of them."""
    return tuple((sku, dice.randint(1, 4)) for sku in dice.choices(list(BINS), k=dice.randint(1, 4)))


async def order(w: Floor, dice: Random) -> None:
    for _ in range(dice.randint(1, 2)):
        facts: dict[str, Any] = {"payment": dice.choice(PAYMENTS), "priority": dice.choice((0, 0, 1))}
        await w.say(SYSTEM, an_order(str(w.now), *some_lines(dice), **facts))


async def amend(w: Floor, dice: Random) -> None:
    """A later revision of an order, or an earlier one once more."""
    if known := await w.any(ORDERS, dice, dice.choice(CHANGED)):
        later = int(known.revision) + dice.choice((1, 1, 1, 0))
        facts: dict[str, Any] = {"payment": dice.choice(PAYMENTS), "cancelled": dice.random() < 0.1}
        await w.say(SYSTEM, an_order(known.external_id, *some_lines(dice), revision=str(later), **facts))


async def office(w: Floor, dice: Random) -> None:
    if known := await w.any(ORDERS, dice, dice.choice(CHANGED)):
        await w.say(OFFICE, dice.choice((CancelOrder, HoldOrder))(known.id, "asked"))


async def resume(w: Floor, dice: Random) -> None:
    if known := await w.any(ORDERS, dice, "reason <> '' OR state = 'on_hold'"):
        await w.say(OFFICE, ResumeOrder(known.id))


async def pay(w: Floor, dice: Random) -> None:
    if known := await w.any(ORDERS, dice, "payment = 'pending'"):
        await w.say(OFFICE, PutOnAccount(known.id))


async def receive(w: Floor, dice: Random) -> None:
    """Goods arrive; milk in lots that last some days."""
    sku = dice.choice(list(BINS))
    lot = f"L{(w.now + LIFE_MS) // DAY}" if sku == "MILK" else ""
    expiry = (w.now // DAY) * DAY + LIFE_MS if lot else 0
    await w.say(SYSTEM, ReceiveStock(dice.choice(BINS[sku]), sku, dice.randint(1, 8), lot=lot, expiry=expiry))


async def count(w: Floor, dice: Random) -> None:
    """Somebody counts what lies in a bin, right or wrong."""
    if here := await w.any(PLACES, dice, "place LIKE 'bin:%'"):
        counted = max(0, here.quantity + dice.choice((0, -1, -2, -9, 2)))
        await w.say(SYSTEM, AdjustStock(here.place.removeprefix("bin:"), here.sku, counted, "count", here.lot))


async def block(w: Floor, dice: Random) -> None:
    """A bin is blocked, or free again."""
    if place := await w.any(STORED, dice, "kind = 'pick'"):
        await w.say(SYSTEM, PutBin(place.site, place.code, blocked=dice.random() < 0.4))


async def jobs(w: Floor, dice: Random) -> None:
    """Some of the jobs that are due are done."""
    for _ in range(dice.randint(1, 8)):
        if job := await w.lease(dice):
            await w.hand_in(job, await w.result(job))


async def think(w: Floor, dice: Random) -> None:
    """A runner takes a job and thinks; what it found it hands in later, or never."""
    if job := await w.lease(dice):
        w.leased.append((job, await w.result(job)))


async def hand_in(w: Floor, dice: Random) -> None:
    if w.leased:
        await w.hand_in(*w.leased.pop(dice.randrange(len(w.leased))))


async def tend(w: Floor, dice: Random) -> None:
    """The hour strikes."""
    await w.say(SYSTEM, Tend(CHORES))


async def wait(w: Floor, dice: Random) -> None:
    w.now += dice.choice((SECOND, 10 * SECOND, 5 * MINUTE))


async def night(w: Floor, dice: Random) -> None:
    """A day or more passes; nobody is there, the jobs are done."""
    w.now += DAY * dice.randint(1, 3)
    await w.settle()


DAY_WORK = (order, amend, office, resume, pay, receive, count, block, jobs, think, hand_in, tend, wait, night)
HANDS = {f.__name__: f for f in DAY_WORK}
