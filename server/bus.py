"""The one way to change anything: perform(actor, command).

Commands are taken in groups: one transaction, one commit, one journal append for many devices. Within a group each
command runs alone on an overlay; a refusal discards it and stores the answer; an engine's failure rolls the group back,
which is then tried again, and then singly. The bus knows no command: app.py hands it the tables.
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
from server.db.queues import Queues
from server.db.unit import Alone, Base, Unit
from server.kernel.actor import Actor
from server.kernel.clock import Clock
from server.kernel.ids import ulid
from server.kernel.refusal import Busy, Gap, Refusal

log = logging.getLogger(__name__)
Action = Callable[[Unit, Any], Awaitable[Any]]
Reaction = Callable[[Unit, Any], Awaitable[None]]
Warm = Callable[[Base, Sequence[Any]], Awaitable[None]]
Listener = Callable[[Sequence[journal.Entry]], None]
encode = msgspec.json.Encoder().encode

BULK_SECONDS = 0.010
STOP_SECONDS = 10.0


class Handler(msgspec.Struct, frozen=True):
    """What a command needs: its action, the permission, and (hot commands) a loader for a whole group's keys."""

    action: Action
    permission: str
    warm: Warm | None = None


class Bus:
    """The group-commit writer and its two queues: the floor's scans first, bulk work in what time is left."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[type, Handler],
        reactions: Mapping[type[Event], Sequence[Reaction]],
        clock: Clock,
    ) -> None:
        """Take the tables that app.py wires; `start` begins the work."""
        self.database, self.handlers, self.reactions, self.clock = database, handlers, reactions, clock
        self.listeners: list[Listener] = []
        self.faults = Faults()
        self._queues = Queues()
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Start the writer."""
        self._writer = asyncio.create_task(self._write(), name="writer")
        self._writer.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Finish what is queued and what is under way, then stop; after STOP_SECONDS without waiting longer."""
        self._stopping = True
        self._wake.set()
        if self._writer:
            await asyncio.wait([self._writer], timeout=STOP_SECONDS)
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    def _ended(self, writer: asyncio.Task[None]) -> None:
        """Without a writer nothing is acknowledged any more: who waits is told to try again."""
        if not writer.cancelled() and (error := writer.exception()):
            log.critical("the writer died", exc_info=error)
        self._queues.fail_all(Busy())

    @property
    def depth(self) -> int:
        """How many commands wait."""
        return len(self._queues)

    @property
    def depths(self) -> tuple[int, int]:
        """How many of the floor's commands wait, and how much bulk work."""
        return len(self._queues.urgent), len(self._queues.bulk)

    def require_running(self) -> None:
        """Raise Busy where the writer does not run: nothing could be made durable."""
        if self._writer is None or self._writer.done():
            raise Busy

    async def perform(
        self, actor: Actor, command: Any, *, op_id: str = "", seq: int = 0, device_at: int = 0, bulk: bool = False
    ) -> Outcome:
        """Do a command once and give its durable outcome, refused or committed.

        `op_id` makes it idempotent; `seq` above 0 orders it among its device's operations. Raises Gap, Busy.
        """
        self.require_running()
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queues.put(Item(actor, command, op_id or ulid(), seq, device_at, bulk, future))
        self._wake.set()
        return await future

    async def do(self, actor: Actor, command: Any, *, op_id: str = "", bulk: bool = False) -> Outcome:
        """Like `perform`, but a refused outcome is raised as the Refusal it was."""
        outcome = await self.perform(actor, command, op_id=op_id, bulk=bulk)
        if outcome.code:
            raise Refusal(outcome.code, **msgspec.json.decode(outcome.facts))
        return outcome

    async def _write(self) -> None:
        while not self._stopping or self.depth:
            await self._wake.wait()
            self._wake.clear()
            while group := self._queues.next_group():
                await self._run(group)

    async def _run(self, group: list[Item]) -> None:
        """Run a group; after an engine's failure once more, then each command alone."""
        try:
            for attempt in (group, group):
                if await self._try(attempt) is None:
                    return
            for item in group:
                if error := await self._try([item]):
                    await self._fault(item, error)
        except asyncio.CancelledError:
            for item in group:
                item.fail(Busy())
            raise

    async def _try(self, attempt: list[Item]) -> Exception | None:
        """Run those that have no answer yet, those that can beside other processes first; gives what went wrong."""
        todo = [item for item in attempt if not item.done.done()]
        try:
            beside, alone = self._split(todo)
            alone += await self._transact(beside, shared=True)
            await self._transact(alone)
        except DatabaseError as error:
            log.warning("group of %d rolled back: %s", len(todo), error)
            return error
        except Exception as error:
            log.exception("group of %d failed", len(todo))
            return error
        return None

    async def _fault(self, item: Item, error: Exception) -> None:
        """Answer a command that fails alone: busy while that may pass, parked once it has failed often enough."""
        self.faults.count(item, error)
        if self.faults.is_parked(item):
            await self._try([item])
        item.fail(Busy("disk_full" if isinstance(error, DatabaseError) and error.full else "busy"))

    def _split(self, group: list[Item]) -> tuple[list[Item], list[Item]]:
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
        """Run a group in one transaction; gives those that turned out to need the database alone."""
        if not group:
            return []
        base = Base(self.database, shared=shared)
        await self.database.begin(alone=not shared)
        try:
            await base.load(OPLOG, [item.op_id for item in group])
            answers: dict[str, Outcome] = {k: o for k, o in base.cache[OPLOG.name].items() if o is not None}
            fresh, entries = await self._group(base, [item for item in group if item.op_id not in answers])
            await base.flush()
            entries = await journal.append(base, entries)
            answers |= {op_id: _placed(outcome, entries) for op_id, outcome in fresh.items()}
            await self.database.many(OPLOG.insert, [OPLOG.dump(answers[op_id]) for op_id in fresh])
            await metrics.commit(self.database.commit(), len(group))
        except BaseException:
            metrics.rolled_back()
            await self.database.rollback()
            raise
        for item in group:
            if item.op_id in answers:
                self.faults.forget(item)
                item.answer(answers[item.op_id])
        for listener in self.listeners:
            listener(entries)
        return [item for item in group if not item.done.done()] if shared else []

    async def _group(self, base: Base, group: list[Item]) -> tuple[dict[str, Outcome], list[journal.Entry]]:
        """Run each new command on its overlay; give the outcomes by op_id, and the journal's entries."""
        await base.load(SEQUENCES, [item.actor.device for item in group if item.seq])
        await self._warm(base, group)
        answers: dict[str, Outcome] = {}
        entries: list[journal.Entry] = []
        pause = bulk_end = perf_counter() + BULK_SECONDS
        late: list[Item] = []
        waiting: set[str] = set()
        for item in group:
            if item.op_id in answers or item.actor.device in waiting:
                continue
            if perf_counter() > pause:
                await asyncio.sleep(0)
                pause = perf_counter() + BULK_SECONDS
            if item.bulk and self._queues.urgent and perf_counter() > bulk_end:
                late.append(item)
                continue
            try:
                answers[item.op_id] = await self._one(base, item, entries)
            except (Gap, Busy) as answer:
                item.fail(answer)
            except Alone:
                waiting.add(item.actor.device)
        self._queues.put_back(late)
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
