"""Cells of a row as numbers, measures and choices; every Refusal names the column and what stood there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from server.kernel.clock import from_datetime
from server.kernel.refusal import Refusal

WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0{1,6})?")
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{0,9})?|[.,][0-9]{1,9})")
US_TIME = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ([0-9]{1,2}):([0-9]{2})")
YEARS = range(1990, 2200)

Cells = Mapping[str, str]


def wrong(cells: Cells, column: str, code: str = "bad_value") -> Refusal:
    """Make the Refusal for what stands in `column`."""
    return Refusal(code, column=column, value=cells.get(column, ""))


def some(cells: Cells, column: str) -> str:
    """Give text that must not be blank."""
    text = cells.get(column, "")
    if not text:
        raise wrong(cells, column)
    return text


def whole(cells: Cells, column: str, low: int, high: int) -> int:
    """Read an integer from `low` to `high`; a blank cell is refused."""
    text = cells.get(column, "")
    value = int(text.partition(".")[0]) if WHOLE.fullmatch(text) else None
    if value is None or not low <= value <= high:
        raise wrong(cells, column)
    return value


def scaled(cells: Cells, column: str, factor: int, low: int, high: int) -> int:
    """Read a number, times `factor`, rounded to an integer from `low` to `high`; a blank cell is 0."""
    text = cells.get(column, "") or "0"
    value = round(Decimal(text.replace(",", ".")) * factor) if NUMBER.fullmatch(text) else None
    if value is None or not low <= value <= high:
        raise wrong(cells, column)
    return value


def measure(cells: Cells, columns: Mapping[str, int], low: int, high: int) -> int:
    """Read the first of `columns` (name and factor) that is filled; 0 if none is."""
    filled = next((name for name in columns if cells.get(name)), next(iter(columns)))
    return scaled(cells, filled, columns[filled], low, high)


def choice(cells: Cells, column: str, of: Collection[str], default: str) -> str:
    """Read one of `of`, whatever its case; a blank cell is `default`."""
    text = cells.get(column, "").lower() or default
    if text not in of:
        raise wrong(cells, column)
    return text


def day(cells: Cells, column: str) -> str:
    """Read a date, YYYY-MM-DD or YYYYMMDD, as YYYY-MM-DD; '' where the cell is blank."""
    text = cells.get(column, "")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise wrong(cells, column) from None


def moment(cells: Cells, column: str) -> int:
    """Read a time as ms UTC: ISO 8601 (without an offset it is UTC) or `12/1/2010 8:26`, month first."""
    at = _moment(cells.get(column, ""))
    if at is None:
        raise wrong(cells, column)
    return at


@lru_cache(maxsize=4096)
def _moment(text: str) -> int | None:
    american = US_TIME.fullmatch(text)
    try:
        if american:
            month, of_month, year, hour, minute = map(int, american.groups())
            at = datetime(year, month, of_month, hour, minute, tzinfo=UTC)
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return from_datetime(at) if at.year in YEARS else None
