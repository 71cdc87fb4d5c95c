"""The search for batches: a good plan at once, a better one until its time is up; always one that fits the trolley."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.waves.alike import ALONE, first_plan, nearest, reach
from server.waves.anneal import KNOWN, NEAR, Batches, Loads, anneal, enter, walk_with
from server.waves.hurry import Hurry, lateness, unhurried
from server.waves.path_kernel import Ground
from server.waves.plan import Effort

Ints = NDArray[np.int64]

HOT, COLD = 0.3, 0.02
"""The heat at the beginning and the end, as a share of a load's average walk."""
LOADS_A_SECOND, MOVES_A_SECOND = 150, 100_000
"""Where there are more loads for the time than this, there is less time to cool down: it begins cooler."""
ROUND = 2_000
"""Moves between two looks at the clock."""
SPARE = 4
"""Empty batches kept ready, so that loads can leave a full one."""


Tick = Callable[[float, int], None]
"""Told of progress: the share of the effort spent, and the length of the best plan so far."""


class Problem(NamedTuple):
    """What to batch, and what limits it.

    `stops[j]` are the sorted stops of load j, `need[j]` what it takes of each limit in `most`; a further batch costs
    `fixed`, in the layout's unit.
    """

    ground: Ground
    stops: Sequence[Ints]
    need: Ints
    most: Ints
    hurry: Hurry
    fixed: int = 0


def problem(ground: Ground, stops: Sequence[Ints], need: Sequence[Sequence[int]], most: Sequence[int]) -> Problem:
    """Make a problem without cut-offs."""
    return Problem(
        ground,
        stops,
        np.array(need, dtype=np.int64).reshape(len(stops), len(most)),
        np.array(most, dtype=np.int64),
        unhurried(len(stops)),
    )


def search(asked: Problem, effort: Effort, tick: Tick | None = None, start: Ints | None = None) -> list[list[int]]:
    """Give batches of loads with little walking: never over a limit, never later than the most urgent first would be.

    `start` is a plan to begin with: the batch of each load, -1 for those that are new.
    """
    if not asked.stops:
        return []
    first = np.cumsum([0, *map(len, asked.stops)], dtype=np.int64)
    flat = np.concatenate(asked.stops)
    costs = reach(asked.ground, first, flat)
    random = np.random.default_rng(effort.seed)
    near = nearest(costs, max(1, min(NEAR, len(asked.stops) - 1)))
    loads = Loads(first, flat, asked.need, asked.most, near, random.integers(1, 1 << 62, len(asked.stops)))
    seed = int(random.integers(1, 1 << 30))
    begun = [_batches(asked, loads, plan, seed) for plan in _first_plans(asked, costs, start)]
    batches = min(begun, key=lambda plan: (_late(asked, plan), plan.length.sum()))
    best = _improve(asked, loads, batches, effort, tick) if len(asked.stops) > 1 else batches.of
    groups: dict[int, list[int]] = {}
    for load, batch in enumerate(best.tolist()):
        groups.setdefault(batch, []).append(load)
    return list(groups.values())


def _first_plans(asked: Problem, costs: Ints, start: Ints | None) -> Iterator[Ints]:
    """Give what to begin with: loads alike together, where there are cut-offs also the most urgent first."""
    by_size = np.lexsort((-costs.sum(axis=1), asked.hurry.due))
    yield first_plan(costs, asked.need, asked.most, by_size, ALONE)
    if start is not None:
        yield _completed(asked, start)
    if asked.hurry.free.size:
        urgent = np.argsort(asked.hurry.due, kind="stable")
        yield _completed(asked, np.full(len(urgent), -1, dtype=np.int64), urgent)


def _completed(asked: Problem, start: Ints, order: Ints | None = None) -> Ints:
    """Keep of a plan what still fits; the rest goes, in order, into the first batch with room, else into new ones."""
    plan = np.full(len(start), -1, dtype=np.int64)
    used = np.zeros((len(start) + int(start.max()) + 2, len(asked.most)), dtype=np.int64)

    def joins(load: int, batch: int) -> bool:
        if (used[batch] + asked.need[load] > asked.most).any():
            return False
        plan[load] = batch
        used[batch] += asked.need[load]
        return True

    for load in np.flatnonzero(start >= 0).tolist():
        joins(load, int(start[load]))
    last = 0
    for load in (order if order is not None else np.flatnonzero(plan < 0)).tolist():
        while not joins(load, last):
            last += 1
    return plan


def _late(asked: Problem, plan: Batches) -> int:
    return int(lateness(asked.hurry, plan.members, plan.size, plan.length))


def _improve(asked: Problem, loads: Loads, batches: Batches, effort: Effort, tick: Tick | None) -> Ints:
    """Cool down; gives the batch of each load in the best plan seen."""
    best, length = batches.of.copy(), 0
    least, total = 0, int(batches.length.sum())
    seconds = effort.moves / MOVES_A_SECOND or effort.seconds
    hot = HOT / (1 + (len(loads.key) / max(seconds, 0.01) / LOADS_A_SECOND) ** 1.5)
    began, done, share = time.perf_counter(), 0, 0.0
    while share < 1:
        heat = total / len(loads.key) * hot * (min(COLD, hot) / hot) ** share
        moves = min(ROUND, effort.moves - done) if effort.moves else ROUND
        length += anneal(asked.ground, loads, batches, asked.hurry, asked.fixed, heat, moves)
        done += moves
        if length < least:
            least, best = length, batches.of.copy()
        spent = time.perf_counter() - began
        share = done / effort.moves if effort.moves else spent / max(effort.seconds, 1e-9)
        if tick:
            tick(min(1.0, share), total + least)
    return best


def _batches(asked: Problem, loads: Loads, start: Ints, seed: int) -> Batches:
    count = int(start.max()) + 1 + SPARE
    size = int(np.min(loads.most // np.maximum(1, loads.need.min(axis=0)))) + 1
    size = min(size, len(start))
    widest = np.sort(np.diff(loads.first))[-size - 1 :].sum()
    batches = Batches(
        of=np.full(len(start), -1, dtype=np.int64),
        seat=np.zeros(len(start), dtype=np.int64),
        members=np.zeros((count, size + 1), dtype=np.int64),
        size=np.zeros(count, dtype=np.int64),
        used=np.zeros((count, len(loads.most)), dtype=np.int64),
        length=np.zeros(count, dtype=np.int64),
        name=np.zeros(count, dtype=np.int64),
        keys=np.full(KNOWN, -1, dtype=np.int64),
        lengths=np.zeros(KNOWN, dtype=np.int64),
        dice=np.array([seed], dtype=np.int64),
        merged=np.zeros(int(widest) + 1, dtype=np.int64),
    )
    for load, batch in enumerate(start.tolist()):
        enter(loads, batches, load, batch)
    for batch in range(count):
        batches.length[batch] = walk_with(asked.ground, loads, batches, batch, -1, -1)
    return batches
