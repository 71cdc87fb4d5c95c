"""Short walks over a net of ways, some of which lead one way only: stops put in where they cost least, then mended.

Mending takes a turned part of the walk (2-opt) or moves up to three stops elsewhere (Or-opt), priced in the direction
walked. A walk that is to be shown is also kicked: two neighbouring parts change places, and it is mended again
(iterated local search: Lourenco, Martin & Stuetzle, 2003).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled
from server.waves.dice import roll

Ints = NDArray[np.int64]

MOVED = 3
"""Stops moved together, at most."""


class Paths(NamedTuple):
    """The net as numbers, and room to think.

    `between[i, j]` is the way from point i to point j; the last two rows are where walks begin and end. `at` is each
    point's column among those of the shortest ways from the start: `before` is the column that one comes from (-1 =
    none), `leg` the way from there. `tour[:count + 2]` is the walk found last, with its start and its end.
    """

    between: Ints
    at: Ints
    before: Ints
    leg: Ints
    tour: Ints


def no_paths() -> Paths:
    """Give a net of nothing."""
    none = np.zeros(0, dtype=np.int64)
    return Paths(np.zeros((0, 0), dtype=np.int64), none, none, none, none)


@compiled
def _put_in(between: Ints, tour: Ints, count: int, stop: int) -> None:
    """Put one more stop where it costs least."""
    best, after = between[tour[0], stop] + between[stop, tour[1]] - between[tour[0], tour[1]], 0
    for at in range(1, count + 1):
        extra = between[tour[at], stop] + between[stop, tour[at + 1]] - between[tour[at], tour[at + 1]]
        if extra < best:
            best, after = extra, at
    for at in range(count + 1, after, -1):
        tour[at + 1] = tour[at]
    tour[after + 1] = stop


@compiled
def _turned(between: Ints, tour: Ints, count: int) -> bool:
    """Turn parts of the walk round where that makes it shorter."""
    found = False
    for first in range(1, count):
        forth = back = 0
        for last in range(first + 1, count + 1):
            forth += between[tour[last - 1], tour[last]]
            back += between[tour[last], tour[last - 1]]
            now = between[tour[first - 1], tour[first]] + forth + between[tour[last], tour[last + 1]]
            if between[tour[first - 1], tour[last]] + back + between[tour[first], tour[last + 1]] < now:
                tour[first : last + 1] = tour[first : last + 1][::-1].copy()
                found = True
                break
    return found


@compiled
def _moved(between: Ints, tour: Ints, count: int) -> bool:
    """Move some stops elsewhere where that makes the walk shorter."""
    found = False
    for size in range(1, min(MOVED, count - 1) + 1):
        for first in range(1, count - size + 2):
            last = first + size - 1
            saved = between[tour[first - 1], tour[first]] + between[tour[last], tour[last + 1]]
            saved -= between[tour[first - 1], tour[last + 1]]
            for after in range(count + 1):
                if first - 1 <= after <= last:
                    continue
                one, other = tour[after], tour[after + 1]
                if between[one, tour[first]] + between[tour[last], other] - between[one, other] < saved:
                    _swap(tour, min(first, after + 1), first if after < first else last + 1, max(last, after) + 1)
                    found = True
                    break
    return found


@compiled
def _swap(tour: Ints, first: int, second: int, end: int) -> None:
    """Let the parts [first, second) and [second, end) change places."""
    kept = tour[first:second].copy()
    rest = end - second
    tour[first : first + rest] = tour[second:end].copy()
    tour[first + rest : end] = kept


@compiled
def _mended(between: Ints, tour: Ints, count: int) -> int:
    """Mend a walk until nothing helps; gives its length."""
    better = True
    while better:
        better = _turned(between, tour, count)
        better = _moved(between, tour, count) or better
    length = 0
    for at in range(count + 1):
        length += between[tour[at], tour[at + 1]]
    return length


@compiled
def round_by(paths: Paths, stops: Ints, count: int) -> int:
    """Give the length of a short walk by the first `count` sorted stops, each gone to once; `paths.tour` holds it."""
    start, different = paths.between.shape[0] - 2, 0
    paths.tour[0], paths.tour[1] = start, start + 1
    for at in range(count):
        if at == 0 or stops[at] != stops[at - 1]:
            _put_in(paths.between, paths.tour, different, stops[at])
            different += 1
    return int(_mended(paths.between, paths.tour, different))


@compiled
def dearer(paths: Paths, count: int, stop: int) -> int:
    """Give the least by which one more stop lengthens the walk found last, of `count` stops."""
    least = 1 << 60
    for at in range(count + 1):
        one, other = paths.tour[at], paths.tour[at + 1]
        extra = paths.between[one, stop] + paths.between[stop, other] - paths.between[one, other]
        least = min(least, extra)
    return least


@compiled
def polish(paths: Paths, count: int, length: int, kicks: int) -> int:
    """Kick the walk found last so many times, and keep what is shorter; gives its length."""
    dice, best = np.array([1 + count]), paths.tour[: count + 2].copy()
    for _ in range(kicks if count >= MOVED else 0):
        first = 1 + roll(dice, count - 1)
        second = first + 1 + roll(dice, count - first)
        end = second + 1 + roll(dice, count - second + 1)
        _swap(paths.tour, first, second, end)
        found = _mended(paths.between, paths.tour, count)
        if found <= length:
            length = found
            best[:] = paths.tour[: count + 2]
        else:
            paths.tour[: count + 2] = best
    return length
