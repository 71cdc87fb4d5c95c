"""Where goods lie at the start: aisles of bins, one to three bins a SKU, and less than is ordered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from server.demo.book import Demand
from server.sites.model import BinKind, PutBin

SITE = "MAIN"
MOST_AISLES = 20
BAYS_AN_AISLE = 15
LEVELS = 4
AISLE_MM, BAY_MM = 4_000, 1_300
BINS_A_SKU = (1, 1, 2, 3)


class Stocked(msgspec.Struct, frozen=True):
    """Units of a SKU in a bin."""

    bin: str
    sku: str
    units: int


def missing(demands: Sequence[Demand], units: int) -> Demand:
    """Choose `units` that are not in stock, so that few orders lack anything.

    What is short falls on who is served last: so it is taken from the orders that want the most of what nobody
    after them wants.
    """
    last = {sku: number for number, demand in enumerate(demands) for sku in demand}
    alone = [Counter({sku: demand[sku] for sku in demand if last[sku] == n}) for n, demand in enumerate(demands)]
    gone: Demand = Counter()
    for demand in sorted(alone, key=Counter.total, reverse=True):
        for sku, wanted in sorted(demand.items()):
            gone[sku] += min(wanted, units - gone.total())
    return +gone


def in_stock(demands: Sequence[Demand], fill: float) -> Demand:
    """Give the opening stock: what is ordered less the share that is not there; above 1 there is more of each."""
    total: Demand = Counter()
    for demand in demands:
        total.update(demand)
    if fill >= 1:
        return Counter({sku: round(units * fill) for sku, units in total.items()})
    total.subtract(missing(demands, round(total.total() * (1 - fill))))
    return total


def place(stock: Demand, seed: int) -> list[Stocked]:
    """Lay each SKU into one to three bins, every bin for one SKU; a SKU without stock has no bin."""
    dice = random.Random(f"{seed} shelves")
    parts = [(sku, part) for sku in sorted(stock) for part in _parts(stock[sku], dice)]
    codes = list(codes_for(len(parts)))
    dice.shuffle(codes)
    return [Stocked(f"{SITE}:{code}", sku, units) for code, (sku, units) in zip(codes, parts, strict=False)]


def _parts(units: int, dice: random.Random) -> list[int]:
    """Split units over bins."""
    count = min(units, dice.choice(BINS_A_SKU))
    cuts = sorted(dice.sample(range(1, units), count - 1)) if count > 1 else []
    edges = [0, *cuts, units]
    return [b - a for a, b in pairwise(edges)] if units > 0 else []


def _bays(bins: int) -> tuple[int, int]:
    """Give aisles and bays an aisle that hold so many bins."""
    aisles = min(MOST_AISLES, max(2, -(-bins // (BAYS_AN_AISLE * LEVELS))))
    return aisles, -(-bins // (aisles * LEVELS))


def codes_for(bins: int) -> Iterator[str]:
    """Give the codes of at least so many bins."""
    return (place.code for place in racks(bins))


def racks(bins: int) -> Iterator[PutBin]:
    """Give at least so many pick bins, in parallel aisles."""
    aisles, bays = _bays(bins)
    for x in range(aisles):
        aisle = chr(ord("A") + x)
        for bay in range(1, bays + 1):
            for level in range(LEVELS):
                yield PutBin(
                    site=SITE,
                    code=f"{aisle}-{bay:02}-{level + 1}",
                    zone="AB"[x * 2 // aisles],
                    aisle=aisle,
                    x_mm=x * AISLE_MM,
                    y_mm=bay * BAY_MM,
                    level=level,
                )


def others() -> tuple[PutBin, ...]:
    """Give the places that are no racks."""
    return (
        PutBin(site=SITE, code="DEPOT", kind=BinKind.DEPOT, y_mm=-2_000),
        PutBin(site=SITE, code="CONS-1", kind=BinKind.CONSOLIDATION, x_mm=6_000, y_mm=-3_000),
        PutBin(site=SITE, code="DOOR-1", kind=BinKind.DOOR, x_mm=12_000, y_mm=-3_000),
    )
