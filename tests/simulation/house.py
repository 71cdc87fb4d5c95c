"""A house whose time, chance, disk and jobs belong to the simulation: the same seed plays the same history."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest.mock import patch

import msgspec

from server.app import COMMANDS, JOBS, REACTIONS
from server.bus import Bus
from server.db.bell import Bell
from server.db.migrate import migrate
from server.db.oplog import Outcome
from server.db.piccolo import bind
from server.db.rows import Rows
from server.house import House
from server.jobs.model import Answer, FinishJobs, Job, LeaseJobs
from server.jobs.runner import PASSING, Handler
from server.jobs.store import IS_DUE
from server.kernel import ids
from server.kernel.actor import SYSTEM, Actor
from server.kernel.ids import ulid
from server.kernel.refusal import Busy, Refusal
from server.picking import rerouting
from server.protocol.base import Command
from server.schema import TABLES
from server.settings import Settings
from server.waves import planning
from tests.kit import START, World
from tests.simulation.memory import Memory

REPLAYED = 20
"""One operation in so many is sent again under its id."""
MOST_JOBS = 2_000
"""A house that has more to do when nobody does anything never comes to rest."""
KINDS = f"SELECT DISTINCT kind FROM job WHERE {IS_DUE} ORDER BY kind"
NEXT = "SELECT min(CASE WHEN due > lease_until THEN due ELSE lease_until END) AS at FROM job WHERE state = 'waiting'"


T = TypeVar("T")


async def _here(work: Callable[[], T]) -> T:
    return work()


async def _no_paper(*_: Any) -> None:
    """There is no printer."""


HANDLERS: Mapping[str, Handler] = {
    **JOBS,
    "plan_wave": lambda house, payload: planning.plan(house.database, payload, house.clock(), _here),
    "reroute_task": lambda house, payload: rerouting.plan(house.database, payload, _here),
    "print_label": _no_paper,
}


class Floor(World):
    """A house that never waits: `say` does a command, `work` does jobs, and both are told what may be odd."""

    def __init__(self, house: House, chance: Random) -> None:
        """Wrap an open house; `chance` is what the world does by itself."""
        super().__init__(house)
        self.chance = chance
        self.outbox: dict[str, list[tuple[Actor, Command, str, int]]] = {}
        self.seqs: Counter[str] = Counter()
        self.leased: list[tuple[Job, Command | None]] = []
        self.answers: Counter[str] = Counter()

    async def say(self, actor: Actor, command: Command, *, op_id: str = "", seq: int = 0, at: int = 0) -> Any:
        """Do a command, again while the disk does not answer; gives its result, None where it was refused."""
        op_id = op_id or ulid(self.now)
        outcome = await self._sure(actor, command, op_id, seq, at)
        assert outcome.code != "failed", command
        if not self.chance.randrange(REPLAYED):
            assert await self._sure(actor, command, op_id, seq, at) == outcome, command
        self.answers[outcome.code] += 1
        return None if outcome.code else msgspec.json.decode(outcome.result)

    async def _sure(self, actor: Actor, command: Command, op_id: str, seq: int, at: int) -> Outcome:
        while True:
            try:
                return await self.bus.perform(actor, command, op_id=op_id, seq=seq, device_at=at)
            except Busy:
                continue

    async def any(self, rows: Rows[Any], dice: Random, clause: str = "1 = 1", *args: Any) -> Any:
        """Give any row that fits, or None."""
        found = await self.all(rows, clause, *args)
        return dice.choice(found) if found else None

    async def send_outbox(self, device: str, again: int = 0) -> None:
        """Send what a phone has done alone, in its order; the last `again` come twice, as after a broken line."""
        ops = self.outbox.pop(device, [])
        sent = []
        for actor, command, op_id, at in ops:
            self.seqs[device] += 1
            sent.append((actor, command, op_id, self.seqs[device], at))
        for actor, command, op_id, seq, at in (*sent, *sent[len(sent) - again :]):
            await self.say(actor, command, op_id=op_id, seq=seq, at=at)

    async def lease(self, dice: Random) -> Job | None:
        """Take one due job of any kind."""
        kinds = [row["kind"] for row in await self.database.read(KINDS, (self.now, self.now))]
        if not kinds:
            return None
        found = await self.say(SYSTEM, LeaseJobs({dice.choice(kinds): 1}))
        return msgspec.convert(found[0], Job) if found else None

    async def result(self, job: Job) -> Command | None:
        """Think about a job, as the runner does."""
        return await HANDLERS[job.kind](self.house, msgspec.json.decode(job.payload) | {"job": job.run})

    async def hand_in(self, job: Job, command: Command | None) -> None:
        """Carry out what was thought, and answer."""
        answer = Answer(job.id, job.run)
        try:
            if command is not None:
                await self.bus.do(SYSTEM, command, op_id=job.op_id, bulk=True)
        except Refusal as refusal:
            answer = Answer(job.id, job.run, str(refusal), final=refusal.code not in PASSING)
        await self.say(SYSTEM, FinishJobs((answer,)))

    async def settle(self, seconds: float = 0) -> None:
        """Do all jobs, whenever they are due: time goes by, nobody waits for it."""
        del seconds
        for _ in range(MOST_JOBS):
            if job := await self.lease(self.chance):
                await self.hand_in(job, await self.result(job))
                continue
            [row] = await self.database.read(NEXT)
            if row["at"] is None:
                return
            self.now = max(self.now, row["at"])
        raise AssertionError("the house never comes to rest")


@contextmanager
def chances(chance: Random) -> Iterator[None]:
    """Let what is random in the house, its ids, come from `chance`, and of no day in particular."""
    random, day = SimpleNamespace(urandom=chance.randbytes), SimpleNamespace(time_ns=lambda: START * 1_000_000)
    with patch.multiple(ids, os=random, time=day):
        yield


@asynccontextmanager
async def opened(memory: Memory, chance: Random, now: int = START) -> AsyncIterator[Floor]:
    """Open a house on a database that is laid already, at a time."""
    box: list[Floor] = []
    bind(TABLES, memory)

    def clock() -> int:
        return box[0].clock()

    bus = Bus(memory, COMMANDS, REACTIONS, clock)
    box.append(Floor(House(Settings(var=Path("/nowhere")), memory, bus, clock, Bell("")), chance))
    box[0].now = now
    bus.start()
    try:
        yield box[0]
    finally:
        await bus.stop()


async def laid() -> Memory:
    """Make an empty database of today's schema."""
    memory = Memory()
    await migrate(memory)
    return memory
