"""A warehouse's layout as a CSV file: one row per bin, door, depot, mark in an aisle, node, or way between nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from server.kernel import cells as read
from server.kernel.barcode import bin_digits, clean, is_bin_digits
from server.kernel.cells import Cells
from server.kernel.refusal import Refusal
from server.kernel.rows import Columns, Rejected, typed
from server.sites.model import BinKind, Way

COLUMNS = Columns(
    required=("bin", "site"),
    optional=(
        *("zone", "aisle", "x_m", "x_mm", "y_m", "y_mm", "level", "kind", "check_digits"),
        *("from", "to", "metres", "one_way", "blocked"),
    ),
    spellings={"bin": ("location",), "site": ("warehouse",), "metres": ("meters", "length_m")},
)
KINDS = tuple(BinKind)
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
FARTHEST_MM = 10_000_000
HIGHEST_LEVEL = 100


class BinRow(msgspec.Struct, frozen=True):
    """One place: `x_mm` and `y_mm` from the site's corner, level 0 on the floor, check digits of 2 or 3.

    `way` is told of a row of that kind.
    """

    site: str
    bin: str
    check_digits: str
    zone: str = ""
    aisle: str = ""
    x_mm: int = 0
    y_mm: int = 0
    level: int = 0
    kind: str = "pick"
    blocked: bool = False
    way: Way | None = None


def layout(lines: Iterable[str | bytes]) -> Iterator[BinRow | Rejected]:
    """Read a layout; check digits that are not given are derived from the bin's code."""
    yield from typed(lines, COLUMNS, _bin)


def _bin(cells: Cells) -> BinRow:
    return BinRow(
        site=read.some(cells, "site"),
        bin=_code(cells),
        check_digits=_digits(cells),
        zone=cells.get("zone", ""),
        aisle=cells.get("aisle", ""),
        x_mm=read.measure(cells, {"x_mm": 1, "x_m": 1_000}, -FARTHEST_MM, FARTHEST_MM),
        y_mm=read.measure(cells, {"y_mm": 1, "y_m": 1_000}, -FARTHEST_MM, FARTHEST_MM),
        level=read.scaled(cells, "level", 1, 0, HIGHEST_LEVEL),
        kind=read.choice(cells, "kind", KINDS, "pick"),
        blocked=_yes(cells, "blocked"),
        way=_way(cells) if read.choice(cells, "kind", KINDS, "pick") == BinKind.WAY else None,
    )


def _way(cells: Cells) -> Way:
    metres = read.scaled(cells, "metres", 1_000, 0, FARTHEST_MM)
    return Way(read.some(cells, "from"), read.some(cells, "to"), metres, _yes(cells, "one_way"))


def _yes(cells: Cells, column: str) -> bool:
    return YES_NO[read.choice(cells, column, YES_NO, "no")]


def _code(cells: Cells) -> str:
    """Give the bin's code, which is also what its label says."""
    try:
        return clean(cells.get("bin", ""))
    except Refusal:
        raise read.wrong(cells, "bin") from None


def _digits(cells: Cells) -> str:
    given = cells.get("check_digits", "")
    if given and not is_bin_digits(given):
        raise read.wrong(cells, "check_digits")
    return given or bin_digits(cells.get("bin", ""))
