"""One group of commands, one transaction: what is known, what each command makes of it, journal, oplog, commit.

Within a group each command runs alone on an overlay; a refusal discards it and stores the answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

import msgspec

from server import metrics, traces
from server.db import journal
from server.db.engine import Database, DatabaseError
from server.db.event import Emitted, Event
from server.db.item import Faults, Item
from server.db.oplog import OPLOG, SEQUENCES, Outcome
from server.db.oplog import Sequence as DeviceSequence
from server.db.unit import Alone, Base, Cache, Unit
from server.kernel.clock import Clock
from server.kernel.refusal import Busy, Gap, Refusal

log = logging.getLogger(__name__)
Action = Callable[[Unit, Any], Awaitable[Any]]
Reaction = Callable[[Unit, Any], Awaitable[None]]
Warm = Callable[[Base, Sequence[Any]], Awaitable[None]]
encode = msgspec.json.Encoder().encode

PAUSE_SECONDS = 0.010
"""After so long within a group, sockets are looked after."""
ALONE_SECONDS = 0.001
"""Who waits longer for its turn is not alone."""
LEAST_REST_SECONDS = 0.001
CROWD_SECONDS = 1.0
"""So long after that others are expected."""
BULK_SECONDS = 0.010
CROWDED_BULK_SECONDS = 0.003
"""So long bulk work may hold the database, and the command longer that it is in."""


class Handler(msgspec.Struct, frozen=True):
    """What a command needs: its action, the permission, and (hot commands) a loader for a whole group's keys."""

    action: Action
    permission: str
    warm: Warm | None = None


