"""Stock as the office sees it: by SKU, by bin, and what lies where."""

from __future__ import annotations

from typing import Any

import msgspec

from server.db.engine import Database
from server.db.reads import escaped
from server.kernel.barcode import candidates
from server.kernel.refusal import Refusal
from server.protocol.base import View
from server.stock.store import BY_BIN, BY_SKU, MATCHING, OF_PLACE, OF_SKU, POOLS_OF


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
        args += (f"{escaped(text)}%", f"%{escaped(text)}%", msgspec.json.encode(_codes(text)).decode())
    rows = await database.read(f"{BY_SKU} {found} ORDER BY k.id LIMIT ?", (*args, limit))
    return [SkuStock(**row) for row in rows]


async def by_bin(database: Database, text: str, site: str, after: str, limit: int) -> list[BinStock]:
    """Give a site's bins by code from `after` on: those whose code begins with `text`."""
    rows = await database.read(BY_BIN, (site, after, f"{escaped(text.strip())}%", limit))
    return [BinStock(**row | {"blocked": bool(row["blocked"])}) for row in rows]


async def lying(database: Database, sku: str = "", place: str = "") -> list[Lying]:
    """Give what lies in the house of a SKU, or in a place."""
    rows = await (database.read(OF_SKU, (sku,)) if sku else database.read(OF_PLACE, (place,)))
    return [Lying(**row | {"name": row["name"] or row["sku"]}) for row in rows]


async def pools(database: Database, sku: str) -> list[PoolView]:
    """Give what each site has of a SKU."""
    return [PoolView(**row) for row in await database.read(POOLS_OF, (sku,))]
