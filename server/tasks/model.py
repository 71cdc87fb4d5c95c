"""What a person may be given next: structs, states, events."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.ids import ulid
from server.kernel.machine import Machine


class TaskKind(StrEnum):
    """What is to be done. The contents lie with the slice that made the task."""

    PICK = "pick"
    RETURN = "return"
    COUNT = "count"


class TaskState(StrEnum):
    """Where a task stands."""

    HELD = "held"
    OFFERED = "offered"
    ACTIVE = "active"
    DONE = "done"
    WITHDRAWN = "withdrawn"


T = TaskState
TASK: Machine[TaskState] = Machine(
    "task",
    T.OFFERED,
    {
        (T.OFFERED, "take"): T.ACTIVE,
        (T.OFFERED, "take_over"): T.ACTIVE,
        (T.OFFERED, "assign"): T.OFFERED,
        (T.OFFERED, "hold"): T.HELD,
        (T.OFFERED, "withdraw"): T.WITHDRAWN,
        (T.HELD, "assign"): T.HELD,
        (T.HELD, "resume"): T.OFFERED,
        (T.HELD, "withdraw"): T.WITHDRAWN,
        (T.ACTIVE, "take"): T.ACTIVE,
        (T.ACTIVE, "take_over"): T.ACTIVE,
        (T.ACTIVE, "assign"): T.OFFERED,
        (T.ACTIVE, "hand_back"): T.OFFERED,
        (T.ACTIVE, "finish"): T.DONE,
        (T.ACTIVE, "withdraw"): T.WITHDRAWN,
    },
)


class Task(msgspec.Struct, frozen=True):
    """One walk for one person.

    `assignee` and `device` are who has it and on what; an assignee of an offered task is the only one it is
    offered to. `version` grows with every change; `steps` is the version of its step table; `cut_off` and
    the times are ms UTC.
    """

    id: str
    kind: TaskKind
    site: str
    wave: str
    state: TaskState
    assignee: str
    device: str
    priority: int
    cut_off: int
    version: int
    steps: int
    walk_mm: int
    lines: int
    created_at: int
    taken_at: int = 0
    done_at: int = 0


class TaskOffered(Event, frozen=True):
    """A new task may be taken; '' as assignee means by anyone of the site."""

    task: str
    site: str
    assignee: str


class TaskChanged(Event, frozen=True):
    """A task, its lines, or who has it changed; `was` is who had it before."""

    task: str
    site: str
    assignee: str
    was: str


def new_task(
    kind: TaskKind,
    site: str,
    at: int,
    *,
    lines: int,
    steps: int,
    wave: str = "",
    priority: int = 0,
    cut_off: int = 0,
    walk_mm: int = 0,
) -> Task:
    """Make an offered task that nobody has; `create` stores it."""
    return Task(
        id=ulid(at),
        kind=kind,
        site=site,
        wave=wave,
        state=TASK.start,
        priority=priority,
        cut_off=cut_off,
        version=1,
        steps=steps,
        walk_mm=walk_mm,
        lines=lines,
        created_at=at,
        assignee="",
        device="",
    )
