"""The exact dynamic programme over aisles, left to right: lengths of shortest walks, many thousands a second.

A walk is told as `stops`: sorted numbers of points of the `Ground`. All lengths are integers in the layout's unit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled
from server.waves.net_kernel import Paths, no_paths, round_by
from server.waves.path_states import States, states

Ints = NDArray[np.int64]

NEVER = 1 << 50
"""The length of what cannot be walked."""

WAYS = 6


class Ground(NamedTuple):
    """The floor as numbers, and room to think.

    `aisle`, `stretch` and `offset` (from the stretch's front end) of each point, in that order; `gap[a, c]` from aisle
    a to the next along cross-aisle c; `length[a, s]` of a stretch, `shut[a, s]` the first and the last offset at which
    it is blocked, -1 where it is open; `ends` where walks begin and end, as aisle and cross-aisle: one row where that
    is the same place. `alike` is 1 where aisles without stops may be passed over. `best` holds the least length to each
    state after each step, `column` the aisle of each column, `price` what each way of walking its stretches costs.
    Where aisles are not parallel, `paths` tell all and the rest is empty.
    """

    aisle: Ints
    stretch: Ints
    offset: Ints
    gap: Ints
    length: Ints
    shut: Ints
    ends: Ints
    alike: int
    paths: Paths
    table: States
    best: Ints
    column: Ints
    price: Ints


def ground(
    *, aisle: Ints, stretch: Ints, offset: Ints, gap: Ints, length: Ints, shut: Ints, ends: Ints, alike: bool
) -> Ground:
    """Make room beside the floor's numbers."""
    aisles, stretches = length.shape
    table = states(stretches + 1, one_way=len(ends) > 1)
    best = np.zeros((aisles * (stretches + 1), table.closed.size), dtype=np.int64)
    column = np.zeros(aisles, dtype=np.int64)
    price = np.zeros((aisles, stretches, WAYS), dtype=np.int64)
    paths = no_paths()
    return Ground(aisle, stretch, offset, gap, length, shut, ends, int(alike), paths, table, best, column, price)


def net_ground(paths: Paths) -> Ground:
    """Give a floor that is no parallel aisles the form of one without any."""
    none, empty = np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.int64)
    points = np.arange(len(paths.at), dtype=np.int64)
    cube = np.zeros((0, 0, 0), dtype=np.int64)
    return Ground(points, none, none, empty, empty, cube, empty, 0, paths, states(2), empty, none, cube)


@compiled
def is_end(ground: Ground, aisle: int) -> bool:
    """Say whether walks begin or end in an aisle."""
    found = False
    for end in range(ground.ends.shape[0]):
        found = found or ground.ends[end, 0] == aisle
    return found


@compiled
def met(ground: Ground, aisle: int, state: int) -> int:
    """Give the state in an aisle where a walk may begin or end."""
    for end in range(ground.ends.shape[0]):
        if ground.ends[end, 0] == aisle:
            state = ground.table.at[state, ground.ends[end, 1]]
    return state


@compiled
def price_stretch(ground: Ground, stops: Ints, start: int, end: int, aisle: int, s: int, cost: Ints) -> None:
    """Write what each way of walking a stretch with the stops [start, end) costs."""
    length, shut, until = ground.length[aisle, s], ground.shut[aisle, s, 0], ground.shut[aisle, s, 1]
    for way in range(WAYS):
        cost[way] = NEVER
    if shut < 0:
        cost[1] = length
        cost[2] = 2 * length
    if start == end:
        cost[0] = 0
        return
    low, high = ground.offset[stops[start]], ground.offset[stops[end - 1]]
    if shut < 0 or high <= shut:
        cost[3] = 2 * high
    if shut < 0 or low >= until:
        cost[4] = 2 * (length - low)
    one = low
    for at in range(start + 1, end):
        other = ground.offset[stops[at]]
        if shut < 0 or (one <= shut and until <= other):
            cost[5] = min(cost[5], 2 * (length - other + one))
        one = other


@compiled
def _columns(ground: Ground, stops: Ints, count: int) -> tuple[int, int]:
    """Note and price the aisles to go by; gives how many there are, and at which a walk may first be finished."""
    last_needed = ground.ends[:, 0].max()
    if count:
        last_needed = max(last_needed, ground.aisle[stops[count - 1]])
    columns = finish = at = 0
    for aisle in range(ground.length.shape[0]):
        begin = at
        while at < count and ground.aisle[stops[at]] == aisle:
            at += 1
        if begin == at and ground.alike and not is_end(ground, aisle):
            continue
        ground.column[columns] = aisle
        for s in range(ground.length.shape[1]):
            end = begin
            while end < at and ground.stretch[stops[end]] == s:
                end += 1
            price_stretch(ground, stops, begin, end, aisle, s, ground.price[columns, s])
            begin = end
        if aisle == last_needed:
            finish = columns
        columns += 1
    return columns, finish


@compiled
def _go_on(ground: Ground, column: int, now: Ints, then: Ints) -> None:
    """Walk from the column before along the cross-aisles; where a walk begins counts as visited."""
    table, aisle = ground.table, ground.column[column]
    then[:] = NEVER
    for state in range(now.shape[0]):
        if now[state] >= NEVER:
            continue
        for move in range(table.first[state], table.first[state + 1]):
            total = now[state]
            if column:
                for between in range(ground.column[column - 1], aisle):
                    for c in range(ground.gap.shape[1]):
                        total += table.passes[move, c] * ground.gap[between, c]
            after = met(ground, aisle, table.onward[move])
            then[after] = min(then[after], total)


@compiled
def _go_in(ground: Ground, column: int, s: int, now: Ints, then: Ints) -> None:
    """Walk a stretch of the column's aisle."""
    price, inside = ground.price[column, s], ground.table.inside
    then[:] = NEVER
    for state in range(now.shape[0]):
        if now[state] >= NEVER:
            continue
        for way in range(WAYS):
            if price[way] < NEVER:
                after = inside[s, state, way]
                then[after] = min(then[after], now[state] + price[way])


@compiled
def shortest(ground: Ground, stops: Ints, count: int) -> int:
    """Give the length of a shortest walk by the first `count` stops, from where it begins to its end; NEVER if none is.

    Afterwards `ground.best[k * columns + j]` are the lengths after step j of column k.
    """
    if ground.paths.between.shape[0]:
        return int(round_by(ground.paths, stops, count))
    columns, finish = _columns(ground, stops, count)
    if columns < ground.column.shape[0]:
        ground.column[columns] = -1
    steps = ground.length.shape[1] + 1
    best = ground.best
    start = np.full(best.shape[1], NEVER)
    start[0] = 0
    least = NEVER
    for column in range(columns):
        row = column * steps
        _go_on(ground, column, best[row - 1] if column else start, best[row])
        for s in range(steps - 1):
            _go_in(ground, column, s, best[row + s], best[row + s + 1])
        if column >= finish:
            for state in range(best.shape[1]):
                if ground.table.closed[state]:
                    least = min(least, best[row + steps - 1, state])
    return least
