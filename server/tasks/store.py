"""Table of the tasks."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.tasks.model import Task


class TaskTable(Table, tablename="task"):
    """One row a task."""

    id = Text(primary_key=True)
    kind = Text()
    site = Text(index=True)
    wave = Text(index=True)
    state = Text(index=True)
    assignee = Text(index=True)
    device = Text(index=True)
    priority = BigInt()
    cut_off = BigInt()
    version = BigInt()
    steps = BigInt()
    walk_mm = BigInt()
    lines = BigInt()
    created_at = BigInt()
    taken_at = BigInt()
    done_at = BigInt()


TASKS = Rows(TaskTable, Task)
