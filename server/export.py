"""Everything that happened as JSON lines, oldest first: enough to recompute every figure (docs/export.md).

Rows are read a page at a time by key, so that a year takes no more memory than a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec

from server.db.engine import Database, any_of
from server.db.journal import JOURNAL
from server.db.oplog import OPLOG
from server.db.rows import Rows
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.packing.store import ITEMS, PARCELS, READINGS
from server.picking.store import PICKS, SCANS
from server.shipping.store import MANIFESTS
from server.stock.store import BALANCES, MOVES

PAGE = 1_000
encode = msgspec.json.Encoder().encode

PLAIN: Mapping[str, Rows[Any]] = {
    "journal": JOURNAL,
    "ledger": MOVES,
    "balances": BALANCES,
    "scans": SCANS,
    "picks": PICKS,
    "readings": READINGS,
    "ops": OPLOG,
    "manifests": MANIFESTS,
}
"""What is exported as its rows are."""
WITH_PARTS: Mapping[str, tuple[Rows[Any], Mapping[str, tuple[Rows[Any], str]]]] = {
    "orders": (ORDERS, {"lines": (LINES, "order"), "shipments": (SHIPMENTS, "order")}),
    "parcels": (PARCELS, {"items": (ITEMS, "parcel")}),
}
"""What is exported together with its parts: the name of the parts, their table, and the column that names the whole."""
PRIVATE = frozenset({"address", "note"})
"""Fields that name people: they stay in the house."""
JSON = frozenset({"body", "facts", "result", "cause", "tally", "serials"})
"""Text columns that hold JSON: given as what they hold."""
WHAT = (*PLAIN, *WITH_PARTS)


async def export_lines(database: Database, what: str) -> AsyncIterator[str]:
    """Give what was asked for (one of WHAT) as JSON objects, one a line without its line end."""
    rows, parts = WITH_PARTS.get(what) or (PLAIN[what], {})
    async for page in _pages(database, rows):
        for name, (table, column) in parts.items():
            await _attach(database, page, rows.key, name, table, column)
        for row in page:
            yield encode(row).decode()


async def _pages(database: Database, rows: Rows[Any]) -> AsyncIterator[list[dict[str, Any]]]:
    """Read a table by key, a page at a time."""
    sql = f'{rows.select} WHERE "{rows.key}" > ? ORDER BY "{rows.key}" LIMIT {PAGE}'
    last: Any = 0 if rows is JOURNAL else ""
    while page := await database.read(sql, (last,)):
        last = page[-1][rows.key]
        yield [_public(row) for row in page]


async def _attach(
    database: Database, page: list[dict[str, Any]], key: str, name: str, table: Rows[Any], column: str
) -> None:
    """Give each of a page its parts, by their key."""
    wanted = any_of(f'"{column}"')
    sql = f'{table.select} WHERE {wanted} ORDER BY "{table.key}"'
    found = defaultdict(list)
    for part in await database.read(sql, (encode([row[key] for row in page]).decode(),)):
        found[part[column]].append(_public(part))
    for row in page:
        row[name] = found[row[key]]


def _public(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what names people, and give JSON as what it says."""
    return {name: _value(name, value) for name, value in row.items() if name not in PRIVATE}


def _value(name: str, value: Any) -> Any:
    return msgspec.Raw(value.encode()) if name in JSON and value else value
