"""Which bins an article is taken from, chosen together with the walk, where it lies in several.

Ruin and recreate over the choice of bins; each walk is exact (`path_kernel`), and what one more stop would cost is read
off the dynamic programme run from both ends. The problem: Weidinger, European Journal of Operational Research 269
(2018); Hessler & Irnich, INFORMS Journal on Computing 36 (2024).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled
from server.waves.dice import roll
from server.waves.net_kernel import dearer
from server.waves.path_kernel import NEVER, WAYS, Ground, is_end, met, price_stretch, shortest

Ints = NDArray[np.int64]

ROUND = 8
"""Attempts between two looks at the clock."""
MOST_RUINED = 4
"""Articles chosen anew in one attempt, at most."""
WORSE = 0.02
"""How much longer a walk may become in an attempt, at the beginning."""


class Choice(NamedTuple):
    """What lies where, what is wanted, and what was chosen.

    The bins of article j are `[first[j], first[j + 1])`: `point` is where, `units` what lies there. `wanted[j]` units
    are taken; `taken` says which bins are gone to, `on[p]` how many of them are at point p.
    """

    first: Ints
    point: Ints
    units: Ints
    wanted: Ints
    taken: Ints
    on: Ints
    stops: Ints
    rest: Ints
    order: Ints
    dice: Ints


@compiled
def _stops(choice: Choice) -> int:
    count = 0
    for point in range(choice.on.shape[0]):
        if choice.on[point]:
            choice.stops[count] = point
            count += 1
    return count


@compiled
def _before_stretches(ground: Ground, column: int, after: Ints, before: Ints) -> tuple[Ints, Ints]:
    """Give what a walk costs from each state before a column's stretches, from what it costs behind them."""
    inside = ground.table.inside
    for s in range(ground.length.shape[1] - 1, -1, -1):
        before[:] = NEVER
        for state in range(before.shape[0]):
            for way in range(WAYS):
                total = ground.price[column, s, way] + after[inside[s, state, way]]
                before[state] = min(before[state], total)
        before, after = after, before
    return after, before


@compiled
def _onwards(ground: Ground, column: int, state: int, after: Ints) -> int:
    """Give the least that a walk costs from a state behind a column's stretches, where it goes on to the next."""
    table, least = ground.table, NEVER
    for move in range(table.first[state], table.first[state + 1]):
        total = after[met(ground, column + 1, table.onward[move])]
        for c in range(ground.gap.shape[1]):
            total += table.passes[move, c] * ground.gap[column, c]
        least = min(least, total)
    return least


@compiled
def _is_needed(ground: Ground, column: int) -> bool:
    needed = is_end(ground, column)
    for s in range(ground.length.shape[1]):
        needed = needed or ground.price[column, s, 0] >= NEVER
    return bool(needed)


@compiled
def _from_the_end(ground: Ground, rest: Ints) -> None:
    """Write what a walk still costs after each column, from each state; after `shortest` with all columns in use."""
    columns, states = rest.shape
    after, spare = np.empty(states, dtype=np.int64), np.empty(states, dtype=np.int64)
    needed = False
    for column in range(columns - 1, -1, -1):
        if column < columns - 1:
            needed = needed or _is_needed(ground, column + 1)
            after[:] = rest[column + 1]
            after, spare = _before_stretches(ground, column + 1, after, spare)
        for state in range(states):
            ends = ground.table.closed[state] and not needed
            rest[column, state] = 0 if ends else NEVER
            if column < columns - 1 and not ends:
                rest[column, state] = _onwards(ground, column, state, after)


@compiled
def _around(ground: Ground, choice: Choice, count: int, point: int) -> Ints:
    """Give the stops of a point's stretch, and the point among them."""
    found, size, placed = np.empty(count + 1, dtype=np.int64), 0, False
    for at in range(count):
        stop = choice.stops[at]
        if ground.aisle[stop] == ground.aisle[point] and ground.stretch[stop] == ground.stretch[point]:
            if not placed and stop > point:
                found[size], placed = point, True
                size += 1
            found[size] = stop
            size += 1
    if not placed:
        found[size] = point
        size += 1
    return found[:size]


