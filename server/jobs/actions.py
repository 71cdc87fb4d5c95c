"""Jobs are queued in the transaction of what caused them, leased by runners, answered, and tried again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from server.db.engine import Database
from server.db.unit import Unit
from server.jobs import rules
from server.jobs.model import (
    KEPT_MS,
    MOST_PRUNED,
    FinishJobs,
    Job,
    JobFailed,
    JobState,
    LeaseJobs,
    PruneJobs,
    RetryJob,
    Tend,
)
from server.jobs.store import DONE_LONG_AGO, JOBS, TO_LEASE
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal


async def enqueue(unit: Unit, kind: str, payload: Mapping[str, Any], due: int = 0, key: str = "") -> str:
    """Queue a job for `due` (ms UTC; 0 = now) and give its id. It exists if this transaction commits.

    While a job of the same `key` waits untouched, there is one of it; its payload is the latest.
    """
    run = ulid(unit.at)
    fresh = Job(
        id=key or run,
        run=run,
        kind=kind,
        due=due or unit.at,
        lease_until=0,
        attempts=0,
        state=JobState.WAITING,
        payload=msgspec.json.encode(payload).decode(),
        last_error="",
        created_at=unit.at,
    )
    known = await unit.find(JOBS, key) if key else None
    unit.put(JOBS, rules.queued(known, fresh, unit.at))
    return fresh.id


async def lease(unit: Unit, command: LeaseJobs) -> list[Job]:
    """Carry out LeaseJobs: give the jobs that are the runner's now, the longest due first."""
    taken = [
        rules.leased(job, unit.at)
        for kind, room in sorted(command.room.items())
        for job in await unit.query(JOBS, TO_LEASE, unit.at, unit.at, kind, room)
    ]
    unit.put(JOBS, *taken)
    return taken


async def finish(unit: Unit, command: FinishJobs) -> None:
    """Carry out FinishJobs: what failed waits for its next attempt, or is given up and a supervisor told."""
    jobs = await unit.many(JOBS, [answer.job for answer in command.answers])
    for answer in command.answers:
        before = jobs.get(answer.job)
        if before is None or before.state is not JobState.WAITING:
            continue
        job = rules.answered(before, answer, unit.at)
        unit.put(JOBS, job)
        if job.state is JobState.FAILED:
            unit.emit(JobFailed(job.id, job.kind, job.last_error), "supervisors")


async def tend(unit: Unit, command: Tend) -> None:
    """Carry out Tend; several runners that ask at once have it done once."""
    for kind in command.kinds:
        await enqueue(unit, kind, {}, key=kind)


async def old(database: Database, now: int) -> PruneJobs | None:
    """Do the job `prune_jobs`: find what was done long ago, a bounded number at a time."""
    found = await database.rows(DONE_LONG_AGO, (now - KEPT_MS, MOST_PRUNED))
    return PruneJobs(tuple(job for (job,) in found)) if found else None


async def prune(unit: Unit, command: PruneJobs) -> None:
    """Carry out PruneJobs; where there may be more, it is done again."""
    for job in (await unit.many(JOBS, command.jobs)).values():
        if job.state is JobState.DONE:
            unit.drop(JOBS, job.id)
    if len(command.jobs) == MOST_PRUNED:
        await enqueue(unit, "prune_jobs", {}, key="prune_jobs")


async def retry(unit: Unit, command: RetryJob) -> None:
    """Carry out RetryJob; Refusal `not_in_state` for a job that has not failed."""
    job = await unit.get(JOBS, command.job)
    if job.state is not JobState.FAILED:
        raise Refusal("not_in_state", machine="job", state=str(job.state), event="retry")
    unit.put(JOBS, replace(job, run=ulid(unit.at), state=JobState.WAITING, attempts=0, due=unit.at))