class Writer:
    """Carries groups out; `committed` is told what was written.

    `rest` are the seconds that bulk work should leave the database to other processes: where there are any, as long
    as it had it.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[type, Handler],
        reactions: Mapping[type[Event], Sequence[Reaction]],
        clock: Clock,
        committed: Callable[[Sequence[journal.Entry]], None],
    ) -> None:
        """Take what the bus was given."""
        self.database, self.handlers, self.reactions, self.clock = database, handlers, reactions, clock
        self.committed = committed
        self.faults = Faults()
        self._known: Cache = {}
        self.rest = 0.0
        self._crowded_until = 0.0

    async def write(self, group: Sequence[Item]) -> list[Item]:
        """Answer a group, those that can beside other processes first; gives bulk work that has to give way.

        Whether the floor waits another process may know alone: bulk work ends after BULK_SECONDS in any case.
        """
        beside, alone = self._split(group)
        return await self._transact(alone + await self._transact(beside, shared=True))

    def _split(self, group: Sequence[Item]) -> tuple[list[Item], list[Item]]:
        """Part the commands that name their keys from those that need the database alone, each device's in order."""
        beside: list[Item] = []
        alone: list[Item] = []
        waiting: set[str] = set()
        for item in group:
            handler = self.handlers.get(type(item.command))
            if self.database.together and handler and handler.warm and item.actor.device not in waiting:
                beside.append(item)
            else:
                alone.append(item)
                waiting.add(item.actor.device)
        return beside, alone

    @traces.group
    async def _transact(self, group: list[Item], *, shared: bool = False) -> list[Item]:
        """Run a group in one transaction; gives those without an answer: they need the database alone, or gave way."""
        if not group:
            return []
        known, self._known = self._known, {}
        asked = perf_counter()
        if not await self.database.begin(alone=not shared):
            known = {}
        begun = perf_counter()
        if begun - asked > ALONE_SECONDS:
            self._crowded_until = begun + CROWD_SECONDS
        base = Base(self.database, known, shared=shared)
        try:
            await base.load(OPLOG, [item.op_id for item in group])
            answers: dict[str, Outcome] = {k: o for k, o in base.cache.pop(OPLOG.name).items() if o is not None}
            base.gone.pop(OPLOG.name, None)
            fresh, entries = await self._group(base, [item for item in group if item.op_id not in answers])
            entries = await journal.append(base, entries)
            answers |= {op_id: _placed(outcome, entries) for op_id, outcome in fresh.items()}
            base.add(OPLOG, [answers[op_id] for op_id in fresh])
            await base.flush()
            await metrics.commit(self.database.commit(), len(group))
        except BaseException:
            metrics.rolled_back()
            await self.database.rollback()
            raise
        self._known = base.known()
        self.rest = perf_counter() - begun if begun < self._crowded_until else LEAST_REST_SECONDS
        for item in group:
            if item.op_id in answers:
                self.faults.forget(item)
                item.answer(answers[item.op_id])
        self.committed(entries)
        return [item for item in group if not item.done.done()]

    async def _group(self, base: Base, group: list[Item]) -> tuple[dict[str, Outcome], list[journal.Entry]]:
        """Run each new command on its overlay; give the outcomes by op_id, and the journal's entries."""
        await base.load(SEQUENCES, [item.actor.device for item in group if item.seq])
        await self._warm(base, group)
        answers: dict[str, Outcome] = {}
        entries: list[journal.Entry] = []
        start = perf_counter()
        bulk_end = start + (CROWDED_BULK_SECONDS if start < self._crowded_until else BULK_SECONDS)
        pause = start + PAUSE_SECONDS
        waiting: set[str] = set()
        for item in group:
            if item.op_id in answers or item.actor.device in waiting:
                continue
            if perf_counter() > pause:
                await asyncio.sleep(0)
                pause = perf_counter() + PAUSE_SECONDS
            if item.bulk and perf_counter() > bulk_end:
                continue
            try:
                answers[item.op_id] = await self._one(base, item, entries)
            except (Gap, Busy) as answer:
                item.fail(answer)
            except Alone:
                waiting.add(item.actor.device)
        return answers, entries

    async def _warm(self, base: Base, group: list[Item]) -> None:
        """Load the keys of the hot commands, one query a table for the whole group."""
        by_type: dict[type, list[Any]] = {}
        for item in group:
            by_type.setdefault(type(item.command), []).append(item.command)
        for kind, commands in by_type.items():
            handler = self.handlers.get(kind)
            if handler and handler.warm:
                await handler.warm(base, commands)

    async def _one(self, base: Base, item: Item, entries: list[journal.Entry]) -> Outcome:
        """Run one command: sequence, permission, action, reactions; a refusal is an outcome like any other."""
        unit = Unit(base, item.actor, self.clock(), item.op_id, item.device_at)
        await self._sequence(unit, item)
        code, facts, result = "", "{}", "null"
        try:
            result = await self._act(unit, item)
            await unit.keep()
        except Refusal as refusal:
            await unit.discard()
            code, facts = refusal.code, encode(refusal.facts).decode()
        except DatabaseError:
            raise
        except Alone:
            await unit.discard(facts=False)
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is parked and the queue goes on
            await unit.discard(facts=False)
            code, facts = self._park(item, error)
        if item.seq:
            unit.put(SEQUENCES, DeviceSequence(item.actor.device, item.seq))
            await unit.keep()
        entries += [self._entry(e, unit, item) for e in unit.events]
        name = str(getattr(type(item.command).__struct_config__, "tag", "") or type(item.command).__name__)
        at = len(entries) if unit.events else 0
        return Outcome(item.op_id, item.actor.device, item.seq, name, unit.at, at, code, facts, result)

    async def _act(self, unit: Unit, item: Item) -> str:
        if self.faults.is_parked(item):
            raise Refusal("failed", op=item.op_id, command=type(item.command).__name__)
        handler = self.handlers.get(type(item.command))
        if handler is None:
            raise Refusal("not_found", kind="command", id=type(item.command).__name__)
        if not item.actor.may(handler.permission):
            raise Refusal("not_allowed", permission=handler.permission)
        result = await handler.action(unit, item.command)
        done = 0
        while done < len(unit.events):
            event = unit.events[done].event
            done += 1
            for reaction in self.reactions.get(type(event), ()):
                await reaction(unit, event)
        return encode(result).decode()

    async def _sequence(self, unit: Unit, item: Item) -> None:
        """Raise Gap unless this is the device's next operation."""
        if not item.seq:
            return
        last = await unit.find(SEQUENCES, item.actor.device)
        expected = (last.seq if last else 0) + 1
        if item.seq != expected:
            raise Gap(expected)

    def _park(self, item: Item, error: Exception) -> tuple[str, str]:
        """Count a fault; Busy until the fifth, then the operation is parked as failed and the queue goes on."""
        self.faults.count(item, error)
        log.error("%s failed", type(item.command).__name__, exc_info=error, extra=item.told)
        if not self.faults.is_parked(item):
            raise Busy from error
        return "failed", encode({"op": item.op_id, "command": type(item.command).__name__}).decode()

    def _entry(self, emitted: Emitted, unit: Unit, item: Item) -> journal.Entry:
        return journal.entry_of(emitted, unit.at, item.op_id, item.actor.user, item.actor.device)


def _placed(outcome: Outcome, entries: Sequence[journal.Entry]) -> Outcome:
    """Replace the index of the outcome's last event within the group by its position in the journal."""
    if not outcome.position:
        return outcome
    return msgspec.structs.replace(outcome, position=entries[outcome.position - 1].position)
