"""The questions behind the report, each one statement."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from server.db.engine import Database, any_of

WORLD = "('supplier', 'customer', 'scrap', 'difference')"
WHOLE = """
SELECT count(*) FROM orders o WHERE o.state = 'shipped'
AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l."order" = o.id AND l.goods AND l.state <> 'shipped')
"""
WAITS = """
SELECT count(DISTINCT l."order") FROM order_line l WHERE l.goods AND l.state = 'back_ordered' AND l.reason <> ''
"""
TWICE = """
SELECT (SELECT coalesce(sum(n - 1), 0) FROM (
          SELECT count(*) AS n FROM journal
          WHERE kind IN ('LinePicked', 'ParcelClosed', 'ParcelWeighed', 'LabelPrinted', 'ParcelLoaded',
                         'ManifestClosed')
          GROUP BY op_id, kind, subject))
     + (SELECT count(*) FROM (
          SELECT line, sum(picked) AS units FROM pick_line WHERE kind = 'pick' GROUP BY line) p JOIN (
          SELECT concerns, sum(CASE WHEN reason = 'pick' THEN quantity ELSE -quantity END) AS units
          FROM stock_move WHERE reason IN ('pick', 'undo') GROUP BY concerns) m ON m.concerns = p.line
        WHERE m.units <> p.units)
     + (SELECT count(*) FROM (
          SELECT 1 FROM stock_move WHERE reason IN ('ship', 'unship') GROUP BY concerns, sku, lot
          HAVING sum(CASE WHEN reason = 'ship' THEN 1 ELSE -1 END) > 1))
"""
COUNTS: Mapping[str, str] = {
    "orders_imported": "SELECT count(*) FROM orders",
    "orders_shipped": "SELECT count(*) FROM orders WHERE state = 'shipped'",
    "orders_shipped_whole": WHOLE,
    "orders_backordered": WAITS,
    "orders_open": "SELECT count(*) FROM orders WHERE state NOT IN ('shipped', 'back_ordered', 'cancelled', 'on_hold')",
    "lines_picked": "SELECT count(*) FROM pick_line WHERE kind = 'pick' AND state = 'picked'",
    "lines_short": "SELECT count(*) FROM journal WHERE kind = 'LineShort'",
    "scans": "SELECT count(*) FROM scan",
    "scans_refused": "SELECT count(*) FROM scan WHERE refusal <> ''",
    "parcels": "SELECT count(*) FROM parcel WHERE state = 'shipped'",
    "weight_blocks": "SELECT count(*) FROM weight_reading WHERE refusal IN ('weight_mismatch', 'weight_unknown')",
    "labels": "SELECT count(*) FROM journal WHERE kind = 'LabelPrinted'",
    "manifests": "SELECT count(*) FROM manifest WHERE state = 'closed'",
    "waves": "SELECT count(*) FROM wave WHERE state <> 'cancelled'",
    "duplicate_ops": TWICE,
    "negative_stock": f"SELECT count(*) FROM stock_balance WHERE quantity < 0 AND place NOT IN {WORLD}",
}
UNEVEN = "SELECT sku FROM stock_balance GROUP BY sku HAVING sum(quantity) <> 0 LIMIT 1"
DISAGREEING = """
SELECT place, sku, lot FROM (
  SELECT target AS place, sku, lot, quantity FROM stock_move
  UNION ALL SELECT source, sku, lot, -quantity FROM stock_move
  UNION ALL SELECT place, sku, lot, -quantity FROM stock_balance)
GROUP BY place, sku, lot HAVING sum(quantity) <> 0 LIMIT 1
"""
KNOWN = f"SELECT op_id, code FROM oplog WHERE {any_of('op_id')}"
READINGS = "SELECT parcel, refusal, expected_g, tolerance_g FROM weight_reading ORDER BY id"
PAGE = 10_000
SCALE_G = 2
"""How far a reading may be from the truth: the scale shows whole grams, and wavers."""


class Blocks(msgspec.Struct, frozen=True):
    """What the weight gate did.

    `blocked` parcels were stopped, `mismatched` ones for their weight; `expected` is (g, tolerance in g) at a
    parcel's first reading that counted.
    """

    blocked: set[str]
    mismatched: set[str]
    expected: dict[str, tuple[int, int]]

    def is_beyond(self, parcel: str, grams: float) -> bool:
        """Tell whether a true weight was outside the tolerance for any reading; where none was known, it was."""
        should, tolerance = self.expected.get(parcel, (-1, -1))
        return should < 0 or abs(grams - should) > tolerance + SCALE_G


async def one(database: Database, sql: str) -> int:
    """Give the one number that a question is answered with."""
    [row] = await database.read(sql)
    return int(next(iter(row.values())))


async def sums_to_zero(database: Database) -> bool:
    """Tell whether every SKU sums to zero over all places, and the balances are what the ledger says."""
    return not await database.read(UNEVEN) and not await database.read(DISAGREEING)


async def lost(database: Database, answered: Mapping[str, str]) -> int:
    """Count operations that a device was answered and that the oplog does not have with that answer."""
    known: dict[str, str] = {}
    ids = list(answered)
    for start in range(0, len(ids), PAGE):
        page = msgspec.json.encode(ids[start : start + PAGE]).decode()
        known |= {row["op_id"]: row["code"] for row in await database.read(KNOWN, (page,))}
    return sum(known.get(op_id) != code for op_id, code in answered.items())


async def blocks(database: Database) -> Blocks:
    """Read what the weight gate did with each parcel."""
    seen = Blocks(set(), set(), {})
    for row in await database.read(READINGS):
        if row["refusal"] in {"", "weight_mismatch", "weight_unknown"}:
            seen.expected.setdefault(row["parcel"], (row["expected_g"], row["tolerance_g"]))
        if row["refusal"] in {"weight_mismatch", "weight_unknown"}:
            seen.blocked.add(row["parcel"])
        if row["refusal"] == "weight_mismatch":
            seen.mismatched.add(row["parcel"])
    return seen
