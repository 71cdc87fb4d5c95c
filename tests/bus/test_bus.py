"""One operation, one outcome: repeated, out of order, refused, faulty, on a full disk, at the end of the day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.db.item import TRIES
from server.db.journal import after
from server.db.oplog import Outcome
from server.db.unit import Unit
from server.kernel.actor import SYSTEM, Actor
from server.kernel.refusal import Busy, Gap
from tests.bus.things import FACTS, TABLES, THINGS, Do, do
from tests.wired import Wired, wired

PHONE = Actor("ann", "phone-1", frozenset({"*"}))


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[Wired]:
    """A bus with one command."""
    async with wired(tmp_path, {Do: do}, TABLES) as opened:
        yield opened


def put(key: str, value: int = 1, ends: str = "") -> Do:
    """Put a thing."""
    return Do((("put", key, value),), ends)


async def things(w: Wired) -> dict[str, int]:
    """What is committed."""
    return {row["id"]: row["value"] for row in await w.database.read(THINGS.select)}


async def send(w: Wired, seq: int, command: Do, op_id: str = "") -> Outcome | BaseException:
    """Send an operation of the phone; gives its outcome, or what was raised."""
    try:
        return await w.bus.perform(PHONE, command, op_id=op_id or f"op-{seq}", seq=seq)
    except (Busy, Gap) as answer:
        return answer


async def test_the_same_operation_has_the_same_outcome_in_one_group_and_later(w: Wired) -> None:
    adding = Do((("sum", "", 0), ("put", "a", 1)))
    first, second = await asyncio.gather(send(w, 1, adding), send(w, 1, adding))
    third = await send(w, 1, adding)
    assert first == second == third
    assert isinstance(first, Outcome)
    assert msgspec.json.decode(first.result) == [0, None]
    assert first.position == 1
    assert len(await after(w.database, 0)) == 1


async def test_a_refusal_is_answered_again_the_same_and_advances(w: Wired) -> None:
    first = await send(w, 1, put("a", ends="refuse"))
    again = await send(w, 1, put("a"))
    assert first == again
    assert isinstance(first, Outcome)
    assert first.code == "bad_value"
    assert isinstance(await send(w, 2, put("b")), Outcome)
    assert await things(w) == {"b": 1}


async def test_a_gap_names_the_one_expected(w: Wired) -> None:
    await send(w, 1, put("a"))
    for seq, op_id in ((3, "op-3"), (1, "other")):
        answer = await send(w, seq, put("c"), op_id)
        assert isinstance(answer, Gap)
        assert answer.expected == 2
    assert await things(w) == {"a": 1}


async def test_operations_of_a_device_in_one_group_keep_their_order(w: Wired) -> None:
    answers = await asyncio.gather(*(send(w, seq, put("a", seq)) for seq in (1, 2, 4, 3, 5)))
    assert [type(answer) for answer in answers] == [Outcome, Outcome, Gap, Outcome, Gap]
    assert await things(w) == {"a": 3}


async def test_a_fault_is_tried_five_times_and_the_queue_goes_on(w: Wired) -> None:
    broken = Do((("record", "a", 1), ("put", "a", 1)), "crash")
    for _ in range(TRIES - 1):
        assert isinstance(await send(w, 1, broken), Busy)
        assert isinstance(await send(w, 2, put("b")), Gap)
    parked = await send(w, 1, broken)
    assert isinstance(parked, Outcome)
    assert parked.code == "failed"
    assert await send(w, 1, broken) == parked
    assert isinstance(await send(w, 2, put("b")), Outcome)
    assert await things(w) == {"b": 1}
    assert await w.database.read(FACTS.select) == []
    assert not +w.bus._writer.faults.counts


async def test_a_command_the_engine_never_takes_is_parked_too(w: Wired) -> None:
    clash = Do((("clash", "a", 1),))
    answers = [await send(w, 1, clash) for _ in range(TRIES)]
    assert [type(answer) for answer in answers] == [Busy] * (TRIES - 1) + [Outcome]
    assert isinstance(await send(w, 2, put("b")), Outcome)


async def test_one_bad_command_costs_its_group_nothing(w: Wired) -> None:
    commands = [put("a"), Do((("clash", "x", 1),)), put("b", ends="crash"), put("c", ends="refuse"), put("d")]
    answers = await asyncio.gather(*(w.bus.perform(SYSTEM, c, op_id=f"{n}") for n, c in enumerate(commands)))
    assert [answer.code for answer in answers] == ["", "failed", "failed", "bad_value", ""]
    assert await things(w) == {"a": 1, "d": 1}
    assert [e.position for e in await after(w.database, 0)] == [1, 2]


async def test_nobody_does_what_they_may_not(w: Wired) -> None:
    outcome = await w.bus.perform(SYSTEM, Actor())
    assert outcome.code == "not_found"


@pytest.mark.sqlite
async def test_a_full_disk_stores_nothing_half_and_works_again_after(w: Wired) -> None:
    [(pages,)] = await w.database.fetch("PRAGMA page_count")
    await w.database.fetch(f"PRAGMA max_page_count={pages}")
    many = Do(tuple(("put", f"{n:04}" * 20, n) for n in range(500)))
    answer = await send(w, 1, many)
    assert isinstance(answer, Busy)
    assert answer.code == "disk_full"
    assert (await things(w), await after(w.database, 0)) == ({}, [])
    for _ in range(TRIES):
        answer = await send(w, 1, many)
        assert isinstance(answer, Busy)
    await w.database.fetch(f"PRAGMA max_page_count={pages * 1000}")
    assert isinstance(await send(w, 1, many), Outcome)
    assert len(await things(w)) == 500
    assert [e.position for e in await after(w.database, 0)] == list(range(1, 501))


async def test_what_is_under_way_is_finished_before_the_stop(w: Wired) -> None:
    going = [asyncio.create_task(w.bus.perform(SYSTEM, put(f"{n}"))) for n in range(600)]
    await asyncio.sleep(0)
    await w.bus.stop()
    answers: list[Any] = await asyncio.gather(*going, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Outcome}
    assert len(await things(w)) == 600
    with pytest.raises(Busy):
        await w.bus.perform(SYSTEM, put("late"))


async def test_scans_go_before_bulk_work(w: Wired) -> None:
    order: list[str] = []

    async def watch(name: str, *, bulk: bool) -> None:
        await w.bus.perform(SYSTEM, put(name), bulk=bulk)
        order.append(name)

    await asyncio.gather(*(watch(f"bulk-{n}", bulk=True) for n in range(3)), watch("scan", bulk=False))
    assert order[0] == "scan"


async def test_bulk_work_that_gives_way_keeps_its_order(tmp_path: Path) -> None:
    done: list[str] = []

    async def slowly(unit: Unit, command: Do) -> Any:
        await asyncio.sleep(0.001)
        done.append(command.steps[0][1])
        return await do(unit, command)

    async with wired(tmp_path, {Do: slowly}, TABLES) as w:
        bulk = [asyncio.create_task(w.bus.perform(SYSTEM, put(f"bulk-{n:02}"), bulk=True)) for n in range(30)]
        while not all(task.done() for task in bulk):
            await w.bus.perform(SYSTEM, put("scan"))
    assert [name for name in done if name != "scan"] == [f"bulk-{n:02}" for n in range(30)]
