"""The tasks as one socket was told of them, with what its own device did laid over."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from server.protocol import steps
from server.protocol.frames import Changed
from server.protocol.picking import LineView, Scan, Skip, TaskView, Undo

OPEN = frozenset({"open", "withdrawing"})


class View:
    """What a handheld keeps of the floor: its position in the journal, and its tasks by id."""

    def __init__(self) -> None:
        self.position = 0
        self.tasks: dict[str, TaskView] = {}

    def take(self, frame: Changed) -> bool:
        """Take in what changed; False where something was missed and hello has to be said again."""
        if not frame.snapshot and frame.since != self.position:
            return False
        if frame.snapshot:
            self.tasks.clear()
        for task in frame.gone:
            self.tasks.pop(task, None)
        self.tasks.update({task.id: task for task in frame.tasks})
        self.position = frame.until
        return True

    def did(self, command: Any) -> None:
        """Lay what this device did over the task: the server does not tell it back."""
        task = self.tasks.get(getattr(command, "task", ""))
        if task is None or not isinstance(command, Scan | Skip | Undo):
            return
        lines = tuple(_after(task, line, command) if line.id == command.line else line for line in task.lines)
        self.tasks[task.id] = replace(task, lines=lines)

    def gist(self, *, lines: bool) -> dict[str, Any]:
        """Give what must equal the server's: who has each task, and with `lines` how far each line is."""
        return {task.id: (task.state, task.assignee, _lines(task) if lines else ()) for task in self.tasks.values()}


def _lines(task: TaskView) -> tuple[Any, ...]:
    return tuple(sorted((line.id, line.state, line.step, line.quantity) for line in task.lines))


def _after(task: TaskView, line: LineView, command: Scan | Skip | Undo) -> LineView:
    """Give a line after a scan at its step; skipped or undone it begins anew. Any other scan was in what was told."""
    if isinstance(command, Skip | Undo):
        return replace(line, state="open", step=steps.first(task.kind), counted=0, picked=0)
    if command.step != line.step or line.state not in OPEN:
        return line
    step = steps.after(task.kind, line.step, steps.Facts(line.tracking, task.confirm_tote))
    return replace(line, step=step, state="picked" if step == "done" else line.state)
