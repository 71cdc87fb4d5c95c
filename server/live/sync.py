"""What a handheld must be told: which tasks an entry of the journal touches, and how this person sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from server.db import journal
from server.db.engine import Database
from server.db.journal import Entry
from server.kernel.actor import Actor
from server.picking.reads import task_views
from server.protocol.frames import Changed
from server.protocol.picking import TaskView
from server.tasks.reads import open_to

MOST_BEHIND = 2_000
"""Entries a device may be behind before a snapshot is cheaper than telling it what happened."""
OWN = frozenset({"LinePicked", "PickUndone"})
"""What a device did itself and shows already."""


class _Task(msgspec.Struct):
    """The one field of an event's body that matters here."""

    task: str = ""


_task = msgspec.json.Decoder(_Task).decode


def audiences(actor: Actor) -> frozenset[str]:
    """Give the audiences that this person is of."""
    floor = {f"floor:{actor.site}"} if actor.site else set()
    leads = {"supervisors"} if actor.may("supervise") else set()
    return frozenset({f"user:{actor.user}", *floor, *leads})


class Touch(msgspec.Struct, frozen=True):
    """An entry as far as it concerns tasks: where it stands, which task, who is to know, and whose device made it."""

    position: int
    task: str
    audiences: frozenset[str]
    device: str
    is_scan: bool

    def is_news_to(self, device: str) -> bool:
        """Tell whether a device does not show it already, having done it."""
        return not (self.is_scan and self.device == device)


def touches(entries: Iterable[Entry]) -> list[Touch]:
    """Read the entries that change tasks, once for all who listen.

    What somebody scans on their own task changes it for their own other devices only: nobody else is shown it.
    """
    return [_touch(task, entry) for entry in entries if (task := _task(entry.body).task)]


def _touch(task: str, entry: Entry) -> Touch:
    is_scan = entry.kind in OWN
    told = (a for a in entry.audiences.split("|") if not is_scan or a.startswith("user:"))
    return Touch(entry.position, task, frozenset(told), entry.device, is_scan)


def touched(found: Iterable[Touch], actor: Actor) -> list[str]:
    """Give the tasks that these entries change for this person, other than by their own device."""
    channels = audiences(actor)
    heard = (t.task for t in found if not channels.isdisjoint(t.audiences) and t.is_news_to(actor.device))
    return list(dict.fromkeys(heard))


def seen_by(task: TaskView, actor: Actor) -> TaskView | None:
    """Give a task as this person may see it: their own in full, one on offer by its head, others not at all."""
    if task.assignee == actor.user and task.state in {"active", "offered"}:
        return task
    open_to_all = not task.assignee and task.state == "offered" and actor.site in {"", task.site}
    return replace(task, lines=()) if open_to_all else None


def changed(views: Sequence[TaskView], ids: Sequence[str], actor: Actor, since: int, until: int) -> Changed:
    """Make the frame for these tasks."""
    visible = [v for view in views if view.id in set(ids) and (v := seen_by(view, actor)) is not None]
    shown = {view.id for view in visible}
    return Changed(since, until, tuple(visible), tuple(i for i in ids if i not in shown))


async def catch_up(database: Database, actor: Actor, position: int) -> Changed:
    """Tell a device what it missed since `position`, or everything (a snapshot) where that is too much."""
    now = await journal.position(database)
    if not position or position > now or now - position > MOST_BEHIND:
        return await snapshot(database, actor)
    entries = [e for e in await journal.after(database, position, MOST_BEHIND) if e.position <= now]
    ids = touched(touches(entries), actor)
    return changed(await task_views(database, ids), ids, actor, position, now)


async def snapshot(database: Database, actor: Actor) -> Changed:
    """Give all tasks that this person has or may take."""
    now = await journal.position(database)
    ids = await open_to(database, actor.user, actor.site)
    frame = changed(await task_views(database, ids), ids, actor, 0, now)
    return replace(frame, gone=(), snapshot=True)
