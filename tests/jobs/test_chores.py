"""What nobody asks for is done by itself: old jobs are forgotten, an hour after hour."""

from __future__ import annotations

from pathlib import Path

import msgspec

from server.jobs import actions
from server.jobs.model import CHORES, KEPT_MS, MOST_PRUNED, Job, JobState, Tend
from server.jobs.store import JOBS
from server.kernel.clock import DAY, HOUR
from tests.kit import START, World, world

DONE, WAITING, FAILED = JobState.DONE, JobState.WAITING, JobState.FAILED


def a_job(name: str, state: JobState, due: int) -> Job:
    return Job(name, name, "allocate", due, 0, 0, state, "{}", "", due)


async def stored(w: World, *jobs: Job) -> None:
    """Put jobs there as they were left behind."""
    await w.database.begin()
    await w.database.many(JOBS.upsert, [JOBS.dump(job) for job in jobs])
    await w.database.commit()


async def kept(w: World) -> set[str]:
    return {job.id for job in await w.all(JOBS)} - set(CHORES)


async def test_done_jobs_are_forgotten_after_a_week(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        long_ago, lately = START - KEPT_MS - DAY, START - DAY
        failed, late = a_job("failed", FAILED, long_ago), a_job("late", DONE, lately)
        await stored(w, a_job("old", DONE, long_ago), failed, late)
        await w.do(Tend(CHORES))
        await w.settle()
        assert await kept(w) == {"failed", "late"}


async def test_more_than_a_batch_is_forgotten_batch_by_batch(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await stored(w, *(a_job(f"old-{n}", DONE, n) for n in range(MOST_PRUNED + 5)))
        found = await actions.old(w.database, START)
        assert found
        assert len(found.jobs) == MOST_PRUNED
        await w.do(Tend(CHORES))
        await w.settle()
        assert await kept(w) == set()


async def test_a_job_that_is_queued_again_meanwhile_stays(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await stored(w, a_job("again", DONE, 0))
        found = await actions.old(w.database, START)
        again = msgspec.structs.replace(a_job("again", WAITING, 0), due=START + DAY)
        await stored(w, again)
        await w.do(found)
        assert await kept(w) == {"again"}


async def test_the_hour_strikes(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await stored(w, a_job("old", DONE, 0))
        w.now += HOUR
        await w.do(Tend(()))
        while await kept(w):
            await w.settle()
