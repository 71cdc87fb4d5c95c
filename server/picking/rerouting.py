"""The rest of a task's walk, found anew in the planner's process when its lines have changed while it is picked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace

from server.db.engine import Database
from server.db.reads import load
from server.db.unit import Unit
from server.jobs.actions import enqueue
from server.picking.model import PickLine, PickState, SaveWalk
from server.picking.store import PICKS
from server.protocol import steps
from server.sites.layout import Layout
from server.sites.model import Bin
from server.sites.store import BINS
from server.tasks import actions as tasks
from server.tasks.model import Task, TaskState
from server.tasks.store import TASKS
from server.waves.planning import Think, elsewhere


async def ask(unit: Unit, task_id: str) -> None:
    """Have the walk of a task in hand found anew; once, however many of its lines change."""
    if (await unit.get(TASKS, task_id)).state is TaskState.ACTIVE:
        await enqueue(unit, "reroute_task", {"task": task_id}, key=f"reroute:{task_id}")


async def plan(database: Database, payload: dict[str, Any], think: Think[list[str]] = elsewhere) -> SaveWalk | None:
    """Do the job `reroute_task`. None where nothing is left to choose."""
    found: list[Task] = await load(database, TASKS, "id", [payload["task"]])
    picks: list[PickLine] = await load(database, PICKS, "task", [payload["task"]])
    ahead = waiting(picks)
    if not found or found[0].state is not TaskState.ACTIVE or not ahead[1:]:
        return None
    bins: list[Bin] = await load(database, BINS, "site", [found[0].site])
    layout = Layout.of(bins)
    wanted = [pick.bin for pick in ahead if pick.bin in layout.places]
    order = await think(partial(_onward, layout, stands_at(picks), wanted))
    return SaveWalk(found[0].id, tuple(order))


async def save_walk(unit: Unit, command: SaveWalk) -> None:
    """Carry out SaveWalk: lines not begun follow the order of their bins; what the picker has begun stays first."""
    picks = await unit.where(PICKS, task=command.task)
    turn = {bin_id: number for number, bin_id in enumerate(command.bins)}
    before = sorted(waiting(picks), key=lambda pick: pick.sequence)
    after = sorted(before, key=lambda pick: (turn.get(pick.bin, len(turn)), pick.sequence))
    if [pick.id for pick in before] == [pick.id for pick in after]:
        return
    places = [pick.sequence for pick in before]
    unit.put(PICKS, *(replace(pick, sequence=place) for pick, place in zip(after, places, strict=True)))
    await tasks.touch(unit, command.task)


def waiting(picks: Sequence[PickLine]) -> list[PickLine]:
    """Give the lines that nobody has begun."""
    return [pick for pick in picks if pick.state is PickState.OPEN and pick.step == steps.first(pick.kind)]


def stands_at(picks: Sequence[PickLine]) -> str:
    """Give the bin where the picker is: of the line begun, else of the last one picked; '' = still at the depot."""
    begun = [pick for pick in picks if pick.state is PickState.OPEN and pick.step != steps.first(pick.kind)]
    done = sorted((pick for pick in picks if pick.picked_at), key=lambda pick: pick.picked_at)
    return next((pick.bin for pick in [*begun, *done[::-1]]), "")


def _onward(layout: Layout, here: str, bins: Sequence[str]) -> list[str]:
    """Run in the planner's process."""
    from server.waves.onward import onward  # noqa: PLC0415

    return onward(layout, here if here in layout.places else "", bins)
