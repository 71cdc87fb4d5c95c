"""The ledger of a SKU as it is read: each move with who made it, why, and what was there afterwards."""

from __future__ import annotations

from typing import Any

from server.db.engine import Database
from server.protocol.base import View
from server.stock.store import AT_PLACE, IN_BINS, IN_PLACE, LEDGER

LAST = "~"
"""Sorts behind every ULID."""


class MoveView(View, frozen=True):
    """Units that went from a place to a place. `units` are those in the bins (or in the place asked for) afterwards."""

    id: str
    at: int
    lot: str
    source: str
    target: str
    quantity: int
    reason: str
    who: str
    order: str
    order_name: str
    units: int


async def ledger(
    database: Database, sku: str, place: str, before: str, units: int | None, limit: int
) -> list[MoveView]:
    """Give a page of a SKU's moves, the newest first; with `place` only those into and out of it.

    The next page is asked for by its last move (`before`) and the units that were there before that (`units`).
    """
    at, args = (AT_PLACE, (place, place)) if place else ("", ())
    rows = await database.read(LEDGER.format(at=at), (sku, before or LAST, *args, limit))
    left = await _units(database, sku, place) if units is None else units
    found = []
    for row in rows:
        found.append(_view(row, left))
        left -= change(row["source"], row["target"], row["quantity"], place)
    return found


async def _units(database: Database, sku: str, place: str) -> int:
    sql, args = (IN_PLACE, (sku, place)) if place else (IN_BINS, (sku,))
    return int((await database.read(sql, args))[0]["units"])


def change(source: str, target: str, quantity: int, place: str) -> int:
    """Give by how much a move changed what lies in `place`, or in all bins where it is ''."""
    return quantity * (_counts(target, place) - _counts(source, place))


def _counts(where: str, place: str) -> int:
    return where == place if place else where.startswith("bin:")


def _view(row: dict[str, Any], units: int) -> MoveView:
    return MoveView(**{name: row[name] for name in MoveView.__struct_fields__ if name != "units"}, units=units)
