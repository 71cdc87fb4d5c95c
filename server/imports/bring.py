"""Bring a file into the house: one command a thing, so that a bad one costs no other, and a record of it all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import islice

import msgspec
from msgspec.structs import replace

from server.bus import Bus
from server.imports.files import Step
from server.imports.model import RecordImport
from server.kernel.actor import SYSTEM, Actor
from server.kernel.refusal import Refusal
from server.kernel.rows import Rejected
from server.orders.model import ImportReturn

AT_ONCE = 256
"""Things under way together; the record is counted on after each such part."""
Tick = Callable[[int], None]


class Report(msgspec.Struct):
    """What became of a file: how much was taken, how much of that were returns, and what was not taken."""

    accepted: int = 0
    returns: int = 0
    rejected: list[Rejected] = msgspec.field(default_factory=list)


async def bring(
    bus: Bus, actor: Actor, head: RecordImport, found: Iterable[Step | Rejected], tick: Tick = lambda _: None
) -> Report:
    """Perform one command for each thing found, and record it under `head`; reading is left to a thread."""
    report, things = Report(), iter(found)
    await bus.do(SYSTEM, head, bulk=True)
    while part := await asyncio.to_thread(lambda: list(islice(things, AT_ONCE))):
        bad = [no for no in await asyncio.gather(*(_one(bus, actor, thing) for thing in part)) if no]
        report.accepted += len(part) - len(bad)
        report.returns += sum(isinstance(thing, Step) and isinstance(thing.command, ImportReturn) for thing in part)
        report.rejected += bad
        await bus.do(SYSTEM, replace(head, accepted=len(part) - len(bad), rejects=tuple(bad)), bulk=True)
        tick(len(part))
    await bus.do(SYSTEM, replace(head, done=True), bulk=True)
    return report


async def _one(bus: Bus, actor: Actor, thing: Step | Rejected) -> Rejected | None:
    """Perform one; gives it back with the reason where it was refused."""
    if isinstance(thing, Rejected):
        return thing
    try:
        await bus.do(actor, thing.command, op_id=thing.op_id, bulk=True)
    except Refusal as no:
        return Rejected(thing.belongs_to, thing.row, _column(no), no.code, msgspec.json.encode(no.facts).decode())
    return None


def _column(no: Refusal) -> str:
    """Give the column that a refusal names, if it names one."""
    return str(no.facts.get("column") or no.facts.get("field") or no.facts.get("what") or "")
