"""Which warehouses serve an order, and which of their bins: pure choices over what is available."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, groupby
from math import asin, cos, inf, radians, sin, sqrt

import msgspec

EARTH_KM = 6_371.0
EXACT_SITES = 8
"""Up to so many warehouses with any of the goods, all their combinations are tried."""

NEVER = 2**63 - 1

Units = Mapping[str, int]
"""Units by SKU."""


class Split(msgspec.Struct, frozen=True):
    """Units by SKU that each warehouse ships, the nearest first, and units by SKU that nobody has."""

    shares: dict[str, dict[str, int]]
    back_ordered: dict[str, int]


class BinStock(msgspec.Struct, frozen=True):
    """Units of one lot of a SKU that are free in a bin. `expiry` in ms, 0 = it does not expire."""

    bin: str
    lot: str
    expiry: int
    available: int


def choose(needs: Units, available: Mapping[str, Units], distance: Mapping[str, float | None]) -> Split:
    """Share an order out: all that can be had, from the fewest warehouses, then over the least distance.

    `distance` is km to the customer; where it is missing or None the warehouse counts as the farthest. The
    fewest is exact for up to `EXACT_SITES` warehouses that have any of the goods, a good guess for more.
    """
    near = sorted(available, key=lambda site: (_km(distance, site), site))
    near = [site for site in near if _covered(needs, available, [site])]
    wanted = {sku: min(units, _sum(sku, available, near)) for sku, units in needs.items()}
    find = _exact if len(near) <= EXACT_SITES else _greedy
    sites = find(wanted, available, near, distance)
    back_ordered = {sku: units - wanted[sku] for sku, units in needs.items() if units > wanted[sku]}
    return Split(_shares(wanted, available, sites), back_ordered)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Give the great-circle distance in km between two points (latitude, longitude) in degrees."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def pick_bins(stock: Iterable[BinStock], quantity: int) -> tuple[tuple[str, str, int], ...]:
    """Give (bin, lot, units) for up to `quantity` units: what expires first, then from the fewest bins.

    Where one bin has all that is left to find, the one with the least does: that keeps full bins full.
    """
    picks: list[tuple[str, str, int]] = []
    by_expiry = sorted((one for one in stock if one.available > 0), key=_expiry)
    for _, group in groupby(by_expiry, key=_expiry):
        same = sorted(group, key=lambda one: (one.available, one.bin, one.lot))
        while same and quantity > 0:
            best = next((one for one in same if one.available >= quantity), same[-1])
            same.remove(best)
            units = min(quantity, best.available)
            quantity -= units
            picks.append((best.bin, best.lot, units))
    return tuple(picks)


def _expiry(one: BinStock) -> int:
    return one.expiry or NEVER


def _km(distance: Mapping[str, float | None], site: str) -> float:
    km = distance.get(site)
    return inf if km is None else km


def _sum(sku: str, available: Mapping[str, Units], sites: Iterable[str]) -> int:
    return sum(max(0, available[site].get(sku, 0)) for site in sites)


def _covered(needs: Units, available: Mapping[str, Units], sites: Sequence[str]) -> int:
    """Give how many of the units these warehouses have together."""
    return sum(min(units, _sum(sku, available, sites)) for sku, units in needs.items())


def _exact(
    wanted: Units, available: Mapping[str, Units], near: Sequence[str], distance: Mapping[str, float | None]
) -> Sequence[str]:
    total = sum(wanted.values())
    for size in range(len(near) + 1):
        enough = [some for some in combinations(near, size) if _covered(wanted, available, some) == total]
        if enough:
            return min(enough, key=lambda some: sum(_km(distance, site) for site in some))
    return near


def _greedy(
    wanted: Units, available: Mapping[str, Units], near: Sequence[str], _distance: Mapping[str, float | None]
) -> Sequence[str]:
    """Take the warehouse that adds most, the nearest of equals, until all is covered."""
    chosen: list[str] = []
    while _covered(wanted, available, chosen) < sum(wanted.values()):
        chosen.append(max(near, key=lambda site: _covered(wanted, available, [*chosen, site])))
    return [site for site in near if site in chosen]


def _shares(wanted: Units, available: Mapping[str, Units], sites: Sequence[str]) -> dict[str, dict[str, int]]:
    """Give each its units: a SKU whole from the nearest that has it all, else from the nearest onwards."""
    shares: dict[str, dict[str, int]] = {site: {} for site in sites}
    for sku, units in wanted.items():
        left = units
        whole = [site for site in sites if available[site].get(sku, 0) >= units]
        for site in whole[:1] or sites:
            share = min(left, max(0, available[site].get(sku, 0)))
            if share:
                shares[site][sku] = share
                left -= share
    return {site: share for site, share in shares.items() if share}
