"""A walk that is too long becomes two; what nobody began goes back together."""

from __future__ import annotations

from server.picking.store import SLOTS
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import (
    CHIEF,
    COLLEAGUE,
    PICKER,
    a_released_wave,
    confirm,
    finish,
    line_states,
    on_the_floor,
    ordered,
    stops,
)
from tests.kit import World


async def the_other(w: World, task: str) -> str:
    """Give the task that a split made."""
    [other] = [each for each in await w.all(TASKS) if each.id != task]
    return str(other.id)


async def three_orders(w: World) -> str:
    """Put three orders of a lamp on the floor as one task."""
    for name in "123":
        await ordered(w, name, ("LAMP", 1))
    [task] = await a_released_wave(w)
    return task


async def test_two_people_pick_what_was_one_walk(w: World) -> None:
    task = await three_orders(w)
    await w.do(pick.TakeTask(task), PICKER)
    first, *_ = await stops(w, task)
    await confirm(w, first)
    await w.do(wave.SplitTask(task), CHIEF)
    other = await the_other(w, task)
    assert [len(await stops(w, each)) for each in (task, other)] == [1, 1]
    assert (await w.one(TASKS, "id = ?", other)).lines == 1
    [moved] = await stops(w, other)
    assert {s for _, _, s in await line_states(w, moved.order)} == {"released"}
    await w.do(pick.TakeTask(other), COLLEAGUE)
    await finish(w, other, "T3", COLLEAGUE)
    [last] = await stops(w, task)
    await confirm(w, last, "T2")
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)
    assert (await w.one(WAVES)).state == "done"


async def test_halves_that_nobody_began_are_joined_again(w: World) -> None:
    task = await three_orders(w)
    before = [line.id for line in await stops(w, task)]
    slots = {slot.id for slot in await w.all(SLOTS)}
    await w.do(pick.TakeTask(task), PICKER)
    await w.do(wave.SplitTask(task), CHIEF)
    other = await the_other(w, task)
    await w.do(wave.JoinTasks(other, task), CHIEF)
    assert [line.id for line in await stops(w, task)] == before
    assert {slot.id for slot in await w.all(SLOTS)} == slots
    joined, left = await w.one(TASKS, "id = ?", task), await w.one(TASKS, "id = ?", other)
    assert (joined.lines, joined.state, left.state) == (3, "active", "withdrawn")
    for tote, line in zip(("T1", "T2", "T3"), await stops(w, task), strict=True):
        await confirm(w, line, tote)
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)
    assert (await w.one(WAVES)).state == "done"


async def test_one_order_is_not_split(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 1), ("MUG", 2))
    assert (await w.refused(wave.SplitTask(task), CHIEF)).code == "not_in_state"


async def test_a_half_in_hand_is_not_joined(w: World) -> None:
    task = await three_orders(w)
    await w.do(wave.SplitTask(task), CHIEF)
    other = await the_other(w, task)
    assert (await w.refused(wave.JoinTasks(task, task), CHIEF)).code == "not_in_state"
    await w.do(pick.TakeTask(other), COLLEAGUE)
    assert (await w.refused(wave.JoinTasks(other, task), CHIEF)).code == "not_in_state"
    assert (await w.refused(pick.Skip(task, (await stops(w, other))[0].id), PICKER)).code == "task_taken"


async def test_a_held_walk_stays_held_in_both_halves(w: World) -> None:
    task = await three_orders(w)
    await w.do(wave.HoldWave((await w.one(WAVES)).id), CHIEF)
    await w.do(wave.SplitTask(task), CHIEF)
    assert {each.state for each in await w.all(TASKS)} == {"held"}
    await w.do(wave.ResumeWave((await w.one(WAVES)).id), CHIEF)
    assert {each.state for each in await w.all(TASKS)} == {"offered"}
