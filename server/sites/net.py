"""A floor that is no parallel aisles: nodes, and ways between them that may lead one way only."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from heapq import heappop, heappush
from itertools import count
from math import dist
from typing import TypeVar

import msgspec

from server.sites.model import Bin, BinKind

Point = tuple[int, int]
"""x and y in mm."""
N = TypeVar("N", bound=Hashable)

NO_WAY = 1 << 50
"""The length of a way that there is not."""


class Net(msgspec.Struct, frozen=True):
    """`points` is where each node is, `ways` are (from, to, mm), one for each direction that may be walked.

    Walks begin at the best of `depots` and end at the best of `drops`; without drops, where they began.
    """

    points: tuple[Point, ...]
    ways: tuple[tuple[int, int, int], ...]
    depots: tuple[int, ...]
    drops: tuple[int, ...] = ()


class Roads:
    """The shortest ways over a net. Those from one node are found when they are first asked for, and kept."""

    def __init__(self, net: Net) -> None:
        """Find nothing yet."""
        self._graph: dict[int, list[tuple[int, int]]] = {}
        for start, end, length in net.ways:
            self._graph.setdefault(start, []).append((end, length))
        self._known: dict[int, dict[int, tuple[int, int]]] = {}

    def length(self, start: int, end: int) -> int:
        """Give the mm from one node to another; NO_WAY where none leads there."""
        return self._from(start).get(end, (NO_WAY, end))[0]

    def path(self, start: int, end: int) -> list[int]:
        """Give the nodes from one to another, both with them; only both where no way leads there."""
        known, nodes = self._from(start), [end]
        while nodes[-1] != start:
            nodes.append(known.get(nodes[-1], (NO_WAY, start))[1])
        return nodes[::-1]

    def _from(self, start: int) -> dict[int, tuple[int, int]]:
        if start not in self._known:
            self._known[start] = shortest_ways(self._graph, start)
        return self._known[start]


@lru_cache(maxsize=4)
def roads(net: Net) -> Roads:
    """Give a net's shortest ways, the same each time."""
    return Roads(net)


def shortest_ways(graph: Mapping[N, Iterable[tuple[N, int]]], start: N) -> dict[N, tuple[int, N]]:
    """Give how far it is to each node that can be reached, and the node before it (Dijkstra)."""
    found: dict[N, tuple[int, N]] = {}
    turn = count()
    heap = [(0, next(turn), start, start)]
    while heap:
        length, _, node, before = heappop(heap)
        if node not in found:
            found[node] = length, before
            for other, more in graph.get(node, ()):
                if other not in found:
                    heappush(heap, (length + more, next(turn), other, node))
    return found


def net_of(places: Sequence[Bin]) -> tuple[Net, dict[str, int]]:
    """Make the net of a site from its places, and say on which node each bin hangs.

    Every place that a way names is a node. Any other bin hangs on the node that its aisle names, else on the nearest.
    """
    marks = [place for place in places if place.way]
    ends = {code for mark in marks if mark.way for code in (mark.way.start, mark.way.end)}
    nodes = sorted((place for place in places if place.code in ends and not place.way), key=lambda place: place.code)
    number = {place.code: at for at, place in enumerate(nodes)}
    points = tuple((place.x_mm, place.y_mm) for place in nodes)
    nearest = _nearest(points)
    hung = {
        place.id: number.get(place.code, number.get(place.aisle, -1)) for place in places if not place.way and nodes
    }
    hung |= {place.id: nearest((place.x_mm, place.y_mm)) for place in places if hung.get(place.id) == -1}
    depots = tuple(hung[place.id] for place in places if place.kind is BinKind.DEPOT and place.id in hung)
    drops = tuple(hung[place.id] for place in places if place.kind is BinKind.DROP and place.id in hung)
    return Net(points, tuple(_ways(marks, number, points)), depots or (0,), drops), hung


def _ways(marks: Iterable[Bin], number: Mapping[str, int], points: Sequence[Point]) -> list[tuple[int, int, int]]:
    """Give the shortest way between each pair of neighbours; what is blocked is left out."""
    found: dict[tuple[int, int], int] = {}
    for mark in marks:
        way = mark.way
        if way is None or mark.blocked or not {way.start, way.end} <= number.keys():
            continue
        one, other = number[way.start], number[way.end]
        length = max(1, way.length_mm or round(dist(points[one], points[other])))
        for pair in ((one, other),) if way.one_way else ((one, other), (other, one)):
            found[pair] = min(length, found.get(pair, length))
    return [(one, other, length) for (one, other), length in found.items()]


def _nearest(points: Sequence[Point]) -> Callable[[Point], int]:
    @cache
    def nearest(point: Point) -> int:
        return min(range(len(points)), key=lambda at: dist(points[at], point))

    return nearest
