"""Years of past orders, written by the database itself: one statement a table, a sample row with numbered keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from server.bench.floor import UNITS, PickPlace, line_of, order_of, pick_of
from server.bench.goods import KINDS, sku_of
from server.bench.load import SITE
from server.db.engine import Database
from server.db.journal import COUNTERS, JOURNAL, Counter, Entry
from server.db.oplog import OPLOG, Outcome
from server.db.rows import Rows
from server.kernel.clock import DAY
from server.orders.model import Shipment, State
from server.orders.store import LINES, ORDERS, SHIPMENTS
from server.picking.model import PickState, ScanRow, Slot
from server.picking.store import PICKS, SCANS, SLOTS
from server.stock.model import Move
from server.stock.store import MOVES

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most})"
DIGITS = 10**9
DONE = {State.SHIPPED: 1}
SCANS_A_LINE, EVENTS_A_LINE = 3, 4
Tell = Callable[[str], None]


def key(prefix: str, per: int = 1) -> str:
    """Give SQL for the key of the row that belongs to the i-th thing, where there are `per` rows a thing."""
    return f"'{prefix}' || CAST({DIGITS} + (i - 1) / {per} AS TEXT)"


async def fill(database: Database, orders: int, now: int, tell: Tell) -> None:
    """Write so many shipped orders of one line with all that picking them left: scans, moves, journal, oplog."""
    for rows, value, many, changing in _tables(now):
        tell(f"{orders:,} past orders: {rows.name}")
        await database.begin()
        await database.fetch(_statement(rows, value, orders * many, changing))
        await database.commit()
    await _number(database, orders * EVENTS_A_LINE)


def _statement(rows: Rows[Any], value: msgspec.Struct, most: int, changing: dict[str, str]) -> str:
    """Write the INSERT of `most` rows like `value`, with SQL of i for the columns that differ."""
    kept = dict(zip(rows.columns, rows.dump(value), strict=True))
    cells = ", ".join(changing.get(column) or literal(kept[column]) for column in rows.columns)
    names = ", ".join(f'"{column}"' for column in rows.columns)
    return f'INSERT INTO "{rows.name}" ({names}) {NUMBERS.format(most=most)} SELECT {cells} FROM n'


def literal(value: Any) -> str:
    """Write a value of ours in SQL."""
    if value is None or isinstance(value, bool):
        return "NULL" if value is None else str(value).upper()
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


async def _number(database: Database, events: int) -> None:
    """Move the journal and its counter so that what comes next follows."""
    await database.begin()
    await database.many(COUNTERS.upsert, [COUNTERS.dump(Counter("journal", events))])
    await database.commit()


def _tables(now: int) -> list[tuple[Rows[Any], msgspec.Struct, int, dict[str, str]]]:
    """Give each table with a sample row, rows an order, and what differs from row to row."""
    at = now - 30 * DAY
    order = order_of("", at, State.SHIPPED, DONE)
    line = line_of("", "", 1, sku_of(0), State.SHIPPED, "")
    shipment = Shipment("", "", SITE, "own_van", at, 0, State.SHIPPED, DONE, "", "", 9)
    pick = msgspec.structs.replace(
        pick_of(line, PickPlace("", "", "", "", 1, 1), 0),
        state=PickState.PICKED,
        step="done",
        picked=UNITS,
        picked_at=at,
    )
    scan = ScanRow("", at, at, SITE, "past", "past", "", "", "sku", sku_of(0), "ean13", sku_of(0), UNITS, "")
    move = Move("", at, sku_of(0), "", "supplier", "customer", UNITS, "ship", "", "past", "")
    outcome = Outcome("", "past", 1, "scan", at, 1, "", "{}", "null")
    entry = Entry(0, at, "", "past", "past", "LineChanged", "", "", "floor:MAIN", "{}")
    sku = f"'SKU-' || substr(CAST({10_000} + i % {KINDS} AS TEXT), 2)"
    of = {"order": key("00O"), "shipment": key("00S"), "task": key("00T", 60), "line": key("00L")}
    return [
        (ORDERS, order, 1, {"id": of["order"], "external_id": of["order"], "name": of["order"]}),
        (LINES, line, 1, {"id": of["line"], "order": of["order"], "shipment": of["shipment"], "sku": sku}),
        (SHIPMENTS, shipment, 1, {"id": of["shipment"], "order": of["order"]}),
        (PICKS, pick, 1, {"id": of["line"], "sku": sku, **of}),
        (
            SLOTS,
            Slot("", "", 1, "", "", ""),
            1,
            {"id": key("00T"), **{k: of[k] for k in ("task", "order", "shipment")}},
        ),
        (SCANS, scan, SCANS_A_LINE, {"id": key("00C"), "task": key("00T", 60), "line": key("00L", SCANS_A_LINE)}),
        (MOVES, move, 2, {"id": key("00M"), "sku": sku, "concerns": key("00L", 2)}),
        (OPLOG, outcome, SCANS_A_LINE, {"op_id": key("00C")}),
        (JOURNAL, entry, EVENTS_A_LINE, {"position": "i", "op_id": key("00C", 2), "thread": key("00O", EVENTS_A_LINE)}),
    ]
