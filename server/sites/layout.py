"""Where bins lie to someone on foot: parallel aisles between two cross-aisles, the depot at the front one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import mean

import msgspec

from server.sites.model import Bin, BinKind

END_MM = 1_000
"""How far beyond the last bins the middle of a cross-aisle lies."""


RACKS = frozenset({BinKind.PICK, BinKind.BULK})

Point = tuple[int, int]
"""x and y in mm."""


class Spot(msgspec.Struct, frozen=True):
    """A bin as the site lists it. `aisle` '' groups bins by their x; levels cost no walking."""

    id: str
    aisle: str
    x_mm: int
    y_mm: int


class Place(msgspec.Struct, frozen=True):
    """Where one stands to reach a bin: aisle number from the left, millimetres from the front cross-aisle."""

    aisle: int
    along_mm: int


class Layout(msgspec.Struct, frozen=True):
    """A warehouse of one block.

    `aisles_mm` is each aisle's x from left to right, `length_mm` the walk from the front to the back
    cross-aisle and `depot_mm` the x of the depot on the front one. `places` holds every bin.
    """

    aisles_mm: tuple[int, ...]
    length_mm: int
    depot_mm: int
    places: dict[str, Place]

    @classmethod
    def of(cls, bins: Iterable[Bin]) -> Layout:
        """Make the layout of a site from all its bins: racks make the aisles, a depot is where walks begin.

        Goods may wait in other places (a door, a pack station): one walks to the nearest point of an aisle.
        """
        known = list(bins)
        depot = next(((one.x_mm, one.y_mm) for one in known if one.kind is BinKind.DEPOT), None)
        spots = {one: Spot(one.id, one.aisle, one.x_mm, one.y_mm) for one in known}
        racks = [spot for one, spot in spots.items() if one.kind in RACKS]
        return lay_out(racks, depot, others=[spot for one, spot in spots.items() if one.kind not in RACKS])


def lay_out(
    spots: Iterable[Spot], depot: Point | None = None, end_mm: int = END_MM, others: Iterable[Spot] = ()
) -> Layout:
    """Make the layout of a site's bins; named aisles may run along either axis, aisles by x run along y.

    `depot` is where walks begin and end, as (x, y) in mm; its nearer cross-aisle is the front one. Without it
    the depot is before the first aisle, at the end of least y. Bins whose position is not known (all at 0, 0)
    still make aisles, with nothing to walk between them. `others` are reached from the nearest aisle.
    """
    racks, outside = list(spots) or list(others), list(others)
    if _run_along_x(racks):
        racks, outside = _turned(racks), _turned(outside)
        depot = depot and (depot[1], depot[0])
    return _upright(racks, outside, depot, end_mm) if racks else Layout((), 0, 0, {})


def distance(layout: Layout, one: str, other: str) -> int:
    """Give the shortest walk between two bins in mm; KeyError for a bin that is not of this layout."""
    a, b = layout.places[one], layout.places[other]
    if a.aisle == b.aisle:
        return abs(a.along_mm - b.along_mm)
    by_front = a.along_mm + b.along_mm
    across = abs(layout.aisles_mm[a.aisle] - layout.aisles_mm[b.aisle])
    return across + min(by_front, 2 * layout.length_mm - by_front)


def from_depot(layout: Layout, bin_id: str) -> int:
    """Give the shortest walk between the depot and a bin in mm."""
    place = layout.places[bin_id]
    return abs(layout.aisles_mm[place.aisle] - layout.depot_mm) + place.along_mm


def _upright(racks: list[Spot], outside: list[Spot], depot: Point | None, end_mm: int) -> Layout:
    aisles = sorted(_by_aisle(racks), key=_middle)
    xs = [_middle(aisle) for aisle in aisles]
    low = min(spot.y_mm for spot in racks) - end_mm
    high = max(spot.y_mm for spot in racks) + end_mm
    depot_x, depot_y = depot or (xs[0], low)
    mirrored = abs(depot_y - high) < abs(depot_y - low)

    def along(spot: Spot) -> int:
        y_mm = min(max(spot.y_mm, low), high)
        return high - y_mm if mirrored else y_mm - low

    places = {spot.id: Place(_nearest(xs, spot.x_mm), along(spot)) for spot in outside}
    places |= {spot.id: Place(number, along(spot)) for number, aisle in enumerate(aisles) for spot in aisle}
    return Layout(tuple(xs), high - low, depot_x, places)


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
