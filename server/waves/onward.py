"""The rest of a walk that has begun: from where the picker stands, by what is left, to the nearest depot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import fast_tsp

from server.sites.layout import Layout, Place
from server.sites.net import Net, shortest_ways
from server.waves.floors import reached
from server.waves.net import NetFloor

Graph = dict[Place, list[tuple[Place, int]]]

FAR = 1 << 40
"""What leads to a stop that nobody can go to."""
LARGEST = 65_535
"""The solver's largest distance."""
SECONDS = 0.1


def onward(layout: Layout, here: str, bins: Iterable[str]) -> list[str]:
    """Give the bins in the order of a short walk that from `here` ('' = the depot) to a drop-off or depot.

    Bins at one place come in the order of their ids. KeyError for a bin not in the layout.
    """
    at: dict[Place, list[str]] = {}
    for bin_id in sorted(set(bins)):
        at.setdefault(layout.places[bin_id], []).append(bin_id)
    if layout.net:
        places = _over_net(layout.net, layout.places[here].aisle if here else layout.net.depots[0], at)
        return [bin_id for place in places for bin_id in at[place]]
    depots = [Place(_column(layout, depot.x_mm), layout.crosses_mm[depot.cross]) for depot in layout.depots]
    drops = [Place(_column(layout, drop.x_mm), layout.crosses_mm[drop.cross]) for drop in layout.drops] or depots
    start = layout.places[here] if here else depots[0]
    stops = [place for place in at if place != start]
    graph = _graph(layout, [*stops, start, *drops])
    lengths = {
        place: {other: far for other, (far, _) in shortest_ways(graph, place).items()} for place in [start, *stops]
    }
    home = {place: min(lengths[place].get(drop, FAR) for drop in drops) for place in stops}
    order = _shortest(start, stops, lengths, home)
    return [bin_id for place in [start, *order] for bin_id in at.get(place, ())]


def _over_net(net: Net, here: int, stops: Iterable[Place]) -> list[Place]:
    """Give the stops in the order of a short walk; those to which nothing leads come last."""
    ready = [NetFloor(net, stops, here, end) for end in net.drops or net.depots]
    floor, there = max(((each, reached(each)) for each in ready), key=lambda found: len(found[1]))
    order, _ = floor.walk(floor.stops(there))
    return [*(floor.points[number] for number in order), *(place for place in floor.points if place not in there)]


def _column(layout: Layout, x_mm: int) -> int:
    return min(range(len(layout.aisles_mm)), key=lambda aisle: abs(layout.aisles_mm[aisle] - x_mm))


def _shortest(
    start: Place, stops: Sequence[Place], lengths: dict[Place, dict[Place, int]], home: dict[Place, int]
) -> list[Place]:
    """Solve it as a round trip through one more place, the end: from there to the start is no way at all."""
    nodes = [start, *stops]
    between = [[lengths[one].get(other, FAR) for other in nodes] for one in nodes]
    table = [[*row, 0 if one == start else home[one]] for one, row in zip(nodes, between, strict=True)]
    table.append([row[-1] for row in table] + [0])
    longest = max(cost for row in table for cost in row if cost < FAR)
    scale = 1 + 4 * longest // LARGEST
    tied = [[min(cost, 2 * longest) // scale for cost in row] for row in table]
    for other in range(1, len(nodes)):
        tied[-1][other] = tied[other][-1] = tied[other][-1] + 2 * longest // scale
    tour = fast_tsp.find_tour(tied, SECONDS, stop_when_converged=True)
    turned = tour[tour.index(0) :] + tour[: tour.index(0)]
    rest = turned[1:] if turned[-1] == len(nodes) else turned[:0:-1]
    return [nodes[n] for n in rest if n < len(nodes)]


def _graph(layout: Layout, places: Iterable[Place]) -> Graph:
    """Give the ways between places and cross-aisles; a barrier breaks its aisle."""
    graph: Graph = {}
    for aisle in range(len(layout.aisles_mm)):
        ends = {Place(aisle, along) for along in layout.crosses_mm}
        points = sorted(ends | {place for place in places if place.aisle == aisle}, key=lambda place: place.along_mm)
        shut = [place.along_mm for place in layout.shut if place.aisle == aisle]
        for one, other in pairwise(points):
            if not any(one.along_mm <= barrier <= other.along_mm for barrier in shut):
                _join(graph, one, other, other.along_mm - one.along_mm)
    for left, right in pairwise(range(len(layout.aisles_mm))):
        for along in layout.crosses_mm:
            across = layout.aisles_mm[right] - layout.aisles_mm[left]
            _join(graph, Place(left, along), Place(right, along), across)
    return graph


def _join(graph: Graph, one: Place, other: Place, length: int) -> None:
    graph.setdefault(one, []).append((other, length))
    graph.setdefault(other, []).append((one, length))
