"""Where bins lie to someone on foot: parallel aisles between cross-aisles, depots at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import mean

import msgspec

from server.sites.model import Bin, BinKind
from server.sites.net import Net, Point, net_of

END_MM = 1_000
"""How far beyond the last bins the middle of a cross-aisle lies."""


RACKS = frozenset({BinKind.PICK, BinKind.BULK})


class Spot(msgspec.Struct, frozen=True):
    """A bin as the site lists it. `aisle` '' groups bins by their x; levels cost no walking."""

    id: str
    aisle: str
    x_mm: int
    y_mm: int


class Place(msgspec.Struct, frozen=True):
    """Where one stands to reach a bin: aisle number from the left, millimetres from the front cross-aisle.

    In a net it is the number of a node, and no millimetres.
    """

    aisle: int
    along_mm: int


class Depot(msgspec.Struct, frozen=True):
    """Where walks begin or end: its x, and the number of the cross-aisle it lies at."""

    x_mm: int
    cross: int = 0


class Layout(msgspec.Struct, frozen=True):
    """Parallel aisles, and the cross-aisles that lead from one to another.

    `aisles_mm` is each aisle's x from left to right, `crosses_mm` each cross-aisle's way from the front one, which is
    the first. `places` holds every bin, `shut` where aisles are blocked. Walks end at the best of `drops`; without any
    where they began. A floor of nodes and ways has a `net`, and no aisles.
    """

    aisles_mm: tuple[int, ...]
    crosses_mm: tuple[int, ...]
    depots: tuple[Depot, ...]
    places: dict[str, Place]
    shut: tuple[Place, ...] = ()
    drops: tuple[Depot, ...] = ()
    net: Net | None = None

    @property
    def length_mm(self) -> int:
        """The walk from the front to the back cross-aisle."""
        return self.crosses_mm[-1]

    @classmethod
    def of(cls, bins: Iterable[Bin]) -> Layout:
        """Make the layout of a site from all its bins: racks make the aisles, at a depot walks begin and end.

        Cross-aisles in the middle and barriers are listed among the bins. Goods may wait in other places (a door, a
        pack station): one walks to the nearest point of an aisle. Where the site has ways, they are the floor.
        """
        bins = list(bins)
        if any(one.way for one in bins):
            net, hung = net_of(bins)
            return cls((), (), (), {bin_id: Place(node, 0) for bin_id, node in hung.items()}, net=net)
        spots: dict[BinKind, list[Spot]] = {kind: [] for kind in BinKind}
        for one in bins:
            spots[one.kind].append(Spot(one.id, one.aisle, one.x_mm, one.y_mm))
        marks = {BinKind.CROSS, BinKind.BARRIER, BinKind.NODE}
        return lay_out(
            [spot for kind in BinKind if kind in RACKS for spot in spots[kind]],
            [(spot.x_mm, spot.y_mm) for spot in spots[BinKind.DEPOT]],
            others=[spot for kind in BinKind if kind not in RACKS | marks for spot in spots[kind]],
            crosses=spots[BinKind.CROSS],
            barriers=spots[BinKind.BARRIER],
            drops=[(spot.x_mm, spot.y_mm) for spot in spots[BinKind.DROP]],
        )


def lay_out(
    spots: Iterable[Spot],
    depots: Sequence[Point] = (),
    end_mm: int = END_MM,
    others: Iterable[Spot] = (),
    crosses: Iterable[Spot] = (),
    barriers: Iterable[Spot] = (),
    drops: Sequence[Point] = (),
) -> Layout:
    """Make the layout of a site's bins; named aisles may run along either axis, aisles by x run along y.

    `depots` are where walks may begin, as (x, y) in mm; the cross-aisle at the end nearer to the first is the front
    one. Without any the depot is before the first aisle, at the end of least y. `crosses` lie anywhere on further
    cross-aisles. Bins whose position is not known (all at 0, 0) still make aisles, with nothing to walk between them.
    `others` are reached from the nearest aisle, walks end at `drops` where there are any. At `barriers` nobody passes
    along the nearest aisle.
    """
    racks, outside, between, shut = list(spots) or list(others), list(others), list(crosses), list(barriers)
    if _run_along_x(racks):
        racks, outside, between, shut = (_turned(each) for each in (racks, outside, between, shut))
        depots, drops = ([(y, x) for x, y in each] for each in (depots, drops))
    if not racks:
        return Layout((), (0,), (Depot(0),), {})
    return _upright(racks, outside, depots, drops, [spot.y_mm for spot in between], shut, end_mm)


def distance(layout: Layout, one: str, other: str) -> int:
    """Give the shortest walk between two bins in mm where nothing is shut; KeyError for a bin of another layout."""
    return _apart(layout, layout.places[one], layout.places[other])


def _apart(layout: Layout, a: Place, b: Place) -> int:
    if a.aisle == b.aisle:
        return abs(a.along_mm - b.along_mm)
    across = abs(layout.aisles_mm[a.aisle] - layout.aisles_mm[b.aisle])
    return across + min(abs(a.along_mm - cross) + abs(b.along_mm - cross) for cross in layout.crosses_mm)


def from_depot(layout: Layout, bin_id: str, depot: int = 0) -> int:
    """Give the shortest walk between a depot and a bin in mm, where nothing is shut."""
    return _to(layout, layout.places[bin_id], layout.depots[depot])


def in_order(layout: Layout, places: Sequence[Place], start: Depot, end: Depot) -> int:
    """Give the walk by places as they come, in mm, where nothing is shut."""
    between = sum(_apart(layout, one, other) for one, other in pairwise(places))
    return _to(layout, places[0], start) + between + _to(layout, places[-1], end)


def _to(layout: Layout, place: Place, depot: Depot) -> int:
    return abs(layout.aisles_mm[place.aisle] - depot.x_mm) + abs(place.along_mm - layout.crosses_mm[depot.cross])


def _upright(
    racks: list[Spot],
    outside: list[Spot],
    depots: Sequence[Point],
    drops: Sequence[Point],
    between: Iterable[int],
    shut: Iterable[Spot],
    end_mm: int,
) -> Layout:
    aisles = sorted(_by_aisle(racks), key=_middle)
    xs = [_middle(aisle) for aisle in aisles]
    low = min(spot.y_mm for spot in racks) - end_mm
    high = max(spot.y_mm for spot in racks) + end_mm
    depots = depots or [(xs[0], low)]
    mirrored = abs(depots[0][1] - high) < abs(depots[0][1] - low)

    def along(y_mm: int) -> int:
        inside = min(max(y_mm, low), high)
        return high - inside if mirrored else inside - low

    crosses = sorted({along(y_mm) for y_mm in (low, high, *between)})
    crosses = crosses if len(crosses) > 1 else 2 * crosses
    places = {spot.id: Place(_nearest(xs, spot.x_mm), along(spot.y_mm)) for spot in outside}
    places |= {spot.id: Place(number, along(spot.y_mm)) for number, aisle in enumerate(aisles) for spot in aisle}

    def ends(points: Sequence[Point]) -> tuple[Depot, ...]:
        return tuple(Depot(x_mm, _nearest(crosses, along(y_mm))) for x_mm, y_mm in points)

    barriers = tuple(Place(_nearest(xs, spot.x_mm), along(spot.y_mm)) for spot in shut)
    return Layout(tuple(xs), tuple(crosses), ends(depots), places, barriers, ends(drops))


def _nearest(xs: Sequence[int], x_mm: int) -> int:
    return min(range(len(xs)), key=lambda number: abs(xs[number] - x_mm))


def _turned(spots: Iterable[Spot]) -> list[Spot]:
    return [Spot(spot.id, spot.aisle, spot.y_mm, spot.x_mm) for spot in spots]


def _by_aisle(spots: Iterable[Spot]) -> list[list[Spot]]:
    aisles: dict[str | int, list[Spot]] = {}
    for spot in spots:
        aisles.setdefault(spot.aisle or spot.x_mm, []).append(spot)
    return list(aisles.values())


def _middle(aisle: Sequence[Spot]) -> int:
    """Give the x of an aisle: both its racks are picked from its middle."""
    return round(mean(spot.x_mm for spot in aisle))


def _run_along_x(spots: Iterable[Spot]) -> bool:
    named = [aisle for aisle in _by_aisle(spots) if aisle[0].aisle]
    wide = sum(_spread([spot.x_mm for spot in aisle]) for aisle in named)
    return wide > sum(_spread([spot.y_mm for spot in aisle]) for aisle in named)


def _spread(values: Sequence[int]) -> int:
    return max(values) - min(values)
