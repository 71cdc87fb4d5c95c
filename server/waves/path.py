"""The shortest walk of one trolley by its bins and back, exact where aisles are parallel."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from server.sites.layout import Layout, Place, in_order
from server.waves.compiled import compiled
from server.waves.path_kernel import NEVER, Ground, ground, met, shortest
from server.waves.path_states import BOTH_ENDS, FROM_BACK, FROM_FRONT, PASSES

Ints = NDArray[np.int64]

Node = tuple[int, int]
"""A point of the floor: aisle, and millimetres from the front."""


class Unreachable(Exception):
    """No walk leads to one of the stops and back. `stops` = where nobody can go."""

    def __init__(self, stops: Sequence[Place]) -> None:
        super().__init__(f"no way to {', '.join(map(str, stops))}")
        self.stops = stops


class Floor:
    """A layout made ready for many walks between some of its places.

    `points` are those places in the order of their numbers. Walks begin at `depot` and end at `drop`, a depot and a
    drop-off of the layout's; without `drop` they end where they began.
    """

    def __init__(self, layout: Layout, places: Iterable[Place], depot: int = 0, drop: int | None = None) -> None:
        """Number the places by aisle and way from the front."""
        self.layout = layout
        self.depot = layout.depots[depot]
        self.home = self.depot if drop is None else layout.drops[drop]
        # A depot beside the aisles has a column of its own, without an aisle.
        outside = {(end.x_mm, -1) for end in (self.depot, self.home) if end.x_mm not in layout.aisles_mm}
        self.columns = sorted({*((x, n) for n, x in enumerate(layout.aisles_mm)), *outside})
        column = {aisle: number for number, (_, aisle) in enumerate(self.columns)}
        self.points = sorted(set(places), key=lambda place: (column[place.aisle], place.along_mm))
        self.number = {place: number for number, place in enumerate(self.points)}
        self.column = column
        at = {x: number for number, (x, _) in reversed(list(enumerate(self.columns)))}
        ends = [(at[end.x_mm], end.cross) for end in dict.fromkeys((self.depot, self.home))]
        self.start: Node = (ends[0][0], layout.crosses_mm[self.depot.cross])
        self.ground = self._ground(np.array(ends, dtype=np.int64))

    def _ground(self, ends: Ints) -> Ground:
        layout, crosses = self.layout, self.layout.crosses_mm
        last = len(crosses) - 2
        stretch = [min(bisect_right(crosses, place.along_mm) - 1, last) for place in self.points]
        length = np.tile([b - a for a, b in pairwise(crosses)], (len(self.columns), 1)).astype(np.int64)
        shut = np.full((*length.shape, 2), -1, dtype=np.int64)
        for place in sorted(layout.shut, key=lambda place: place.along_mm):
            s = min(bisect_right(crosses, place.along_mm) - 1, last)
            here = shut[self.column[place.aisle], s]
            here[:] = here[0] if here[0] >= 0 else place.along_mm - crosses[s], place.along_mm - crosses[s]
        shut[[aisle < 0 for _, aisle in self.columns]] = 0
        gaps = np.diff([x for x, _ in self.columns], append=self.columns[-1][0])
        return ground(
            aisle=np.array([self.column[place.aisle] for place in self.points], dtype=np.int64),
            stretch=np.array(stretch, dtype=np.int64),
            offset=np.array(
                [p.along_mm - crosses[s] for p, s in zip(self.points, stretch, strict=True)], dtype=np.int64
            ),
            gap=np.repeat(gaps[:, None], len(crosses), axis=1).astype(np.int64),
            length=length,
            shut=shut,
            ends=ends,
            alike=not layout.shut,
        )

    def stops(self, places: Iterable[Place]) -> Ints:
        """Give the sorted numbers of places; KeyError for one that is not among the points."""
        return np.array(sorted({self.number[place] for place in places}), dtype=np.int64)

    def walk(self, stops: Ints) -> tuple[list[int], int]:
        """Give the stops in the order of a shortest walk, and its length in mm; Unreachable if there is none.

        Either way round is as long where walks end as they begin: the first stop is the one with the lower number.
        """
        length_mm = int(shortest(self.ground, stops, len(stops)))
        if length_mm >= NEVER:
            raise Unreachable([self.points[n] for n in stops if shortest(self.ground, np.array([n]), 1) >= NEVER])
        wanted = {(int(self.ground.aisle[n]), self.points[n].along_mm): int(n) for n in stops}
        tour = _round_trip(self.start, list(self._edges(stops, wanted)))
        turns = (tour, tour[::-1]) if self.depot == self.home else (tour,)
        ways = (dict.fromkeys(wanted[node] for node in turn if node in wanted) for turn in turns)
        return min(map(list, ways)), length_mm

    def in_order(self, places: Sequence[Place]) -> int:
        """Give the walk by places as they come, in mm, where nothing is shut."""
        return in_order(self.layout, places, self.depot, self.home)

    def _edges(self, stops: Ints, wanted: Iterable[Node]) -> Iterator[tuple[Node, Node]]:
        """Give every stretch of the walk that was found last as often as it is walked."""
        crosses = self.layout.crosses_mm
        ways = np.zeros((len(self.columns), len(crosses) - 1), dtype=np.int64)
        moves = np.zeros(len(self.columns), dtype=np.int64)
        used = trace(self.ground, stops, len(stops), ways, moves)
        points: dict[tuple[int, int], list[int]] = {}
        for column, along in wanted:
            points.setdefault((column, min(bisect_right(crosses, along) - 1, len(crosses) - 2)), []).append(along)
        for number in range(used):
            column = int(self.ground.column[number])
            for cross, along in enumerate(crosses):
                if number:
                    before = (int(self.ground.column[number - 1]), along)
                    yield from [(before, (column, along))] * int(self.ground.table.passes[moves[number], cross])
                if cross < len(crosses) - 1 and (way := int(ways[number, cross])):
                    stretch = [along, *sorted(points.get((column, cross), ())), crosses[cross + 1]]
                    passes = max(PASSES[way])
                    shut = [along + int(offset) for offset in self.ground.shut[column, cross]]
                    for one, other in _spans(stretch, way, shut):
                        yield from [((column, one), (column, other))] * passes


@compiled
def trace(ground: Ground, stops: Ints, count: int, ways: Ints, moves: Ints) -> int:
    """Write how the walk found last goes: `ways[k, s]` in column k, `moves[k]` to it; gives how many columns it has."""
    steps = ground.length.shape[1] + 1
    table, best = ground.table, ground.best
    least, state, end = NEVER, 0, 0
    needed = max(ground.ends[:, 0].max(), ground.aisle[stops[count - 1]])
    columns = 0
    while columns < ground.column.shape[0] and (columns == 0 or ground.column[columns] > ground.column[columns - 1]):
        row = columns * steps + steps - 1
        if ground.column[columns] >= needed:
            for closed in range(best.shape[1]):
                if table.closed[closed] and best[row, closed] < least:
                    least, state, end = best[row, closed], closed, columns
        columns += 1
    for column in range(end, -1, -1):
        for s in range(steps - 2, -1, -1):
            row = column * steps + s
            state, ways[column, s] = _came_in(ground, column, s, best[row], best[row + 1, state], state)
        state, moves[column] = _came_on(ground, column, state)
    return end + 1


@compiled
def _came_in(ground: Ground, column: int, s: int, before: Ints, length: int, state: int) -> tuple[int, int]:
    for one in range(before.shape[0]):
        for way in range(ground.price.shape[2]):
            extra = ground.price[column, s, way]
            if ground.table.inside[s, one, way] == state and extra < NEVER and before[one] + extra == length:
                return one, way
    return -1, -1


@compiled
def _came_on(ground: Ground, column: int, state: int) -> tuple[int, int]:
    table, steps = ground.table, ground.length.shape[1] + 1
    aisle = ground.column[column]
    length = ground.best[column * steps, state]
    if column == 0:
        return 0, 0
    before = ground.best[column * steps - 1]
    for one in range(before.shape[0]):
        if before[one] >= NEVER:
            continue
        for move in range(table.first[one], table.first[one + 1]):
            after = met(ground, aisle, table.onward[move])
            total = before[one]
            for between in range(ground.column[column - 1], aisle):
                for c in range(ground.gap.shape[1]):
                    total += table.passes[move, c] * ground.gap[between, c]
            if after == state and total == length:
                return one, move
    return -1, -1


def _spans(points: Sequence[int], way: int, shut: Sequence[int]) -> list[tuple[int, int]]:
    """Give the parts of a stretch that a way walks; who turns round leaves one out."""
    spans = list(pairwise(points))
    is_open = shut[0] < points[0]
    inner = [span for span in spans[1:-1] if is_open or (span[0] <= shut[0] and shut[1] <= span[1])]
    left_out = {FROM_FRONT: spans[-1:], FROM_BACK: spans[:1], BOTH_ENDS: sorted(inner, key=lambda s: s[0] - s[1])[:1]}
    for span in left_out.get(way, ()):
        spans.remove(span)
    return spans


def _round_trip(start: Node, edges: Sequence[tuple[Node, Node]]) -> list[Node]:
    """Give the places of a walk that begins at `start` and uses every edge once (Hierholzer's method)."""
    ways: dict[Node, list[tuple[int, Node]]] = {start: []}
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
