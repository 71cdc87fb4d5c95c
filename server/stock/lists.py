"""Stock as the office sees it: by SKU, by bin, and what lies where."""

from __future__ import annotations

from typing import Any

import msgspec

from server.db.engine import Database
from server.kernel.barcode import candidates
from server.kernel.refusal import Refusal
from server.protocol.base import View

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
LYING = """
SELECT b.place, b.sku, k.name, b.lot, b.expiry, b.quantity, b.pinned
FROM stock_balance b LEFT JOIN sku k ON k.id = b.sku
WHERE {column} = ? AND b.quantity <> 0 AND b.place NOT IN ('supplier', 'customer', 'scrap', 'difference')
ORDER BY b.place, b.sku, b.expiry, b.lot LIMIT 1000
"""
OF_SKU, OF_PLACE = LYING.format(column="b.sku"), LYING.format(column="b.place")
POOLS = "SELECT site, on_hand, reserved FROM stock_pool WHERE sku = ? ORDER BY site"


class SkuStock(View, frozen=True):
    """A SKU's units in bins: `reserved` for orders, `pinned` for lines on the floor (these are reserved, too)."""

    sku: str
    name: str
    tracking: str
    on_hand: int
    reserved: int
    pinned: int


class BinStock(View, frozen=True):
    """A bin and how much lies in it."""

    bin: str
    code: str
    zone: str
    kind: str
    blocked: bool
    skus: int
    units: int
    pinned: int


class Lying(View, frozen=True):
    """Units of a SKU and lot in a place; `expiry` in ms UTC (0 = none)."""

    place: str
    sku: str
    name: str
    lot: str
    expiry: int
    quantity: int
    pinned: int


class PoolView(View, frozen=True):
    """A SKU at a site: what can still be promised is `on_hand` less `reserved`."""

    site: str
    on_hand: int
    reserved: int


def _like(text: str, *, inside: bool = False) -> str:
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%" if inside else f"{plain}%"


def _codes(text: str) -> tuple[str, ...]:
    """Give what a scanned or typed text may mean; nothing where it is no code."""
    try:
        return candidates(text)
    except Refusal:
        return ()


async def by_sku(database: Database, text: str, site: str, after: str, limit: int) -> list[SkuStock]:
    """Give SKUs by id from `after` on: whose id begins with `text`, whose name has it, whose code it is."""
    args: tuple[Any, ...] = (*[site] * 6, after)
    text, found = text.strip(), ""
    if text:
        found = MATCHING
        args += (_like(text), _like(text, inside=True), msgspec.json.encode(_codes(text)).decode())
    rows = await database.read(f"{BY_SKU} {found} ORDER BY k.id LIMIT ?", (*args, limit))
    return [SkuStock(**row) for row in rows]


async def by_bin(database: Database, text: str, site: str, after: str, limit: int) -> list[BinStock]:
    """Give a site's bins by code from `after` on: those whose code begins with `text`."""
    rows = await database.read(BY_BIN, (site, after, _like(text.strip()), limit))
    return [BinStock(**row | {"blocked": bool(row["blocked"])}) for row in rows]


async def lying(database: Database, sku: str = "", place: str = "") -> list[Lying]:
    """Give what lies in the house of a SKU, or in a place."""
    rows = await (database.read(OF_SKU, (sku,)) if sku else database.read(OF_PLACE, (place,)))
    return [Lying(**row | {"name": row["name"] or row["sku"]}) for row in rows]


async def pools(database: Database, sku: str) -> list[PoolView]:
    """Give what each site has of a SKU."""
    return [PoolView(**row) for row in await database.read(POOLS, (sku,))]
