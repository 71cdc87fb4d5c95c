"""Which shipments are picked on one walk: start from the most urgent, add what shares most of its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from server.sites.layout import Layout
from server.waves.path import walk
from server.waves.plan import PickPlan, Plan, PlanLine, Refused, TaskPlan, Trolley
from server.waves.totes import Tote, fill, trips

__all__ = ["PickPlan", "Plan", "PlanLine", "Refused", "TaskPlan", "Trolley", "plan"]

WINDOW = 400
"""How many shipments, the most urgent first, are compared as the next for a walk."""

NEVER = 2**62

Urgency = tuple[int, int]
"""Cut-off, then how far below the highest priority: ascending."""

Ints = NDArray[np.int64]


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


def plan(lines: Iterable[PlanLine], trolley: Trolley, layout: Layout, *, seed: int = 0, zoned: bool = False) -> Plan:
    """Plan the walks that pick these lines; every unit is in one of them, or refused with `unit_too_large`.

    Never over what the trolley takes; a tote holds one shipment. A large line is split by quantity, a large
    shipment over walks. `zoned` = no walk leaves its zone. Shipments of a single line go together. The same
    `seed` gives the same plan. KeyError for a bin that is not in the layout.
    """
    loads, refused = _loads(list(lines), trolley, layout, zoned=zoned)
    shuffled = [loads[number] for number in np.random.default_rng(seed).permutation(len(loads))]
    pools: dict[tuple[str, bool], list[Load]] = {}
    for load in sorted(shuffled, key=lambda load: load.urgency):
        pools.setdefault((load.zone, load.single), []).append(load)
    batches = [batch for pool in pools.values() for batch in _batches(pool, trolley, layout)]
    batches.sort(key=lambda batch: batch[0].urgency)
    return Plan(tuple(_task(batch, layout) for batch in batches), tuple(refused))


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


def _batches(loads: Sequence[Load], trolley: Trolley, layout: Layout) -> Iterator[list[Load]]:
    """Give the loads of each walk. `loads` are in order of urgency."""
    reach = _reach(loads, layout)
    totes = np.array([len(load.totes) for load in loads])
    stops = np.array([len(load.lines) for load in loads])
    rank = np.unique([load.urgency for load in loads], axis=0, return_inverse=True)[1].reshape(-1)
    waiting = np.ones(len(loads), dtype=bool)
    while waiting.any():
        batch = [int(waiting.argmax())]
        waiting[batch] = False
        while True:
            fits = waiting & (totes <= trolley.totes - totes[batch].sum())
            if trolley.lines:
                fits &= stops <= trolley.lines - stops[batch].sum()
            candidates = np.flatnonzero(fits)[:WINDOW]
            if not candidates.size:
                break
            candidates = candidates[rank[candidates] == rank[candidates[0]]]
            alone, here = reach[candidates], reach[batch].max(axis=0)
            saved = _way(alone, layout) - _way(np.maximum(alone, here), layout)
            best = int(candidates[saved.argmax()])
            batch.append(best)
            waiting[best] = False
        yield [loads[number] for number in batch]


def _reach(loads: Sequence[Load], layout: Layout) -> Ints:
    """Give how deep each load leads into each aisle, in mm; 0 = not at all."""
    reach = np.zeros((len(loads), len(layout.aisles_mm)), dtype=np.int64)
    for number, load in enumerate(loads):
        for line in load.lines:
            place = layout.places[line.bin]
            reach[number, place.aisle] = max(reach[number, place.aisle], place.along_mm, 1)
    return reach


def _way(reach: Ints, layout: Layout) -> Ints:
    """Estimate the walks (mm) that go so deep into the aisles, each by return or through."""
    aisles_mm = np.array(layout.aisles_mm)
    left = np.where(reach > 0, aisles_mm, layout.depot_mm).min(axis=1)
    right = np.where(reach > 0, aisles_mm, layout.depot_mm).max(axis=1)
    return np.asarray(np.minimum(2 * reach, layout.length_mm).sum(axis=1) + 2 * (right - left))


def _task(batch: Sequence[Load], layout: Layout) -> TaskPlan:
    totes = [tote for load in batch for tote in load.totes]
    order, length_mm = walk(layout, {line.bin for load in batch for line in load.lines})
    turn = {bin_id: number for number, bin_id in enumerate(order)}
    picks = [
        PickPlan(line.line, line.shipment, line.bin, line.lot, line.sku, units, slot)
        for slot, tote in enumerate(totes, 1)
        for line, units in tote.pieces
    ]
    picks.sort(key=lambda pick: (turn[pick.bin], pick.slot))
    lines = [line for load in batch for line in load.lines]
    cut_off = min((line.cut_off for line in lines if line.cut_off), default=0)
    priority = max(line.priority for line in lines)
    return TaskPlan(tuple(picks), length_mm, len(totes), batch[0].zone, cut_off, priority)
