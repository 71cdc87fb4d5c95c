"""A wave's plan as one looks at it: what it promises, and each walk drawn on the floor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from server.db.engine import Database
from server.db.reads import load, one
from server.protocol.base import View
from server.sites.layout import Depot, Layout, Place, in_order
from server.sites.model import Bin
from server.sites.net import Net, roads
from server.sites.store import BINS, SITES
from server.waves.model import PlannedTask
from server.waves.plan import Labour
from server.waves.planning import labour
from server.waves.reads import current
from server.waves.store import WAVES

Point = tuple[int, int]
"""x and the way from the front cross-aisle, in mm; in a net x and y."""


class FloorView(View, frozen=True):
    """The floor from above: x of each aisle, y of each cross-aisle, where there are bins, barriers, depots, drop-offs.

    `ways` are those of a net, each once.
    """

    aisles: tuple[int, ...]
    crosses: tuple[int, ...]
    bins: tuple[Point, ...]
    barriers: tuple[Point, ...]
    depots: tuple[Point, ...]
    drops: tuple[Point, ...]
    ways: tuple[tuple[Point, Point], ...]


class WalkView(View, frozen=True):
    """One task: its walk as corners, its stops, and what it takes. `bins` are the codes in walking order."""

    id: str
    number: int
    state: str
    cut_off: int
    totes: int
    lines: int
    walk_mm: int
    work_ms: int
    bins: tuple[str, ...]
    stops: tuple[Point, ...]
    path: tuple[Point, ...]


class DrawnPlan(View, frozen=True):
    """A wave's plan: `first_come_mm` is the walking in the order of arrival, `late_ms` by how much it will be late."""

    wave: str
    name: str
    site: str
    state: str
    shipments: int
    lines: int
    walk_mm: int
    first_come_mm: int
    work_ms: int
    late_ms: int
    pickers: int
    floor: FloorView
    walks: tuple[WalkView, ...]


async def drawn(database: Database, wave_id: str) -> DrawnPlan:
    """Give a wave's plan with its walks; Refusal `not_found`."""
    wave = await one(database, WAVES, wave_id)
    [site] = await load(database, SITES, "id", [wave.site])
    bins: list[Bin] = await load(database, BINS, "site", [wave.site])
    layout, reckoned = Layout.of(bins), labour(site.policy, 0)
    facts = (wave.shipments, wave.lines, wave.walk_mm, wave.first_come_mm, wave.work_ms, wave.late_ms, reckoned.pickers)
    walks = [_walk(task, layout, reckoned) for task in await current(database, wave_id)]
    return DrawnPlan(wave.id, wave.name, wave.site, wave.state, *facts, _floor(layout), tuple(walks))


def _floor(layout: Layout) -> FloorView:
    net = layout.net
    depots = tuple(net.points[at] for at in net.depots) if net else tuple(_end(layout, at) for at in layout.depots)
    drops = tuple(net.points[at] for at in net.drops) if net else tuple(_end(layout, at) for at in layout.drops)
    pairs = ((net.points[a], net.points[b]) for a, b, _ in net.ways) if net else ()
    ways = {(min(pair), max(pair)) for pair in pairs}
    return FloorView(
        layout.aisles_mm,
        layout.crosses_mm,
        tuple(sorted({_point(layout, place) for place in layout.places.values()})),
        tuple(_point(layout, place) for place in layout.shut),
        depots,
        drops,
        tuple(sorted(ways)),
    )


def _walk(task: PlannedTask, layout: Layout, reckoned: Labour) -> WalkView:
    bins = dict.fromkeys(pick.bin for pick in task.picks)
    places = list(dict.fromkeys(layout.places[bin_id] for bin_id in bins if bin_id in layout.places))
    return WalkView(
        id=task.id,
        number=task.number,
        state=task.state,
        cut_off=task.cut_off,
        totes=task.totes,
        lines=len(task.picks),
        walk_mm=task.walk_mm,
        work_ms=reckoned.takes(len(task.picks), task.walk_mm),
        bins=tuple(bin_id.partition(":")[2] for bin_id in bins),
        stops=tuple(_point(layout, place) for place in places),
        path=tuple(_over_net(places, layout.net) if layout.net else _corners(places, layout)),
    )


def _point(layout: Layout, place: Place) -> Point:
    if layout.net:
        return layout.net.points[place.aisle]
    return layout.aisles_mm[place.aisle], place.along_mm


def _end(layout: Layout, end: Depot) -> Point:
    return end.x_mm, layout.crosses_mm[end.cross]


def _over_net(stops: Sequence[Place], net: Net) -> Iterable[Point]:
    """Give the walk from a depot by the stops to a drop-off, or back, along the shortest ways."""
    if not stops:
        return
    known, nodes = roads(net), [place.aisle for place in stops]
    ends = ((depot, drop) for depot in net.depots for drop in net.drops or (depot,))
    depot, drop = min(ends, key=lambda pair: known.length(pair[0], nodes[0]) + known.length(nodes[-1], pair[1]))
    yield net.points[depot]
    for before, after in pairwise([depot, *nodes, drop]):
        yield from (net.points[node] for node in known.path(before, after)[1:])


def _corners(places: Sequence[Place], layout: Layout) -> Iterable[Point]:
    """Give the walk from a depot by the stops to a drop-off, or back, along aisles and the nearest cross-aisles."""
    if not places:
        return
    ends = ((depot, drop) for depot in layout.depots for drop in layout.drops or (depot,))
    depot, drop = min(ends, key=lambda pair: in_order(layout, places, *pair))
    stops = [_point(layout, place) for place in places]
    yield _end(layout, depot)
    for (x, y), (next_x, next_y) in pairwise([_end(layout, depot), *stops, _end(layout, drop)]):
        if x != next_x:
            cross = min(layout.crosses_mm, key=lambda each: abs(each - y) + abs(each - next_y))
            yield x, cross
            yield next_x, cross
        yield next_x, next_y
