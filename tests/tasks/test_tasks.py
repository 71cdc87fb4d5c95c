"""Who may take a task, and who hears of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from server.db.unit import Unit
from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.tasks import actions
from server.tasks.model import TASK, Task, TaskKind, TaskState, new_task
from server.tasks.store import TASKS, TaskTable
from tests.wired import MONDAY, Wired, wired

pytestmark = pytest.mark.asyncio
ANN = Actor("ann", "phone-a", frozenset({"pick"}), "MAIN")
BEN = Actor("ben", "phone-b", frozenset({"pick"}), "MAIN")
EVE = Actor("eve", "phone-e", frozenset({"pick"}), "NORTH")
T1 = replace(new_task(TaskKind.PICK, "MAIN", MONDAY, lines=3, steps=1, wave="W1"), id="T1")


class Create(msgspec.Struct, frozen=True):
    task: Task


class Do(msgspec.Struct, frozen=True):
    what: str
    user: str | None = None


async def create(unit: Unit, command: Create) -> None:
    await actions.create(unit, command.task)


async def act(unit: Unit, command: Do) -> Task:
    action: Callable[..., Awaitable[Task]] = getattr(actions, command.what)
    more = () if command.user is None else (command.user,)
    return await action(unit, "T1", *more)


COMMANDS: dict[type, Any] = {Create: create, Do: act}


async def who(world: Wired) -> tuple[str, str, str]:
    task = await world.row(TASKS, "T1")
    return str(task.state), task.assignee, task.device


async def test_a_task_goes_from_offer_to_done(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (TaskTable,)) as world:
        await world.do(Create(T1))
        world.at += 1_000
        await world.do(Do("take"), ANN)
        assert await who(world) == ("active", "ann", "phone-a")
        world.at += 1_000
        await world.do(Do("touch"))
        await world.do(Do("finish"), ANN)
        task = await world.row(TASKS, "T1")
        assert (task.state, task.taken_at - MONDAY, task.done_at - MONDAY, task.version) == (
            "done",
            1_000,
            2_000,
            4,
        )
        assert (await world.events())[:2] == [
            ("TaskOffered", "T1", "floor:MAIN"),
            ("TaskChanged", "T1", "user:ann|floor:MAIN"),
        ]


async def test_a_colleagues_task_is_taken_only_on_purpose(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (TaskTable,)) as world:
        await world.do(Create(T1))
        await world.do(Do("take"), ANN)
        refusal = await world.refused(Do("take"), BEN)
        assert (refusal.code, refusal.facts["by"]) == ("task_taken", "ann")
        await world.do(Do("take_over"), BEN)
        assert await who(world) == ("active", "ben", "phone-b")
        assert (await world.events())[-1] == ("TaskChanged", "T1", "user:ben|user:ann|floor:MAIN")
        await world.do(Do("hand_back"), BEN)
        assert await who(world) == ("offered", "", "")


async def test_one_comes_back_to_ones_own_task_on_another_device(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (TaskTable,)) as world:
        await world.do(Create(T1))
        await world.do(Do("take"), ANN)
        world.at += 60_000
        await world.do(Do("take"), replace(ANN, device="spare"))
        assert await who(world) == ("active", "ann", "spare")
        assert (await world.row(TASKS, "T1")).taken_at == MONDAY


async def test_an_assigned_task_is_for_one_person(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (TaskTable,)) as world:
        await world.do(Create(T1))
        await world.do(Do("assign", "ben"))
        assert (await world.refused(Do("take"), ANN)).code == "task_taken"
        await world.do(Do("take"), BEN)
        await world.do(Do("assign", "ann"))
        assert await who(world) == ("offered", "ann", "")
        await world.do(Do("assign", ""))
        await world.do(Do("take"), ANN)


async def test_a_held_task_is_not_on_offer(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (TaskTable,)) as world:
        await world.do(Create(replace(T1, state=TaskState.HELD)))
        assert await world.events() == []
        assert (await world.refused(Do("take"), ANN)).code == "not_in_state"
        await world.do(Do("resume"))
        await world.do(Do("take"), ANN)
        assert (await world.refused(Do("hold"))).code == "not_in_state"


async def test_another_site_and_a_withdrawn_task_are_refused(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (TaskTable,)) as world:
        await world.do(Create(T1))
        assert (await world.refused(Do("take"), EVE)).code == "wrong_site"
        await world.do(Do("withdraw"))
        assert (await world.refused(Do("take"), ANN)).code == "task_withdrawn"
        assert (await world.refused(Do("take_over"), ANN)).code == "task_withdrawn"


EVENTS = sorted({event for _, event in TASK.table})


@pytest.mark.parametrize(("state", "event"), list(product(TaskState, EVENTS)))
async def test_every_state_answers_every_event(state: TaskState, event: str) -> None:
    if TASK.allows(state, event):
        assert TASK.next(state, event) in set(TaskState)
    else:
        with pytest.raises(Refusal, match="not_in_state"):
            TASK.next(state, event)
    assert not (state in {TaskState.DONE, TaskState.WITHDRAWN} and TASK.allows(state, event))
