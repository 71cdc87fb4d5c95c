"""The one way to change anything: perform(actor, command).

Commands are taken in groups: one transaction, one commit, one journal append for many devices (db/writer.py). An
engine's failure rolls the group back, which is then tried again, and then singly. The bus knows no command: app.py
hands it the tables.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from server.db.engine import Database, DatabaseError
from server.db.event import Event
from server.db.item import Item
from server.db.journal import Entry
from server.db.oplog import Outcome
from server.db.queues import Queues
from server.db.writer import Action, Handler, Reaction, Warm, Writer
from server.kernel.actor import Actor
from server.kernel.clock import Clock
from server.kernel.ids import ulid
from server.kernel.refusal import Busy, Refusal

__all__ = ["Action", "Bus", "Handler", "Reaction", "Warm"]

log = logging.getLogger(__name__)
Listener = Callable[[Sequence[Entry]], None]
STOP_SECONDS = 10.0


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
        self.database, self.clock = database, clock
        self.listeners: list[Listener] = []
        self._queues = Queues()
        self._writer = Writer(database, handlers, reactions, clock, self._committed)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Start the writer."""
        self._task = asyncio.create_task(self._write(), name="writer")
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Finish what is queued and what is under way, then stop; after STOP_SECONDS without waiting longer."""
        self._stopping = True
        self._wake.set()
        if self._task:
            await asyncio.wait([self._task], timeout=STOP_SECONDS)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _ended(self, writer: asyncio.Task[None]) -> None:
        """Without a writer nothing is acknowledged any more: who waits is told to try again."""
        if not writer.cancelled() and (error := writer.exception()):
            log.critical("the writer died", exc_info=error)
        self._queues.fail_all(Busy())

    def _committed(self, entries: Sequence[Entry]) -> None:
        for listener in self.listeners:
            listener(entries)

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
        if self._task is None or self._task.done():
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
                if group[0].bulk:
                    await asyncio.sleep(self._writer.rest)

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
        """Run those that have no answer yet; gives what went wrong."""
        todo = [item for item in attempt if not item.done.done()]
        try:
            self._queues.put_back(await self._writer.write(todo))
        except DatabaseError as error:
            log.warning("group of %d rolled back: %s", len(todo), error)
            return error
        except Exception as error:
            log.exception("group of %d failed", len(todo))
            return error
        return None

    async def _fault(self, item: Item, error: Exception) -> None:
        """Answer a command that fails alone: busy while that may pass, parked once it has failed often enough."""
        self._writer.faults.count(item, error)
        if self._writer.faults.is_parked(item):
            await self._try([item])
        item.fail(Busy("disk_full" if isinstance(error, DatabaseError) and error.full else "busy"))
