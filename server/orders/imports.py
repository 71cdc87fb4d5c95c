"""Bring a file or a webhook's body into the house: one command an order, so that a bad one costs no other."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable

import msgspec

from server.bus import Bus
from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.orders.incoming import Incoming, IncomingOrder, Rejected, Returned
from server.orders.model import ImportOrder, ImportReturn

AT_ONCE = 64
Tick = Callable[[int], None]


class Report(msgspec.Struct):
    """What became of a file: orders taken, returns kept, orders refused (with the rows they stood in)."""

    orders: int = 0
    returns: int = 0
    rejected: list[Rejected] = msgspec.field(default_factory=list)


async def bring_in(bus: Bus, actor: Actor, found: Iterable[Incoming], tick: Tick = lambda _: None) -> Report:
    """Perform one command for each thing a channel's reader found; `tick` is told how many are done."""
    report = Report()
    running: set[asyncio.Task[None]] = set()
    for item in found:
        running.add(asyncio.create_task(_one(bus, actor, item, report)))
        if len(running) >= AT_ONCE:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            tick(len(done))
    if running:
        await asyncio.gather(*running)
        tick(len(running))
    return report


async def _one(bus: Bus, actor: Actor, item: Incoming, report: Report) -> None:
    if isinstance(item, Rejected):
        report.rejected.append(item)
        return
    try:
        command, op_id = import_of(item)
        await bus.do(actor, command, op_id=op_id, bulk=True)
    except Refusal as refusal:
        report.rejected.append(_refused(item, refusal))
    else:
        report.returns += isinstance(item, Returned)
        report.orders += isinstance(item, IncomingOrder)


def import_of(item: IncomingOrder | Returned) -> tuple[ImportOrder | ImportReturn, str]:
    """Give the command that brings it in, and its operation."""
    return (ImportReturn(item) if isinstance(item, Returned) else ImportOrder(item)), _op_id(item)


def _op_id(item: IncomingOrder | Returned) -> str:
    """Name the operation by what is brought in: the same content again has the same outcome."""
    digest = hashlib.sha256(msgspec.json.encode(item)).hexdigest()[:40]
    return f"import:{item.channel}:{digest}"


def _refused(item: IncomingOrder | Returned, refusal: Refusal) -> Rejected:
    facts = msgspec.json.encode(refusal.facts).decode()
    return Rejected(external_id=item.external_id, row=0, column="", code=refusal.code, value=facts, raw=())
