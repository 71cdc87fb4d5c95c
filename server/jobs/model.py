"""Durable work for later: structs, events, and the commands by which the runner takes and returns it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.clock import DAY, HOUR, MINUTE, SECOND
from server.protocol.base import Command

LEASE_MS = 2 * MINUTE
"""After this long without an answer a job is taken for abandoned, and is given to another runner."""
CHORES = ("prune_jobs", "review_promises")
"""Kinds of jobs that a runner queues by itself, every CHORES_MS."""
CHORES_MS = HOUR
KEPT_MS = 7 * DAY
MOST_PRUNED = 1_000
MOST_ATTEMPTS = 12
FIRST_DELAY_MS = 2 * SECOND
LONGEST_DELAY_MS = 10 * MINUTE


class JobState(StrEnum):
    """Where a job stands; one that is leased is still waiting, for its answer."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Job(msgspec.Struct, frozen=True):
    """Something to do at `due` (ms UTC) or later.

    `id` is the key it was queued under; `run` names this one doing of it, so that the same key can be
    queued again. `payload` is JSON text; `attempts` counts failures.
    """

    id: str
    run: str
    kind: str
    due: int
    lease_until: int
    attempts: int
    state: JobState
    payload: str
    last_error: str
    created_at: int

    @property
    def op_id(self) -> str:
        """The operation that carries its result out: the same after a crash, another after a failure."""
        return f"{self.run}:{self.attempts}"


class Answer(msgspec.Struct, frozen=True):
    """What became of a leased job: `error` '' is success; with `final` no further attempt makes sense.

    `given_back` returns it untried.
    """

    job: str
    run: str
    error: str = ""
    final: bool = False
    given_back: bool = False


class LeaseJobs(Command, frozen=True):
    """Take due jobs for a runner: at most so many of each kind."""

    room: dict[str, int]


class FinishJobs(Command, frozen=True):
    """Store what became of leased jobs."""

    answers: tuple[Answer, ...]


class RetryJob(Command, frozen=True):
    """Try a failed job again from the beginning."""

    job: str


class Tend(Command, frozen=True):
    """Queue these of the chores: work that nobody asks for."""

    kinds: tuple[str, ...]


class PruneJobs(Command, frozen=True):
    """Forget these jobs, as far as they are done. A job's command."""

    jobs: tuple[str, ...]


class JobFailed(Event, frozen=True):
    """A job was given up, and why: a person must look."""

    job: str
    kind: str
    error: str
