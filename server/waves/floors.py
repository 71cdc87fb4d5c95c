"""A site's floor made ready for walks, whatever its form: parallel aisles, or a net of ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from server.sites.layout import Layout, Place
from server.waves.net import NetFloor
from server.waves.path import Floor
from server.waves.path_kernel import NEVER, shortest

AnyFloor = Floor | NetFloor


def floors(layout: Layout, places: Iterable[Place]) -> list[AnyFloor]:
    """Make the floor ready once from each depot to each drop-off; only those from which the most can be reached."""
    points = set(places)
    net = layout.net
    depots, drops = (net.depots, net.drops) if net else (layout.depots, layout.drops)
    pairs = [(depot, drop) for depot in range(len(depots)) for drop in (range(len(drops)) if drops else [None])]
    found: list[AnyFloor] = [
        NetFloor(net, points, net.depots[depot], net.depots[depot] if drop is None else net.drops[drop])
        if net
        else Floor(layout, points, depot, drop)
        for depot, drop in pairs
    ]
    if len(found) == 1 or not (net or layout.shut):
        return found
    reach = [reached(floor) for floor in found]
    most = max(reach, key=len)
    return [floor for floor, here in zip(found, reach, strict=True) if here >= most]


def reached(floor: AnyFloor) -> set[Place]:
    """Give the places to which a walk leads."""
    alone = (np.array([number], dtype=np.int64) for number in range(len(floor.points)))
    return {place for place, stop in zip(floor.points, alone, strict=True) if shortest(floor.ground, stop, 1) < NEVER}


def shortest_walk(ready: Sequence[AnyFloor], places: Iterable[Place]) -> tuple[list[Place], int]:
    """Give places in the order of the shortest walk from any depot to any drop-off, and its mm; may be Unreachable."""
    stops = ready[0].stops(places)
    order, length_mm = min((floor.walk(stops) for floor in ready), key=lambda found: found[1])
    return [ready[0].points[number] for number in order], length_mm


def walk(layout: Layout, bins: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Give the bins in the order of a shortest walk from a depot to a drop-off or back, and its length in mm.

    Each bin comes once; bins at one place come in the order of their ids. KeyError for a bin not in `layout`,
    Unreachable for one that nobody can walk to.
    """
    at: dict[Place, list[str]] = {}
    for bin_id in sorted(set(bins)):
        at.setdefault(layout.places[bin_id], []).append(bin_id)
    if not at:
        return (), 0
    places, length_mm = shortest_walk(floors(layout, at), at)
    return tuple(bin_id for place in places for bin_id in at[place]), length_mm
