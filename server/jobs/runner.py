"""Does the jobs that are due: leases them, runs handlers side by side, hands results back as commands.

Any process may have a runner: leases are taken through the bus. A result is carried out under the job's
own operation id, so a crash between result and answer does nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from server import metrics, traces
from server.bus import Bus
from server.db.journal import Entry
from server.jobs.model import CHORES, CHORES_MS, LEASE_MS, Answer, FinishJobs, Job, LeaseJobs, Tend
from server.jobs.store import ANY_DUE
from server.kernel.actor import SYSTEM
from server.kernel.clock import MINUTE
from server.kernel.refusal import Busy, Refusal
from server.protocol.base import Command

log = logging.getLogger(__name__)
Handler = Callable[[Any, dict[str, Any]], Awaitable[Command | None]]

ROOM = 100
POLL_SECONDS = 1.0
PAUSE_SECONDS = 0.02
MOST_SECONDS = LEASE_MS / 1_000 * 0.75
PASSING = frozenset({"busy", "failed", "stale"})
"""Refusals that may not come again; any other one ends the job."""

decode_jobs = msgspec.json.Decoder(list[Job]).decode
decode_payload = msgspec.json.Decoder(dict[str, Any]).decode


class Runner:
    """The loop and what it has in hand.

    `handlers` maps a job's kind to `async (context, payload) -> Command | None`. The payload has one more
    entry, `job`: the name of this doing, the idempotency key for calls outside. `room` bounds how many of a
    kind run at once.
    """

    def __init__(
        self, bus: Bus, handlers: Mapping[str, Handler], context: Any, room: Mapping[str, int] | None = None
    ) -> None:
        """Take what app.py wires; `start` begins the work."""
        self.bus, self.handlers, self.context = bus, handlers, context
        self.room = dict.fromkeys(handlers, ROOM) | dict(room or {})
        self._running: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: list[Answer] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None
        self._tend_at = 0

    def start(self) -> None:
        """Start looking for work: at every commit of this process, and once a second for all others."""
        self._stopping = False
        self.bus.listeners.append(self._heard)
        self._tend_at = self.bus.clock() + MINUTE
        self._loop = asyncio.create_task(self._work(), name="jobs")

    async def stop(self, grace: float = 5.0) -> None:
        """Take nothing more, let what runs end within `grace` seconds, give the rest back; bus still up."""
        self._stopping = True
        self._wake.set()
        if self._loop:
            await self._loop
            self.bus.listeners.remove(self._heard)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._answer()

    def _heard(self, _: Sequence[Entry]) -> None:
        self.wake()

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    async def _work(self) -> None:
        while not self._stopping:
            try:
                await self._answer()
                await self._tend()
                await self._take()
            except Exception:
                log.exception("jobs: trying again")
                await asyncio.sleep(POLL_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)
            await self._rest()

    async def _rest(self) -> None:
        """Wait until something was committed or finished here, or it is time to look again."""
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _answer(self) -> None:
        """Store what became of finished jobs, all in one command."""
        answers, self._answers = self._answers, []
        if not answers:
            return
        try:
            await self.bus.do(SYSTEM, FinishJobs(tuple(answers)))
        except Busy:
            self._answers = answers + self._answers
            raise

    async def _tend(self) -> None:
        """Queue the chores that this runner can do, every hour."""
        chores = tuple(kind for kind in CHORES if kind in self.handlers)
        if chores and self.bus.clock() >= self._tend_at:
            await self.bus.do(SYSTEM, Tend(chores))
            self._tend_at = self.bus.clock() + CHORES_MS

    async def _take(self) -> None:
        """Lease what is due and there is room for, and set it going."""
        room = {kind: most - self._running[kind] for kind, most in self.room.items()}
        room = {kind: free for kind, free in room.items() if free > 0}
        kinds = msgspec.json.encode(list(room)).decode()
        now = self.bus.clock()
        if not await self.bus.database.read(ANY_DUE, (now, now, kinds)):
            return
        outcome = await self.bus.do(SYSTEM, LeaseJobs(room))
        for job in decode_jobs(outcome.result):
            self._running[job.kind] += 1
            task = asyncio.create_task(self._run(job), name=f"job {job.kind}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, job: Job) -> None:
        try:
            answer = await self._do(job)
        except asyncio.CancelledError:
            answer = Answer(job.id, job.run, given_back=True)
        self._running[job.kind] -= 1
        metrics.job_ran(job.kind, answer.error, final=answer.final)
        self._answers.append(answer)
        self._wake.set()

    async def _do(self, job: Job) -> Answer:
        """Do one job and carry its result out; an exception is an answer too."""
        try:
            async with asyncio.timeout(MOST_SECONDS):
                payload = decode_payload(job.payload) | {"job": job.run}
                with traces.span(f"job {job.kind}", job=job.id, run=job.run, attempts=job.attempts):
                    command = await self.handlers[job.kind](self.context, payload)
            if command is not None:
                await self.bus.do(SYSTEM, command, op_id=job.op_id, bulk=True)
        except Refusal as refusal:
            return Answer(job.id, job.run, str(refusal), final=refusal.code not in PASSING)
        except Exception as error:
            log.warning("job %s (%s) failed", job.id, job.kind, exc_info=error)
            return Answer(job.id, job.run, f"{type(error).__name__}: {error}")
        return Answer(job.id, job.run)
