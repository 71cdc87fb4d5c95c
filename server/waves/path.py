"""The shortest walk of one trolley: an exact dynamic programme over the aisles, left to right.

Ratliff & Rosenthal, Operations Research 31 (1983): all that matters of what lies left of an aisle is how
often its front and back end were passed (not, oddly, evenly) and whether the two hang together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from server.sites.layout import Layout, Place


class Move(NamedTuple):
    """Passes at the front and at the back end; `joined` = a way leads from one end to the other."""

    front: int
    back: int
    joined: bool = False


class Column(NamedTuple):
    """An aisle to visit: its x and number, the points to come by (both ends too), and the ways to do so."""

    x_mm: int
    aisle: int
    points: tuple[int, ...]
    moves: tuple[Move, ...]


class Trail(NamedTuple):
    """The moves that led to a state: the last one, and those before."""

    before: Trail | None
    move: Move


State = Move
"""The same three facts about all moves so far, with passes counted as 0 none, 1 odd, 2 even."""

Best = dict[State, tuple[int, Trail | None]]
"""The cheapest way to each state: its millimetres and its moves."""

After = Callable[[State, Move], State | None]
"""Which state a move makes of a state; None where it is no walk."""

Edge = tuple[Place, Place]

NOTHING = Move(0, 0)
THROUGH, TWICE = Move(1, 1, joined=True), Move(2, 2, joined=True)
FROM_FRONT, FROM_BACK, BOTH_ENDS = Move(2, 0), Move(0, 2), Move(2, 2)
IN_AISLE = (THROUGH, FROM_FRONT, FROM_BACK, BOTH_ENDS, TWICE)
ACROSS = (NOTHING, Move(1, 1), Move(2, 0), Move(0, 2), Move(2, 2))
CLOSED = (State(2, 0), State(0, 2), State(2, 2, joined=True))
MAY_FOLLOW = {0: (0,), 1: (1,), 2: (0, 2)}
"""Passes onwards along a cross-aisle, by passes so far: a walk that comes back leaves every point evenly."""

DEPOT = -1
"""The number of the depot's column where no visited aisle ends at the depot."""


def walk(layout: Layout, bins: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Give the bins in the order of a shortest walk from the depot and back to it, and its length in mm.

    Each bin comes once; bins at one place come in the order of their ids. KeyError for a bin not in `layout`.
    """
    stops: dict[Place, list[str]] = {}
    for bin_id in sorted(set(bins)):
        stops.setdefault(layout.places[bin_id], []).append(bin_id)
    if not stops:
        return (), 0
    columns = _columns(layout, stops)
    length_mm, moves = _cheapest(columns)
    depot = next(Place(column.aisle, 0) for column in columns if column.x_mm == layout.depot_mm)
    tour = _round_trip(depot, list(_edges(columns, moves)))
    ordered = (bin_id for place in dict.fromkeys(tour) for bin_id in stops.get(place, ()))
    return tuple(ordered), length_mm


def _columns(layout: Layout, stops: Iterable[Place]) -> list[Column]:
    points: dict[tuple[int, int], list[int]] = {}
    for place in stops:
        points.setdefault((layout.aisles_mm[place.aisle], place.aisle), []).append(place.along_mm)
    depot = min((key for key in points if key[0] == layout.depot_mm), default=(layout.depot_mm, DEPOT))
    points.setdefault(depot, []).append(0)
    return [
        Column(x, aisle, (0, *sorted(along), layout.length_mm), IN_AISLE if aisle != DEPOT else (FROM_FRONT,))
        for (x, aisle), along in sorted(points.items())
    ]


def _cheapest(columns: Sequence[Column]) -> tuple[int, list[Move]]:
    """Give the least length and its moves: one across and one in the aisle for each column in turn."""
    best: Best = {NOTHING: (0, None)}
    x_mm = columns[0].x_mm
    for column in columns:
        across = [(move, (move.front + move.back) * (column.x_mm - x_mm)) for move in ACROSS]
        inside = [(move, _passes(move) * _length(_spans(column, move))) for move in column.moves]
        best = _extend(_extend(best, across, _after_cross_aisle), inside, _after_aisle)
        x_mm = column.x_mm
    length_mm, trail = min((best[state] for state in CLOSED if state in best), key=lambda found: found[0])
    moves: list[Move] = []
    while trail:
        moves.append(trail.move)
        trail = trail.before
    return length_mm, moves[::-1]


def _extend(best: Best, moves: Iterable[tuple[Move, int]], after: After) -> Best:
    further: Best = {}
    for move, extra in moves:
        for state, (length, trail) in best.items():
            new = after(state, move)
            if new and (new not in further or length + extra < further[new][0]):
                further[new] = (length + extra, Trail(trail, move))
    return further


@cache
def _after_aisle(state: State, move: Move) -> State:
    front, back = (has + more and 2 - (has + more) % 2 for has, more in zip(state[:2], move[:2], strict=True))
    return State(front, back, state.joined or move.joined)


@cache
def _after_cross_aisle(state: State, move: Move) -> State | None:
    if move.front not in MAY_FOLLOW[state.front] or move.back not in MAY_FOLLOW[state.back]:
        return None
    left_behind = (state.front > 0) + (state.back > 0) - (move.front > 0) - (move.back > 0)
    if left_behind and not (state.joined and left_behind == 1):
        return None
    return State(move.front, move.back, state.joined and not left_behind)


def _passes(move: Move) -> int:
    return max(move.front, move.back)


def _spans(column: Column, move: Move) -> list[tuple[int, int]]:
    """Give the stretches of the aisle that a move walks; who turns round leaves one out."""
    spans = list(pairwise(column.points))
    widest = max(spans, key=lambda span: span[1] - span[0])
    left_out = {FROM_FRONT: spans[-1], FROM_BACK: spans[0], BOTH_ENDS: widest}
    if move in left_out:
        spans.remove(left_out[move])
    return spans


def _length(spans: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _edges(columns: Sequence[Column], moves: Sequence[Move]) -> Iterator[Edge]:
    """Give every stretch of the walk as often as it is walked."""
    across, inside = moves[2::2], moves[1::2]
    for (one, other), move in zip(pairwise(columns), across, strict=True):
        front = Place(one.aisle, 0), Place(other.aisle, 0)
        back = Place(one.aisle, one.points[-1]), Place(other.aisle, other.points[-1])
        yield from [front] * move.front + [back] * move.back
    for column, move in zip(columns, inside, strict=True):
        for a, b in _spans(column, move):
            yield from [(Place(column.aisle, a), Place(column.aisle, b))] * _passes(move)


def _round_trip(start: Place, edges: Sequence[Edge]) -> list[Place]:
    """Give the places of a walk that uses every edge once and ends where it starts (Hierholzer's method)."""
    ways: dict[Place, list[tuple[int, Place]]] = {start: []}
    for number, (a, b) in enumerate(edges):
        ways.setdefault(a, []).append((number, b))
        ways.setdefault(b, []).append((number, a))
    walked: set[int] = set()
    path, tour = [start], []
    while path:
        onwards = ways[path[-1]]
        number, place = onwards.pop() if onwards else (-1, start)
        if number < 0:
            tour.append(path.pop())
        elif number not in walked:
            walked.add(number)
            path.append(place)
    return tour[::-1]
