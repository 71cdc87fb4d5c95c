"""Undo, skip, new totes, handing over: what a picker does besides scanning."""

from __future__ import annotations

import pytest

from server.orders.model import CancelOrder
from server.picking.store import PICKS, TOTES_IN_USE
from server.protocol import picking as pick
from server.protocol import waves as wave
from server.tasks.store import TASKS
from tests.floor import (
    CHIEF,
    COLLEAGUE,
    OFFICE,
    PICKER,
    an_order,
    at_bin,
    carried_back,
    confirm,
    counted,
    finish,
    into,
    line_states,
    on_the_floor,
    order_state,
    pool,
    stops,
    there,
)
from tests.kit import World


async def test_undo_of_a_half_counted_line_starts_it_anew(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    assert (await w.refused(pick.Undo(task, line.id), PICKER)).code == "nothing_to_undo"
    await counted(w, line, 2)
    await w.do(pick.Undo(task, line.id), PICKER)
    [line] = await stops(w, task)
    assert (line.step, line.counted) == ("bin", 0)
    await finish(w, task)


async def test_undo_of_a_picked_line_puts_the_goods_back_promised_as_before(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    await confirm(w, line)
    assert await pool(w, "LAMP") == (2, 0)
    await w.do(pick.Undo(task, line.id), PICKER)
    assert await pool(w, "LAMP") == (5, 3)
    assert await line_states(w, "csv:1") == [("LAMP", 3, "picking")]
    await finish(w, task)
    assert await order_state(w, "csv:1") == "picked"


async def test_an_undone_line_goes_into_the_tote_that_stands_there_now(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    await confirm(w, line, "T1")
    await w.do(pick.Undo(task, line.id), PICKER)
    await w.do(pick.NewTote(task, line.slot, "T2"), PICKER)
    await finish(w, task, "T2")
    assert [t.tote for t in await w.all(TOTES_IN_USE)] == ["T2"]


async def test_undo_of_a_line_that_was_cut_since_leaves_what_is_carried_back(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 4))
    [line] = await stops(w, task)
    await confirm(w, line)
    await w.do(an_order("1", ("LAMP", 3), revision="2"))
    await w.do(pick.Undo(task, line.id), PICKER)
    assert (await pool(w, "LAMP"), await there(w, "tote:T1", "LAMP")) == ((4, 3), 1)
    assert await carried_back(w, COLLEAGUE) == 1
    await finish(w, task)
    assert await pool(w, "LAMP") == (2, 0)


async def test_a_cancelled_line_cannot_be_undone(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 3))
    [line] = await stops(w, task)
    await confirm(w, line)
    await w.do(CancelOrder("csv:1"), OFFICE)
    assert (await w.refused(pick.Undo(task, line.id), PICKER)).code == "not_in_state"


async def test_a_skipped_line_comes_last_and_is_not_done(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 2))
    first, second = await stops(w, task)
    await counted(w, first, 1)
    await w.do(pick.Skip(task, first.id), PICKER)
    assert [p.id for p in await stops(w, task)] == [second.id, first.id]
    assert (await w.refused(pick.DropTotes(task, "CONS-1"), PICKER)).code == "lines_open"
    await finish(w, task)
    assert (await w.refused(pick.Skip(task, first.id), PICKER)).code == "task_taken"


async def test_a_full_tote_is_followed_by_a_new_one(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 2))
    first, second = await stops(w, task)
    await confirm(w, first, "T1")
    await w.do(pick.NewTote(task, 1, "T2"), PICKER)
    await confirm(w, second, "T2")
    await w.do(pick.DropTotes(task, "CONS-1"), PICKER)
    assert {t.tote: t.place for t in await w.all(TOTES_IN_USE)} == {"T1": "MAIN:CONS-1", "T2": "MAIN:CONS-1"}


async def test_a_task_handed_back_keeps_what_is_picked(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 2))
    first, second = await stops(w, task)
    await confirm(w, first)
    await counted(w, second, 1)
    await w.do(pick.HandBack(task), PICKER)
    assert (await w.one(PICKS, "id = ?", second.id)).counted == 0
    assert ("MUG" if second.sku == "MUG" else "LAMP", 2, "released") in await line_states(w, "csv:1")
    assert (await w.refused(pick.Skip(task, second.id), PICKER)).code == "task_taken"
    await w.do(pick.TakeTask(task), COLLEAGUE)
    await finish(w, task, who=COLLEAGUE)
    assert await order_state(w, "csv:1") == "picked"


async def test_a_colleague_takes_over(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 2))
    first, _ = await stops(w, task)
    await confirm(w, first)
    await w.do(pick.TakeOver(task), COLLEAGUE)
    assert (await w.one(TASKS, "id = ?", task)).assignee == "cid"
    await finish(w, task, who=COLLEAGUE)
    assert len(await w.events("TaskChanged")) >= 2


async def test_a_supervisor_gives_the_task_to_somebody_else(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 2))
    first, _ = await stops(w, task)
    await at_bin(w, first)
    await w.do(wave.AssignTask(task, "cid"), CHIEF)
    assert (await w.refused(pick.TakeTask(task), PICKER)).code == "task_taken"
    assert {state for _, _, state in await line_states(w, "csv:1")} == {"released"}
    await w.do(pick.TakeTask(task), COLLEAGUE)
    await finish(w, task, who=COLLEAGUE)


async def test_a_lost_device_gives_its_tasks_back(w: World) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2), ("MUG", 2))
    first, _ = await stops(w, task)
    await confirm(w, first)
    await w.do(CancelOrder("csv:1"), OFFICE)
    assert "withdrawing" in {state for _, _, state in await line_states(w, "csv:1")}
    await w.do(wave.LoseDevice("phone-1"), CHIEF)
    assert await order_state(w, "csv:1") == "cancelled"
    assert (await w.one(TASKS, "id = ?", task)).state in {"offered", "withdrawn"}


@pytest.mark.parametrize("twice", [False, True])
async def test_taking_a_task_again_changes_nothing(w: World, *, twice: bool) -> None:
    task = await on_the_floor(w, "1", ("LAMP", 2))
    [line] = await stops(w, task)
    await counted(w, line, 2)
    if twice:
        await w.do(pick.TakeTask(task), PICKER)
    await into(w, line)
    assert await there(w, "tote:T1", "LAMP") == 2
