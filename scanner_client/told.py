"""What the server last told, and how it changes: the gap check, operations laid over its state. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from scanner_client.advance import scanned
from scanner_client.lines import line_of, with_line, with_tote
from scanner_client.outbox import Entry
from server.protocol.frames import Changed, LiveCommand
from server.protocol.picking import (
    AcknowledgeWithdrawal,
    DropTotes,
    NewTote,
    Scan,
    TakeTask,
    TaskView,
)

Tasks = tuple[TaskView, ...]


class Told(msgspec.Struct, frozen=True):
    """The server's state of this device's tasks at a position of its journal."""

    position: int = 0
    tasks: Tasks = ()


def heard(told: Told, frame: Changed, waiting: int) -> Told | Literal["hello", "later"]:
    """Take in a change. `hello`: there is a gap, ask again; `later`: a snapshot lacks what still waits."""
    if frame.snapshot:
        return "later" if waiting else Told(frame.until, frame.tasks)
    if frame.since != told.position:
        return "hello"
    fresh = {task.id: task for task in frame.tasks}
    stayed = tuple(fresh.pop(task.id, task) for task in told.tasks if task.id not in frame.gone)
    return Told(frame.until, (*stayed, *fresh.values()))


def mark(tasks: Tasks, command: LiveCommand) -> str:
    """Say where a command's line stands, so that it is laid only over a line as it was when it was made."""
    task = next((task for task in tasks if task.id == getattr(command, "task", "")), None)
    line = line_of(task, getattr(command, "line", "")) if task else None
    if line is None:
        return ""
    return f"{line.state}/{line.step}/{line.quantity}/{line.counted}/{line.picked}/{line.sequence}"


def laid(tasks: Tasks, entries: Iterable[Entry]) -> Tasks:
    """Lay operations over the server's state, each only where its line is as it was when it was made."""
    return reduce(_lay, entries, tasks)


def _lay(tasks: Tasks, entry: Entry) -> Tasks:
    command = entry.op.cmd
    apply = AS.get(type(command))
    if apply is None or mark(tasks, command) != entry.mark:
        return tasks
    wanted = getattr(command, "task", "")
    changed = (apply(task, command, entry.op.by) if task.id == wanted else task for task in tasks)
    return tuple(task for task in changed if task is not None)


def _taken(task: TaskView, _: TakeTask, user: str) -> TaskView:
    return replace(task, state="active", assignee=user)


def _scanned(task: TaskView, scan: Scan, _: str) -> TaskView:
    return scanned(task, scan) or task


def _acknowledged(task: TaskView, command: AcknowledgeWithdrawal, _: str) -> TaskView:
    gone = (replace(line, state="withdrawn", step="done") for line in task.lines if line.id in command.lines)
    return reduce(with_line, gone, task)


def _placed(task: TaskView, command: NewTote, _: str) -> TaskView:
    return with_tote(task, command.slot, command.code)


def _dropped(_: TaskView, __: DropTotes, ___: str) -> None:
    return None


AS: Final[Mapping[type, Callable[[Any, Any, str], TaskView | None]]] = {
    TakeTask: _taken,
    Scan: _scanned,
    AcknowledgeWithdrawal: _acknowledged,
    NewTote: _placed,
    DropTotes: _dropped,
}