@compiled
def _longer(ground: Ground, choice: Choice, count: int, length: int, point: int, spare: Ints) -> int:
    """Give by how much one more stop lengthens the walk that was found last."""
    if ground.paths.between.shape[0]:
        return int(dearer(ground.paths, count, point))
    column, s = ground.aisle[point], ground.stretch[point]
    around = _around(ground, choice, count, point)
    kept = ground.price[column, s].copy()
    price_stretch(ground, around, 0, around.shape[0], column, s, ground.price[column, s])
    after, _ = _before_stretches(ground, column, choice.rest[column].copy(), spare)
    ground.price[column, s] = kept
    begun, least = ground.best[column * (ground.length.shape[1] + 1)], NEVER
    for state in range(after.shape[0]):
        least = min(least, begun[state] + after[state])
    return least - length


@compiled
def _choose(ground: Ground, choice: Choice, article: int, spare: Ints) -> None:
    """Take an article from the bins that lengthen the walk least for their units."""
    left = choice.wanted[article]
    begin, end = choice.first[article], choice.first[article + 1]
    while left > 0:
        count = _stops(choice)
        length = shortest(ground, choice.stops, count)
        if not ground.paths.between.shape[0]:
            _from_the_end(ground, choice.rest)
        best, chosen = np.inf, -1
        for at in range(begin, end):
            if choice.taken[at]:
                continue
            point = choice.point[at]
            longer = 0 if choice.on[point] else _longer(ground, choice, count, length, point, spare)
            each = (longer + roll(choice.dice, 1 + length // 200)) / min(left, choice.units[at])
            if each < best:
                best, chosen = each, at
        if chosen < 0:
            return
        choice.taken[chosen] = 1
        choice.on[choice.point[chosen]] += 1
        left -= choice.units[chosen]


@compiled
def _leave(choice: Choice, article: int) -> None:
    for at in range(choice.first[article], choice.first[article + 1]):
        choice.on[choice.point[at]] -= choice.taken[at]
        choice.taken[at] = 0


@compiled
def improve(ground: Ground, choice: Choice, length: int, rounds: int, most: int) -> int:
    """Choose some articles anew, so many times; what makes the walk longer than `most` is taken back."""
    articles = choice.wanted.shape[0]
    spare = np.empty(choice.rest.shape[1], dtype=np.int64)
    taken, on = choice.taken.copy(), choice.on.copy()
    for _ in range(rounds):
        ruined = 1 + roll(choice.dice, min(MOST_RUINED, articles))
        for at in range(ruined):
            other = at + roll(choice.dice, articles - at)
            choice.order[at], choice.order[other] = choice.order[other], choice.order[at]
            _leave(choice, choice.order[at])
        for at in range(ruined):
            _choose(ground, choice, choice.order[at], spare)
        found = shortest(ground, choice.stops, _stops(choice))
        if found <= max(length, most):
            length = found
            taken[:], on[:] = choice.taken, choice.on
        else:
            choice.taken[:], choice.on[:] = taken, on
    return length


def choose_bins(
    ground: Ground, bins: Sequence[Sequence[tuple[int, int]]], wanted: Sequence[int], seconds: float, seed: int = 1
) -> list[list[int]]:
    """Give, for each article, which of its bins are gone to, for a short walk; together they hold what is wanted.

    `bins[j]` are the article's bins as (point, units). Whoever asks has made sure that there is enough.
    """
    flat = [one for each in bins for one in each]
    choice = Choice(
        first=np.cumsum([0, *map(len, bins)], dtype=np.int64),
        point=np.array([point for point, _ in flat], dtype=np.int64),
        units=np.array([units for _, units in flat], dtype=np.int64),
        wanted=np.array(wanted, dtype=np.int64),
        taken=np.zeros(len(flat), dtype=np.int64),
        on=np.zeros(len(ground.aisle), dtype=np.int64),
        stops=np.zeros(len(ground.aisle) + 1, dtype=np.int64),
        rest=np.zeros((ground.length.shape[0], ground.best.shape[1]), dtype=np.int64),
        order=np.argsort([len(each) for each in bins], kind="stable").astype(np.int64),
        dice=np.array([1 + seed], dtype=np.int64),
    )
    began = time.perf_counter()
    spare = np.empty(choice.rest.shape[1], dtype=np.int64)
    for article in choice.order.copy():
        _choose(ground, choice, int(article), spare)
    length = int(shortest(ground, choice.stops, int(_stops(choice))))
    least, best = length, choice.taken.copy()
    while (share := (time.perf_counter() - began) / max(seconds, 1e-9)) < 1:
        length = int(improve(ground, choice, length, ROUND, int(least * (1 + WORSE * (1 - share)))))
        if length < least:
            least, best = length, choice.taken.copy()
    return [[n for n in range(len(each)) if best[start + n]] for start, each in zip(choice.first, bins, strict=False)]
