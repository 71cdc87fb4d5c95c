"""Jobs are done once, later, again after failures, and by one runner only."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.db.unit import Unit
from server.jobs import actions, reads
from server.jobs.model import (
    LEASE_MS,
    LONGEST_DELAY_MS,
    MOST_ATTEMPTS,
    FinishJobs,
    JobState,
    LeaseJobs,
    RetryJob,
)
from server.jobs.rules import delay
from server.jobs.runner import Handler, Runner
from server.jobs.store import JOBS, JobTable
from server.kernel.actor import SYSTEM
from server.kernel.refusal import Refusal
from tests.wired import Wired, wired

pytestmark = pytest.mark.asyncio


class Queue(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    kind: str = "note"
    due: int = 0
    keyed: bool = False
    refuse: bool = False


class Note(msgspec.Struct, frozen=True):
    name: str
    refuse: str = ""


def commands(noted: list[str]) -> dict[type, Any]:
    """Wire the jobs' commands, and two of a slice: one that queues jobs, one that a job results in."""

    async def queue(unit: Unit, command: Queue) -> None:
        for name in command.names:
            key = f"key:{name}" if command.keyed else ""
            await actions.enqueue(unit, command.kind, {"name": name}, command.due, key)
        if command.refuse:
            raise Refusal("stale")

    async def note(_: Unit, command: Note) -> None:
        if command.refuse:
            raise Refusal(command.refuse)
        noted.append(command.name)

    own: dict[type, Any] = {LeaseJobs: actions.lease, FinishJobs: actions.finish, RetryJob: actions.retry}
    return own | {Queue: queue, Note: note}


async def to_note(_: Any, payload: dict[str, Any]) -> Any:
    return Note(payload["name"])


@asynccontextmanager
async def running(world: Wired, handlers: Mapping[str, Handler], **room: int) -> AsyncIterator[Runner]:
    runner = Runner(world.bus, handlers, None, room)
    runner.start()
    try:
        yield runner
    finally:
        await runner.stop(0.2)


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.005)


async def states(world: Wired) -> dict[str, int]:
    await asyncio.sleep(0.1)
    found: Counter[str] = Counter()
    for row in await reads.counts(world.database):
        found[row.state] += row.count
    return dict(found)


async def come_to(world: Wired, wanted: dict[str, int], seconds: float = 10.0) -> dict[str, int]:
    """Give the states once they are as wanted, or as they are after so long."""
    end = time.monotonic() + seconds
    while (found := await states(world)) != wanted and time.monotonic() < end:
        pass
    return found


async def tried(world: Wired, job_id: str, times: int) -> None:
    """Wait until a job has failed so many times."""
    async with asyncio.timeout(10):
        while (await world.row(JOBS, job_id)).attempts < times:
            await asyncio.sleep(0.01)


async def test_what_is_queued_is_done_at_once_and_once(tmp_path: Path) -> None:
    noted: list[str] = []
    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": to_note}):
        await asyncio.sleep(0.1)
        started = time.monotonic()
        await world.do(Queue(("a", "b")))
        await until(lambda: len(noted) == 2)
        assert time.monotonic() - started < 0.5, "queued here: no polling delay"
        assert await come_to(world, {"done": 2}) == {"done": 2}
        assert sorted(noted) == ["a", "b"]


async def test_a_refused_command_queues_nothing(tmp_path: Path) -> None:
    noted: list[str] = []
    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": to_note}):
        await world.refused(Queue(("a",), refuse=True))
        assert await come_to(world, {}) == {}


async def test_two_thousand_jobs_take_seconds(tmp_path: Path) -> None:
    noted: list[str] = []
    names = tuple(str(n) for n in range(2_000))
    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": to_note}):
        started = time.process_time()
        await world.do(Queue(names))
        await until(lambda: len(noted) == 2_000, 60)
        assert time.process_time() - started < 8
        assert sorted(noted) == sorted(names)
        assert await come_to(world, {"done": 2_000}) == {"done": 2_000}


async def test_a_key_waits_once_and_may_come_again(tmp_path: Path) -> None:
    noted: list[str] = []
    async with wired(tmp_path, commands(noted), (JobTable,)) as world:
        for _ in range(3):
            await world.do(Queue(("a",), keyed=True))
        async with running(world, {"note": to_note}):
            await until(lambda: noted == ["a"])
            assert await come_to(world, {"done": 1}) == {"done": 1}
            await world.do(Queue(("a",), keyed=True))
            await until(lambda: noted == ["a", "a"])
            assert await come_to(world, {"done": 1}) == {"done": 1}


async def test_a_key_queued_while_it_runs_is_done_again(tmp_path: Path) -> None:
    noted: list[str] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(context: Any, payload: dict[str, Any]) -> Any:
        begun.set()
        await go_on.wait()
        return await to_note(context, payload)

    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": slow}):
        await world.do(Queue(("a",), keyed=True))
        await begun.wait()
        await world.do(Queue(("a",), keyed=True))
        await asyncio.sleep(0.1)
        assert noted == []
        go_on.set()
        await until(lambda: noted == ["a", "a"])
        assert await come_to(world, {"done": 1}) == {"done": 1}


async def test_a_timer_waits_until_it_is_due(tmp_path: Path) -> None:
    noted: list[str] = []
    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": to_note}):
        await world.do(Queue(("later",), due=world.at + 60_000))
        await world.do(Queue(("now",)))
        await until(lambda: noted == ["now"])
        assert await come_to(world, {"done": 1, "waiting": 1}) == {"done": 1, "waiting": 1}
        world.at += 60_000
        await until(lambda: noted == ["now", "later"])


