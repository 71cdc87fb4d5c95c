"""Opening stock as a CSV file: how many of which SKU lie in which bin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from server.kernel import cells as read
from server.kernel.cells import Cells
from server.kernel.rows import Columns, Rejected, typed

COLUMNS = Columns(
    required=("sku", "site", "bin", "quantity"),
    optional=("lot", "expiry"),
    spellings={"quantity": ("qty",), "bin": ("location",), "site": ("warehouse",)},
)
MOST_UNITS = 10**9


class StockRow(msgspec.Struct, frozen=True):
    """Units of a SKU in a bin, one or more; `lot` and `expiry` (YYYY-MM-DD) are '' where not tracked."""

    site: str
    bin: str
    sku: str
    quantity: int
    lot: str = ""
    expiry: str = ""


def stock(lines: Iterable[str | bytes]) -> Iterator[StockRow | Rejected]:
    """Read opening stock; a quantity of zero or below is Rejected."""
    yield from typed(lines, COLUMNS, _stock)


def _stock(cells: Cells) -> StockRow:
    return StockRow(
        site=read.some(cells, "site"),
        bin=read.some(cells, "bin"),
        sku=read.some(cells, "sku"),
        quantity=read.whole(cells, "quantity", 1, MOST_UNITS),
        lot=cells.get("lot", ""),
        expiry=read.day(cells, "expiry"),
    )
