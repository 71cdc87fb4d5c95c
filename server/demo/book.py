"""What the files order: read by the same readers as the import, cut to the first days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from server.cli.imports import lines_of
from server.kernel.clock import DAY
from server.orders.channels import channel
from server.orders.incoming import Incoming, IncomingLine, IncomingOrder, Rejected, Returned

Demand = Counter[str]
"""Units by SKU."""


class Book(msgspec.Struct, frozen=True):
    """The orders that can be imported, in the order of the files, and how much else is in them."""

    orders: tuple[IncomingOrder, ...]
    returns: int
    rejected: int

    @property
    def importable(self) -> tuple[IncomingOrder, ...]:
        """The orders with something to ship."""
        return tuple(order for order in self.orders if goods_of(order) and not order.cancelled)


def found_in(files: Iterable[Path], name: str, days: int) -> Iterator[Incoming]:
    """Give what is in the files; with `days` only orders and returns of so many days from the first order on."""
    end = 0
    inside = True
    for item in (item for file in files for item in channel(name).read(lines_of(file), name)):
        if days and not isinstance(item, Rejected):
            at = item.at if isinstance(item, Returned) else item.placed_at
            end = end or at - at % DAY + days * DAY
            inside = at < end
        if inside:
            yield item


def read_book(files: Iterable[Path], name: str, days: int) -> Book:
    """Read the files; of an order that comes in several revisions the latest counts."""
    latest: dict[str, IncomingOrder] = {}
    returns = rejected = 0
    for item in found_in(files, name, days):
        if isinstance(item, IncomingOrder):
            known = latest.get(item.external_id)
            if known is None or item.revision > known.revision:
                latest[item.external_id] = item
        else:
            returns += isinstance(item, Returned)
            rejected += isinstance(item, Rejected)
    return Book(tuple(latest.values()), returns, rejected)


def sku_of(line: IncomingLine) -> str:
    """Give the SKU that a line will be known by: its code, else its barcode."""
    return line.code or line.barcode


def goods_of(order: IncomingOrder) -> list[IncomingLine]:
    """Give the lines of an order that are shipped."""
    return [line for line in order.lines if line.goods and line.quantity > 0 and sku_of(line)]


def demand_of(order: IncomingOrder) -> Demand:
    """Add up an order's goods."""
    total: Demand = Counter()
    for line in goods_of(order):
        total[sku_of(line)] += line.quantity
    return total
