"""Which shipments are picked on one walk, and how each walk goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec
import numpy as np

from server.kernel.clock import SECOND
from server.sites.layout import Layout, Place
from server.waves.bins import Bins
from server.waves.floors import AnyFloor, floors, reached, shortest_walk
from server.waves.hurry import Hurry
from server.waves.path_kernel import NEVER
from server.waves.plan import Effort, Labour, Lying, PickPlan, Plan, PlanLine, Refused, TaskPlan, Trolley
from server.waves.search import Problem, Tick, search
from server.waves.totes import Tote, fill, trips

Urgency = tuple[int, int]
"""Cut-off, then how far below the highest priority: ascending."""


class Load(msgspec.Struct, frozen=True):
    """Totes of one shipment that go on one walk. `single` = they are the shipment's only line."""

    totes: list[Tote]
    zone: str
    urgency: Urgency
    single: bool

    @property
    def lines(self) -> list[PlanLine]:
        """The lines in the totes, once per tote."""
        return [line for tote in self.totes for line, _ in tote.pieces]


def plan(
    lines: Iterable[PlanLine],
    trolley: Trolley,
    layout: Layout,
    *,
    zoned: bool = False,
    labour: Labour = Labour(),  # noqa: B008 - a frozen value
    effort: Effort = Effort(),  # noqa: B008
    before: Sequence[Sequence[str]] = (),
    lying: Mapping[str, Sequence[Lying]] = MappingProxyType({}),
    tick: Tick | None = None,
) -> Plan:
    """Plan the walks that pick these lines; every unit is in one of them, or refused with the reason.

    Never over what the trolley takes; a tote holds one shipment. A large line is split by quantity, a large shipment
    over walks. `zoned` = no walk leaves its zone. Shipments of a single line go apart where they fill a trolley. A
    cut-off is what a batch has to be done by, not a wall: among loads that may share walks no goods are later than
    with the most urgent first. `before`: the shipments of each walk of an earlier plan, to begin with. `lying`: by SKU,
    where else its units may be taken.
    """
    known = list(lines)
    ready = floors(layout, {layout.places[line.bin] for line in known if line.bin in layout.places})
    there = reached(ready[0])
    refused = [Refused(x.shipment, x.line, x.quantity, code) for x in known if (code := _unwalkable(x, layout, there))]
    lost = {each.line for each in refused}
    loads, too_large = _loads([x for x in known if x.line not in lost], trolley, layout, zoned=zoned)
    batches: list[list[Load]] = []
    for pool in _pools(loads, trolley):
        share = len(pool) / len(loads)
        mine = msgspec.structs.replace(effort, seconds=effort.seconds * share, moves=round(effort.moves * share))
        asked = _problem(pool, trolley, layout, ready[0], labour)
        batches += [[pool[n] for n in batch] for batch in search(asked, mine, tick, _start(pool, before))]
    batches.sort(key=lambda batch: min(load.urgency for load in batch))
    tasks = tuple(_task(batch, layout, ready) for batch in batches)
    if lying:
        tasks = Bins(layout, known, lying, trolley, zoned=zoned).chosen_anew(tasks, effort.seconds)
    work = sum(labour.takes(len(task.picks), task.length_mm) for task in tasks)
    first_come = _first_come(loads, trolley, layout, ready[0])
    return Plan(tasks, tuple(refused + too_large), first_come, work, late_ms(tasks, labour))


def _pools(loads: Sequence[Load], trolley: Trolley) -> list[list[Load]]:
    """Give the loads that may share walks, the most urgent first; those of single lines go apart if they fill one."""
    singles = Counter(load.zone for load in loads if load.single)
    pools: dict[tuple[str, bool], list[Load]] = {}
    for load in sorted(loads, key=lambda load: load.urgency):
        apart = load.single and singles[load.zone] >= trolley.totes
        pools.setdefault((load.zone, apart), []).append(load)
    return list(pools.values())


def late_ms(tasks: Sequence[TaskPlan], labour: Labour) -> int:
    """Give by how much tasks miss their cut-offs, done in their order by so many pickers."""
    free, late = [labour.now] * labour.pickers, 0
    for task in tasks if labour.pickers else ():
        first = free.index(min(free))
        free[first] += labour.takes(len(task.picks), task.length_mm)
        late += max(0, free[first] - (task.cut_off or NEVER))
    return late


