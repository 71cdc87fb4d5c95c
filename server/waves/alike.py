"""Which loads share most of their way: a first plan, and for each load the others worth trying together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled
from server.waves.net_kernel import Paths
from server.waves.path_kernel import Ground

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LOOKED_AT = 2_000
"""How many loads are compared with one, at most; more would cost time and save little."""
ALONE = 0.9
"""How much of the way that a load would cost alone counts for it, when the next for a batch is chosen."""


@compiled
def _along_ways(paths: Paths, first: Ints, stops: Ints) -> Ints:
    """Give what each load costs in each piece of the shortest ways to its stops."""
    costs = np.zeros((first.shape[0] - 1, paths.leg.shape[0]), dtype=np.int64)
    for load in range(first.shape[0] - 1):
        for at in range(first[load], first[load + 1]):
            column = paths.at[stops[at]]
            while column >= 0 and costs[load, column] == 0:
                costs[load, column] = max(1, paths.leg[column])
                column = paths.before[column]
    return costs


@compiled
def reach(ground: Ground, first: Ints, stops: Ints) -> Ints:
    """Estimate what each load costs in each stretch: through it, or from either end and back."""
    if ground.paths.between.shape[0]:
        return _along_ways(ground.paths, first, stops)
    stretches = ground.length.shape[1]
    costs = np.zeros((first.shape[0] - 1, ground.length.size), dtype=np.int64)
    for load in range(first.shape[0] - 1):
        for at in range(first[load], first[load + 1]):
            aisle, s = ground.aisle[stops[at]], ground.stretch[stops[at]]
            length, offset = ground.length[aisle, s], ground.offset[stops[at]]
            here = costs[load, aisle * stretches + s]
            costs[load, aisle * stretches + s] = max(here, 1, min(length, 2 * offset, 2 * (length - offset)))
    return costs


@compiled
def nearest(costs: Ints, most: int) -> Ints:
    """Give for each load the others that share most of its way, the most alike first."""
    loads = costs.shape[0]
    near = np.zeros((loads, most), dtype=np.int64)
    shared = np.zeros(most)
    totals = costs.sum(axis=1)
    step = max(1, loads // LOOKED_AT)
    for one in range(loads):
        shared[:] = -1.0
        for other in range(one % step, loads, step):
            if other == one:
                continue
            both = 0
            for s in range(costs.shape[1]):
                both += min(costs[one, s], costs[other, s])
            share = both / max(1, totals[one] + totals[other] - both)
            at = most
            while at > 0 and shared[at - 1] < share:
                at -= 1
            if at < most:
                for later in range(most - 1, at, -1):
                    shared[later], near[one, later] = shared[later - 1], near[one, later - 1]
                shared[at], near[one, at] = share, other
    return near


@compiled
def first_plan(costs: Ints, need: Ints, most: Ints, order: Ints, alone: float) -> Ints:
    """Fill one batch after another: begin with the first in `order`, add what adds least to its way."""
    loads, stretches = costs.shape
    batch = np.full(loads, -1, dtype=np.int64)
    waiting, count = order.copy(), loads
    totals = costs.sum(axis=1)
    number = 0
    while count:
        used = np.zeros(most.shape[0], dtype=np.int64)
        covered = np.zeros(stretches, dtype=np.int64)
        at = 0
        while at >= 0:
            load = waiting[at]
            batch[load] = number
            used += need[load]
            covered = np.maximum(covered, costs[load])
            count -= 1
            waiting[at:count] = waiting[at + 1 : count + 1].copy()
            at = _next(costs, need, most, waiting, min(count, LOOKED_AT), used, covered, alone * totals)
        number += 1
    return batch


@compiled
def _next(
    costs: Ints, need: Ints, most: Ints, waiting: Ints, count: int, used: Ints, covered: Ints, saved: Floats
) -> int:
    best, chosen = np.inf, -1
    for at in range(count):
        load, fits = waiting[at], True
        for limit in range(most.shape[0]):
            fits = fits and used[limit] + need[load, limit] <= most[limit]
        if not fits:
            continue
        extra = -saved[load]
        for s in range(costs.shape[1]):
            extra += max(0, costs[load, s] - covered[s])
        if extra < best:
            best, chosen = extra, at
    return chosen
