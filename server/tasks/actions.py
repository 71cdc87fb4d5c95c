"""Tasks are offered, taken, handed on and ended, always inside the command of the slice that made them."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.unit import Unit
from server.tasks import rules
from server.tasks.model import Task, TaskChanged, TaskOffered, TaskState
from server.tasks.store import TASKS


async def create(unit: Unit, task: Task) -> None:
    """Store a new task, and offer it unless it is held."""
    unit.put(TASKS, task)
    if task.state is TaskState.OFFERED:
        unit.emit(TaskOffered(task.id, task.site, task.assignee), *_audiences(task, task.assignee))


def _audiences(task: Task, was: str) -> tuple[str, ...]:
    """Give who must know: who has it, who had it, the floor it lies on."""
    users = dict.fromkeys(user for user in (task.assignee, was) if user)
    return (*(f"user:{user}" for user in users), f"floor:{task.site}")


def _change(unit: Unit, before: Task, after: Task) -> Task:
    """Store a task's next version and say so."""
    task = replace(after, version=before.version + 1)
    unit.put(TASKS, task)
    fact = TaskChanged(task.id, task.site, task.assignee, before.assignee)
    unit.emit(fact, *_audiences(task, before.assignee))
    return task


async def take(unit: Unit, task_id: str) -> Task:
    """Give the task to the actor, on their device; see `rules.taken` for what is refused."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.taken(task, unit.actor, unit.at))


async def take_over(unit: Unit, task_id: str) -> Task:
    """Give the task to the actor although a colleague has it."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.taken_over(task, unit.actor, unit.at))


async def hand_back(unit: Unit, task_id: str) -> Task:
    """Offer a task in hand to all again; whoever calls this has checked that the actor may."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.handed_back(task))


async def assign(unit: Unit, task_id: str, user: str) -> Task:
    """Offer the task to one person only ('' = to all)."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.assigned(task, user))


async def hold(unit: Unit, task_id: str) -> Task:
    """Take a task off offer."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.held(task))


async def resume(unit: Unit, task_id: str) -> Task:
    """Offer a held task again."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.resumed(task))


async def withdraw(unit: Unit, task_id: str) -> Task:
    """End a task that is not wanted any more; who has it is told."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.withdrawn(task))


async def finish(unit: Unit, task_id: str) -> Task:
    """End a task that is done; who did it stays on it."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, rules.finished(task, unit.at))


async def touch(unit: Unit, task_id: str) -> Task:
    """Say that what belongs to a task changed: its devices fetch it again."""
    task = await unit.get(TASKS, task_id)
    return _change(unit, task, task)