async def test_a_failure_is_tried_again_later(tmp_path: Path) -> None:
    noted: list[str] = []
    runs: list[str] = []

    async def flaky(context: Any, payload: dict[str, Any]) -> Any:
        runs.append(payload["job"])
        if len(runs) < 3:
            raise OSError("printer is off")
        return await to_note(context, payload)

    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": flaky}):
        await world.do(Queue(("a",), keyed=True))
        await until(lambda: len(runs) == 1)
        assert await come_to(world, {"waiting": 1}) == {"waiting": 1}
        job = await world.row(JOBS, "key:a")
        assert (job.attempts, job.last_error) == (1, "OSError: printer is off")
        assert 2_000 <= job.due - world.at <= 3_000
        for tries in (2, 3):
            world.at += 10_000
            await until(partial(lambda wanted: len(runs) == wanted, tries))
            await asyncio.sleep(0.1)
        assert (noted, await come_to(world, {"done": 1}), len(set(runs))) == (["a"], {"done": 1}, 1)


async def test_it_is_given_up_in_the_end_and_a_supervisor_tries_again(tmp_path: Path) -> None:
    noted: list[str] = []
    works: list[bool] = []

    async def broken(context: Any, payload: dict[str, Any]) -> Any:
        if not works:
            raise OSError("gone")
        return await to_note(context, payload)

    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": broken}):
        await world.do(Queue(("a",), keyed=True))
        for tries in range(1, MOST_ATTEMPTS + 1):
            await tried(world, "key:a", tries)
            world.at += 2 * LONGEST_DELAY_MS
            await world.do(Queue((), "wake"))
        assert await come_to(world, {"failed": 1}) == {"failed": 1}
        [view] = await reads.in_state(JobState.FAILED)
        assert (view.id, view.attempts, view.last_error) == ("key:a", MOST_ATTEMPTS, "OSError: gone")
        assert ("JobFailed", "key:a", "supervisors") in await world.events()
        works.append(True)
        await world.do(RetryJob("key:a"))
        await until(lambda: noted == ["a"])
        assert await come_to(world, {"done": 1}) == {"done": 1}
        assert (await world.refused(RetryJob("key:a"))).code == "not_in_state"


async def test_a_refused_result_ends_the_job(tmp_path: Path) -> None:
    async def refused(_: Any, payload: dict[str, Any]) -> Any:
        return Note(payload["name"], "not_found")

    async with wired(tmp_path, commands([]), (JobTable,)) as world, running(world, {"note": refused}):
        await world.do(Queue(("a",)))
        await asyncio.sleep(0.1)
        assert await come_to(world, {"failed": 1}) == {"failed": 1}


async def test_a_crash_between_result_and_answer_does_nothing_twice(tmp_path: Path) -> None:
    noted: list[str] = []
    async with wired(tmp_path, commands(noted), (JobTable,)) as world:
        await world.do(Queue(("a",), keyed=True))
        [leased] = await world.do(LeaseJobs({"note": 1}))
        await world.bus.do(SYSTEM, Note("a"), op_id=f"{leased['run']}:0")
    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, {"note": to_note}):
        assert await come_to(world, {"waiting": 1}) == {"waiting": 1}
        world.at += LEASE_MS
        await world.do(Queue((), "wake"))
        await asyncio.sleep(0.1)
        assert (noted, await come_to(world, {"done": 1})) == (["a"], {"done": 1})


async def test_two_runners_share_the_work(tmp_path: Path) -> None:
    noted: list[str] = []
    names = tuple(str(n) for n in range(300))
    async with (
        wired(tmp_path, commands(noted), (JobTable,)) as one,
        wired(tmp_path, commands(noted), (JobTable,)) as two,
        running(one, {"note": to_note}, note=20),
        running(two, {"note": to_note}, note=20),
    ):
        await one.do(Queue(names))
        await until(lambda: len(noted) >= 300)
        assert await come_to(one, {"done": 300}) == {"done": 300}
        assert sorted(noted) == sorted(names)


async def test_one_kind_does_not_block_another_and_room_is_kept(tmp_path: Path) -> None:
    noted: list[str] = []
    busy: list[int] = [0, 0, 0]
    go_on = asyncio.Event()

    async def slow(*_: Any) -> None:
        busy[0] += 1
        busy[1] = max(busy[:2])
        await go_on.wait()
        busy[0] -= 1
        busy[2] += 1

    handlers: dict[str, Handler] = {"slow": slow, "note": to_note}
    async with wired(tmp_path, commands(noted), (JobTable,)) as world, running(world, handlers, slow=3):
        await world.do(Queue(tuple("abcdefgh"), "slow"))
        await world.do(Queue(("quick",)))
        await until(lambda: noted == ["quick"])
        go_on.set()
        await until(lambda: busy[2] == 8)
        assert busy[1] == 3
        assert await come_to(world, {"done": 9}) == {"done": 9}


async def test_a_stop_gives_back_what_is_not_finished(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def endless(*_: Any) -> None:
        begun.set()
        await asyncio.sleep(3_600)

    async with wired(tmp_path, commands([]), (JobTable,)) as world:
        async with running(world, {"note": endless}):
            await world.do(Queue(("a",), keyed=True))
            await begun.wait()
        job = await world.row(JOBS, "key:a")
        assert (job.state, job.lease_until, job.attempts) == (JobState.WAITING, 0, 0)
        assert world.bus.listeners == []


async def test_waits_grow_and_end_somewhere() -> None:
    waits = [delay("run", attempts) for attempts in range(1, 20)]
    assert waits == [delay("run", attempts) for attempts in range(1, 20)]
    assert all(2_000 <= wait <= LONGEST_DELAY_MS * 1.5 for wait in waits)
    assert waits[0] < waits[3] < waits[8]
    assert delay("one", 1) != delay("two", 1)
