"""When a job is done again, and when it is given up. Pure."""

from __future__ import annotations

from zlib import crc32

from msgspec.structs import replace

from server.jobs.model import (
    FIRST_DELAY_MS,
    LEASE_MS,
    LONGEST_DELAY_MS,
    MOST_ATTEMPTS,
    Answer,
    Job,
    JobState,
)

LONGEST_ERROR = 500


def queued(known: Job | None, fresh: Job, at: int) -> Job:
    """Give the job of a key that is queued: one that waits untouched serves both, whichever is due sooner.

    One that somebody is doing may have read what has changed since: it will be done again after its answer.
    """
    if known is None or known.state is not JobState.WAITING:
        return fresh
    if known.lease_until > at:
        return replace(fresh, lease_until=known.lease_until)
    return replace(fresh, run=known.run, attempts=known.attempts, due=min(known.due, fresh.due))


def leased(job: Job, at: int) -> Job:
    """Give a job to a runner."""
    return replace(job, lease_until=at + LEASE_MS)


def answered(job: Job, answer: Answer, at: int) -> Job:
    """Give the job after its runner's answer; one that was queued again meanwhile is free to be done."""
    free = replace(job, lease_until=0)
    if answer.run != job.run or answer.given_back:
        return free
    if not answer.error:
        return replace(free, state=JobState.DONE, last_error="")
    attempts = job.attempts + 1
    tried = replace(free, attempts=attempts, last_error=answer.error[:LONGEST_ERROR])
    if answer.final or attempts >= MOST_ATTEMPTS:
        return replace(tried, state=JobState.FAILED)
    return replace(tried, due=at + delay(job.run, attempts))


def delay(run: str, attempts: int) -> int:
    """Give the wait in ms after so many failures: doubling, with up to half as much again at random.

    The chance is drawn from the job's own name, so that the same failure always waits the same.
    """
    base = min(FIRST_DELAY_MS << (attempts - 1), LONGEST_DELAY_MS)
    jitter = crc32(f"{run}:{attempts}".encode()) / 2**32
    return base + round(base * jitter / 2)
