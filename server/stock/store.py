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

BY_SKU = """
SELECT k.id AS sku, k.name, k.tracking,
       coalesce((SELECT sum(p.on_hand) FROM stock_pool p
                 WHERE p.sku = k.id AND (? = '' OR p.site = ?)), 0) AS on_hand,
       coalesce((SELECT sum(p.reserved) FROM stock_pool p
                 WHERE p.sku = k.id AND (? = '' OR p.site = ?)), 0) AS reserved,
       coalesce((SELECT sum(b.pinned) FROM stock_balance b
                 WHERE b.sku = k.id AND (? = '' OR b.pool = ? || '/' || k.id)), 0) AS pinned
FROM sku k WHERE k.id > ?
"""
MATCHING = """AND (k.id LIKE ? ESCAPE '\\' OR k.name LIKE ? ESCAPE '\\'
     OR k.id IN (SELECT sku FROM barcode WHERE id IN (SELECT value FROM json_each(?))))"""
BY_BIN = """
SELECT n.id AS bin, n.code, n.zone, n.kind, n.blocked,
       (SELECT count(DISTINCT b.sku) FROM stock_balance b WHERE b.place = 'bin:' || n.id AND b.quantity <> 0) AS skus,
       coalesce((SELECT sum(b.quantity) FROM stock_balance b WHERE b.place = 'bin:' || n.id), 0) AS units,
       coalesce((SELECT sum(b.pinned) FROM stock_balance b WHERE b.place = 'bin:' || n.id), 0) AS pinned
FROM bin n WHERE n.site = ? AND n.code > ? AND n.code LIKE ? ESCAPE '\\' ORDER BY n.code LIMIT ?
"""
LIES = """
SELECT b.place, b.sku, k.name, b.lot, b.expiry, b.quantity, b.pinned
FROM stock_balance b LEFT JOIN sku k ON k.id = b.sku
WHERE {column} = ? AND b.quantity <> 0 AND b.place NOT IN ('supplier', 'customer', 'scrap', 'difference')
ORDER BY b.place, b.sku, b.expiry, b.lot LIMIT 1000
"""
OF_SKU, OF_PLACE = LIES.format(column="b.sku"), LIES.format(column="b.place")
POOLS_OF = "SELECT site, on_hand, reserved FROM stock_pool WHERE sku = ? ORDER BY site"
LEDGER = """
SELECT m.id, m.at, m.lot, m.source, m.target, m.quantity, m.reason, coalesce(u.name, m."user") AS who,
       coalesce(o.id, '') AS "order", coalesce(o.name, '') AS order_name
FROM (SELECT id, at, lot, source, target, quantity, reason, concerns, "user" FROM stock_move
      WHERE sku = ? AND id < ? {at} ORDER BY id DESC LIMIT ?) AS m
LEFT JOIN users u ON u.id = m."user" LEFT JOIN order_line l ON l.id = m.concerns LEFT JOIN orders o ON o.id = l."order"
ORDER BY m.id DESC
"""
AT_PLACE = "AND (source = ? OR target = ?)"
IN_BINS = "SELECT coalesce(sum(quantity), 0) AS units FROM stock_balance WHERE sku = ? AND place LIKE 'bin:%'"
IN_PLACE = "SELECT coalesce(sum(quantity), 0) AS units FROM stock_balance WHERE sku = ? AND place = ?"