def _first_come(loads: Sequence[Load], trolley: Trolley, layout: Layout, floor: AnyFloor) -> int:
    """Give the walking of the same loads as they came, each trolley filled in turn and walked in the bins' order."""
    total, batch, totes, stops = 0, set[str](), 0, 0
    for load in sorted(loads, key=lambda load: load.lines[0].shipment):
        totes, stops = totes + len(load.totes), stops + len(load.lines)
        if batch and (totes > trolley.totes or stops > (trolley.lines or NEVER)):
            total += _in_bin_order(batch, layout, floor)
            batch, totes, stops = set(), len(load.totes), len(load.lines)
        batch |= {line.bin for line in load.lines}
    return total + _in_bin_order(batch, layout, floor)


def _in_bin_order(bins: Iterable[str], layout: Layout, floor: AnyFloor) -> int:
    order = sorted((layout.places[bin_id] for bin_id in bins), key=lambda place: (place.aisle, place.along_mm))
    return floor.in_order(order) if order else 0


def _unwalkable(line: PlanLine, layout: Layout, there: Collection[Place]) -> str:
    if line.bin not in layout.places:
        return "bin_outside_layout"
    return "" if layout.places[line.bin] in there else "bin_unreachable"


def _loads(
    lines: Sequence[PlanLine], trolley: Trolley, layout: Layout, *, zoned: bool
) -> tuple[list[Load], list[Refused]]:
    shipments: dict[tuple[str, str], list[PlanLine]] = {}
    for line in lines:
        shipments.setdefault((line.shipment, line.zone if zoned else ""), []).append(line)
    count = Counter(line.shipment for line in lines)
    loads: list[Load] = []
    refused: list[Refused] = []
    for (shipment, zone), own in shipments.items():
        own.sort(key=lambda line: (layout.places[line.bin].aisle, layout.places[line.bin].along_mm))
        totes, too_large = fill(own, trolley)
        refused += too_large
        urgency = min(_urgency(line) for line in own)
        single = count[shipment] == len(totes) == 1
        loads += [Load(trip, zone, urgency, single) for trip in trips(totes, trolley)]
    return loads, refused


def _urgency(line: PlanLine) -> Urgency:
    return (line.cut_off or NEVER, -line.priority)


def _problem(loads: Sequence[Load], trolley: Trolley, layout: Layout, floor: AnyFloor, labour: Labour) -> Problem:
    lines = [load.lines for load in loads]
    due = [min(NEVER, load.urgency[0] - labour.now * (load.urgency[0] < NEVER)) for load in loads]
    hurry = Hurry(
        due=np.array(due, dtype=np.int64),
        work=np.array([labour.pick_ms * len(own) for own in lines], dtype=np.int64),
        free=np.zeros(labour.pickers if min(due) < NEVER else 0, dtype=np.int64),
        pace=labour.pace_mm,
        start=labour.batch_ms,
    )
    return Problem(
        ground=floor.ground,
        stops=[floor.stops(layout.places[line.bin] for line in own) for own in lines],
        need=np.array([(len(load.totes), len(own)) for load, own in zip(loads, lines, strict=True)], dtype=np.int64),
        most=np.array([trolley.totes, trolley.lines or NEVER], dtype=np.int64),
        hurry=hurry,
        fixed=labour.batch_ms * labour.pace_mm // SECOND,
    )


def _start(loads: Sequence[Load], before: Sequence[Sequence[str]]) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """Give each load the walk of an earlier plan that had its shipment; a further load of the shipment is new."""
    walks = {shipment: number for number, walk in enumerate(before) for shipment in walk}
    plan = [walks.pop(load.lines[0].shipment, -1) for load in loads]
    return np.array(plan, dtype=np.int64) if max(plan) >= 0 else None


def _task(batch: Sequence[Load], layout: Layout, ready: Sequence[AnyFloor]) -> TaskPlan:
    totes = [tote for load in batch for tote in load.totes]
    lines = [line for load in batch for line in load.lines]
    places = {line.bin: layout.places[line.bin] for line in lines}
    order, length_mm = shortest_walk(ready, places.values())
    turn = {place: at for at, place in enumerate(order)}
    picks = [
        PickPlan(line.line, line.shipment, line.bin, line.lot, line.sku, units, slot)
        for slot, tote in enumerate(totes, 1)
        for line, units in tote.pieces
    ]
    picks.sort(key=lambda pick: (turn[places[pick.bin]], pick.bin, pick.slot))
    cut_off = min((line.cut_off for line in lines if line.cut_off), default=0)
    priority = max(line.priority for line in lines)
    return TaskPlan(tuple(picks), length_mm, len(totes), batch[0].zone, cut_off, priority)
