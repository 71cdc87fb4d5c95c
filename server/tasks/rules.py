"""Who may take a task, and what becomes of it. Pure: a task in, a task or a Refusal out."""

from __future__ import annotations

from msgspec.structs import replace

from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.tasks.model import TASK, Task, TaskState


def _given_to(task: Task, event: str, actor: Actor, at: int) -> Task:
    state = TASK.next(task.state, event)
    same = task.state is state and task.assignee == actor.user
    taken_at = task.taken_at if same else at
    return replace(task, state=state, assignee=actor.user, device=actor.device, taken_at=taken_at)


def _require_here(task: Task, actor: Actor) -> None:
    if actor.site and actor.site != task.site:
        raise Refusal("wrong_site", task=task.id, site=task.site)
    if task.state is TaskState.WITHDRAWN:
        raise Refusal("task_withdrawn", task=task.id)


def taken(task: Task, actor: Actor, at: int) -> Task:
    """Give a task to who asks: offered to all, or to them, or theirs already.

    Refusal `task_taken` names who has it or has done it (`by`); `task_withdrawn`, `wrong_site`, `not_in_state`.
    """
    _require_here(task, actor)
    if task.state is not TaskState.HELD and task.assignee not in {"", actor.user}:
        raise Refusal("task_taken", task=task.id, by=task.assignee, state=str(task.state))
    return _given_to(task, "take", actor, at)


def taken_over(task: Task, actor: Actor, at: int) -> Task:
    """Give a task to who asks, whoever has it."""
    _require_here(task, actor)
    return _given_to(task, "take_over", actor, at)


def assigned(task: Task, user: str) -> Task:
    """Offer a task to one person only, '' = to all again; one in hand is taken out of it."""
    return replace(task, state=TASK.next(task.state, "assign"), assignee=user, device="")


def handed_back(task: Task) -> Task:
    """Offer a task that somebody had to all again."""
    return replace(task, state=TASK.next(task.state, "hand_back"), assignee="", device="")


def held(task: Task) -> Task:
    """Take a task off offer."""
    return replace(task, state=TASK.next(task.state, "hold"))


def resumed(task: Task) -> Task:
    """Offer a held task again."""
    return replace(task, state=TASK.next(task.state, "resume"))


def withdrawn(task: Task) -> Task:
    """End a task that is not wanted any more."""
    return replace(task, state=TASK.next(task.state, "withdraw"))


def finished(task: Task, at: int) -> Task:
    """End a task that is done."""
    return replace(task, state=TASK.next(task.state, "finish"), done_at=at)
