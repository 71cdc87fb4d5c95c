"""Tables of the stock."""

from __future__ import annotations

from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.stock.model import Balance, Move, Pool


class MoveTable(Table, tablename="stock_move"):
    """The ledger: append-only."""

    id = Text(primary_key=True)
    at = BigInt()
    sku = Text()
    lot = Text()
    source = Text()
    target = Text()
    quantity = BigInt()
    reason = Text()
    concerns = Text(index=True)
    user = Text()
    op_id = Text()


class BalanceTable(Table, tablename="stock_balance"):
    """What lies where; kept in the transaction of the move."""

    id = Text(primary_key=True)
    place = Text(index=True)
    sku = Text(index=True)
    lot = Text()
    pool = Text(index=True)
    expiry = BigInt()
    quantity = BigInt()
    pinned = BigInt()


class PoolTable(Table, tablename="stock_pool"):
    """What a site has of a SKU, and what of it is promised."""

    id = Text(primary_key=True)
    site = Text(index=True)
    sku = Text(index=True)
    on_hand = BigInt()
    reserved = BigInt()


MOVES = Rows(MoveTable, Move)
BALANCES = Rows(BalanceTable, Balance)
POOLS = Rows(PoolTable, Pool)

INDEXES = ('CREATE INDEX "stock_move_sku_id" ON "stock_move" ("sku", "id")',)
"""A SKU's ledger is read from its end."""

REBUILT = """
SELECT place, sku, lot, sum(quantity) AS quantity FROM (
    SELECT target AS place, sku, lot, quantity FROM stock_move
    UNION ALL
    SELECT source, sku, lot, -quantity FROM stock_move
) AS moves GROUP BY place, sku, lot HAVING sum(quantity) <> 0 ORDER BY place, sku, lot
"""
"""Balances as the ledger alone gives them."""

LYING = """
FROM stock_balance b JOIN bin ON bin.id = substr(b.place, 5) JOIN stock_pool p ON p.id = b.pool
WHERE b.quantity > b.pinned AND (bin.blocked OR (b.expiry > 0 AND b.expiry < ?))
"""
"""Goods in blocked bins and of lots that have expired at a time, as far as no released line is promised them."""
UNFIT = f"SELECT p.site, p.id, bin.blocked, b.quantity - b.pinned {LYING}"
"""Of these: site, pool, whether the bin is blocked (else the lot has expired), units."""
