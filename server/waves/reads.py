"""A wave's plan, before and after its release."""

from __future__ import annotations

from server.db.engine import Database
from server.db.reads import load
from server.protocol.base import View
from server.waves.model import PlannedPick, PlannedTask
from server.waves.store import PLANNED


class PlannedView(View, frozen=True):
    """One batch: its stops in walking order, and the walk in mm."""

    id: str
    number: int
    state: str
    cut_off: int
    priority: int
    walk_mm: int
    totes: int
    picks: tuple[PlannedPick, ...]


async def current(database: Database, wave: str) -> list[PlannedTask]:
    """Give a wave's batches in order; not those of a plan that was made anew."""
    found: list[PlannedTask] = await load(database, PLANNED, "wave", [wave])
    return sorted((task for task in found if task.state != "replanned"), key=lambda task: task.number)


async def plan_of(database: Database, wave: str) -> list[PlannedView]:
    """Give a wave's batches as they are shown."""
    names = PlannedView.__struct_fields__
    return [PlannedView(*(getattr(task, name) for name in names)) for task in await current(database, wave)]
