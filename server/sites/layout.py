"""Where bins lie to someone on foot: parallel aisles between two cross-aisles, the depot at the front one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import mean

import msgspec

END_MM = 1_000
"""How far beyond the last bins the middle of a cross-aisle lies."""


class Spot(msgspec.Struct, frozen=True):
    """A bin as the site lists it. `aisle` '' groups bins by their x; the level costs no walking."""

    id: str
    aisle: str
    x_mm: int
    y_mm: int
    level: int = 0


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


def lay_out(spots: Iterable[Spot], depot: tuple[int, int] | None = None, end_mm: int = END_MM) -> Layout:
    """Make the layout of a site's bins; named aisles may run along either axis, aisles by x run along y.

    `depot` is where walks begin and end, as (x, y) in mm; its nearer cross-aisle is the front one. Without it
    the depot is before the first aisle, at the end of least y. Bins whose position is not known (all at 0, 0)
    still make aisles, with nothing to walk between them.
    """
    known = list(spots)
    if _run_along_x(known):
        known = [Spot(spot.id, spot.aisle, spot.y_mm, spot.x_mm, spot.level) for spot in known]
        depot = depot and (depot[1], depot[0])
    return _upright(known, depot, end_mm) if known else Layout((), 0, 0, {})


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


def _upright(spots: list[Spot], depot: tuple[int, int] | None, end_mm: int) -> Layout:
    aisles = sorted(_by_aisle(spots), key=_middle)
    low = min(spot.y_mm for spot in spots) - end_mm
    high = max(spot.y_mm for spot in spots) + end_mm
    depot_x, depot_y = depot or (_middle(aisles[0]), low)
    mirrored = abs(depot_y - high) < abs(depot_y - low)
    places = {
        spot.id: Place(number, high - spot.y_mm if mirrored else spot.y_mm - low)
        for number, aisle in enumerate(aisles)
        for spot in aisle
    }
    return Layout(tuple(_middle(aisle) for aisle in aisles), high - low, depot_x, places)


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
