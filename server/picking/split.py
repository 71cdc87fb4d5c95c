"""A task becomes two, so that a second pair of hands helps; two halves that nobody began to pick become one again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from server.db.unit import Unit
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines as order_lines
from server.orders.model import State
from server.orders.store import LINES
from server.picking import rules
from server.picking.model import PickLine, PickState, Slot, slot_id
from server.picking.store import PICKS, SLOTS
from server.protocol.waves import JoinTasks, SplitTask
from server.tasks import actions as tasks
from server.tasks.model import Task, TaskKind, TaskState
from server.tasks.store import TASKS

OPEN = frozenset({TaskState.HELD, TaskState.OFFERED, TaskState.ACTIVE})


class Place(msgspec.Struct, frozen=True):
    """A slot of a trolley with its stops."""

    slot: Slot
    picks: tuple[PickLine, ...]

    @property
    def untouched(self) -> bool:
        """Tell whether nothing of it was begun: no tote placed, no stop counted, dropped or withdrawn."""
        return not self.slot.tote and all(p.state is PickState.OPEN and p == rules.anew(p) for p in self.picks)

    @property
    def begun(self) -> bool:
        """Tell whether it was begun and is not done."""
        return not self.untouched and any(p.state is PickState.OPEN for p in self.picks)


async def split(unit: Unit, command: SplitTask) -> dict[str, str]:
    """Carry out SplitTask: the later half of the slots becomes a task of its own. An order stays in one slot."""
    task = await unit.get(TASKS, command.task)
    moving = await _later_half(unit, task)
    if not moving:
        raise Refusal("not_in_state", machine="task", state=str(task.state), event="split")
    count = sum(len(place.picks) for place in moving)
    walk = task.walk_mm * count // max(1, task.lines)
    state = TaskState.HELD if task.state is TaskState.HELD else TaskState.OFFERED
    other = replace(task, id=ulid(unit.at), state=state, assignee="", device="", version=1, taken_at=0)
    other = replace(other, lines=count, walk_mm=walk, created_at=unit.at)
    await _move(unit, moving, other)
    unit.put(TASKS, replace(task, lines=task.lines - count, walk_mm=task.walk_mm - walk))
    await tasks.create(unit, other)
    await tasks.touch(unit, task.id)
    return {"task": other.id}


async def join(unit: Unit, command: JoinTasks) -> None:
    """Carry out JoinTasks: what nobody began to pick goes back onto the trolley it came from."""
    task, into = await unit.get(TASKS, command.task), await unit.get(TASKS, command.into)
    places, there = await _places(unit, task), {place.slot.slot for place in await _places(unit, into)}
    fits = task.id != into.id and (task.site, task.wave) == (into.site, into.wave) and into.state in OPEN
    if not fits or task.state not in OPEN - {TaskState.ACTIVE} or not all(place.untouched for place in places):
        raise Refusal("not_in_state", machine="task", state=str(task.state), event="join")
    if any(place.slot.slot in there for place in places):
        raise Refusal("stale", task=task.id)
    await _move(unit, places, into)
    unit.put(TASKS, replace(into, lines=into.lines + task.lines, walk_mm=into.walk_mm + task.walk_mm))
    await tasks.touch(unit, into.id)
    await tasks.withdraw(unit, task.id)


async def _places(unit: Unit, task: Task) -> list[Place]:
    """Give the slots of a task in the order in which its walk comes to them."""
    picks = sorted(await unit.where(PICKS, task=task.id), key=lambda pick: pick.sequence)
    slots = {slot.slot: slot for slot in await unit.where(SLOTS, task=task.id)}
    order = [number for number in dict.fromkeys(p.slot for p in picks) if number in slots]
    return [Place(slots[number], tuple(p for p in picks if p.slot == number)) for number in order]


async def _later_half(unit: Unit, task: Task) -> list[Place]:
    """Give the slots that leave a task when it is split: untouched ones, and never more than half of what is left."""
    if task.kind is not TaskKind.PICK or task.state not in OPEN:
        return []
    places = await _places(unit, task)
    free = [place for place in places if place.untouched]
    half = (len(free) + sum(place.begun for place in places)) // 2
    return free[-half:] if half else []


async def _move(unit: Unit, places: Sequence[Place], task: Task) -> None:
    """Put slots with their stops onto another task; their order lines are in hand when it is."""
    for place in places:
        unit.drop(SLOTS, place.slot.id)
        unit.put(SLOTS, replace(place.slot, id=slot_id(task.id, place.slot.slot), task=task.id))
        unit.put(PICKS, *(replace(pick, task=task.id) for pick in place.picks))
    event, was = ("take", State.RELEASED) if task.state is TaskState.ACTIVE else ("hand_back", State.PICKING)
    found = await unit.many(LINES, [pick.line for place in places for pick in place.picks])
    await order_lines.advance(unit, [line for line in found.values() if line.state is was], event)
