"""The catalogue, made from what is ordered, and what a unit truly weighs, which the server is not told."""

from __future__ import annotations

import random
from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from server.demo.book import goods_of, sku_of
from server.kernel.barcode import check_digit
from server.orders.incoming import IncomingLine, IncomingOrder

MEDIAN_MG, SPREAD = 90_000, 0.9
LIGHTEST_MG, HEAVIEST_MG = 8_000, 1_500_000


class Good(msgspec.Struct, frozen=True):
    """A SKU. `mean_mg` and `sd_mg` are true; `told_mg` is what the catalogue says, 0 = nothing."""

    sku: str
    name: str
    gtin: str
    price: int
    currency: str
    mean_mg: float
    sd_mg: float
    told_mg: int

    def weigh(self, units: int, dice: random.Random) -> float:
        """Draw what so many units weigh together, in mg: each varies by itself."""
        return dice.gauss(units * self.mean_mg, units**0.5 * self.sd_mg)


def make_goods(orders: Iterable[IncomingOrder], seed: int, unknown: float) -> dict[str, Good]:
    """Make a SKU of every code that is ordered; a share of `unknown` has no weight in the catalogue."""
    dice = random.Random(f"{seed} goods")
    first: dict[str, tuple[IncomingLine, str]] = {}
    for order in orders:
        for line in goods_of(order):
            first.setdefault(sku_of(line), (line, order.currency))
    taken: set[str] = set()
    return {sku: _good(sku, *first[sku], taken, dice, unknown) for sku in sorted(first)}


def _good(sku: str, line: IncomingLine, currency: str, taken: set[str], dice: random.Random, unknown: float) -> Good:
    mean = min(HEAVIEST_MG, max(LIGHTEST_MG, dice.lognormvariate(0, SPREAD) * MEDIAN_MG))
    told = 0 if dice.random() < unknown else round(mean)
    price = max(0, line.unit_price)
    return Good(
        sku, line.description, _gtin(sku, taken), price, currency, mean, mean * dice.uniform(0.003, 0.015), told
    )


def _gtin(sku: str, taken: set[str]) -> str:
    """Make a GTIN-13 of the range for in-house use from the SKU's hash."""
    number = int.from_bytes(blake2b(sku.encode(), digest_size=8).digest(), "big") % 10**10
    while (code := _checked(f"20{number:010}")) in taken:
        number = (number + 1) % 10**10
    taken.add(code)
    return code


def _checked(body: str) -> str:
    return f"{body}{check_digit(body)}"
