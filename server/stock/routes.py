"""Stock over HTTP: what there is, how it came about, and setting it right."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import Parameter

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import Actor
from server.protocol.base import Whole
from server.stock import ledger, lists
from server.stock.model import AdjustStock

READERS = ("office", "stock")
Text = Annotated[str, Parameter(max_length=200)]
Limit = Annotated[int, Parameter(ge=1, le=1_000, description="At most so many")]
Units = Annotated[Whole | None, Parameter(description="What was there before the last of that page")]


@get("/api/stock", tags=["stock"], summary="Stock by SKU", opt={"permission": READERS})
async def list_skus(
    database: Database, q: Text = "", site: Text = "", after: Text = "", limit: Limit = 100
) -> list[lists.SkuStock]:
    """Give SKUs by id: whose id begins with `q`, whose name has it, or whose barcode it is."""
    return await lists.by_sku(database, q, site, after, limit)


@get("/api/stock/bins", tags=["stock"], summary="Stock by bin", opt={"permission": READERS})
async def list_bins(
    database: Database, site: Text, q: Text = "", after: Text = "", limit: Limit = 100
) -> list[lists.BinStock]:
    """Give a site's bins by code, those whose code begins with `q`."""
    return await lists.by_bin(database, q, site, after, limit)


@get("/api/stock/lying", tags=["stock"], summary="What lies where", opt={"permission": READERS})
async def list_lying(database: Database, sku: Text = "", place: Text = "") -> list[lists.Lying]:
    """Give where a SKU lies, or what lies in a place (`bin:SITE:CODE`): lots, expiry, units pinned."""
    return await lists.lying(database, sku, place)


@get("/api/stock/pools", tags=["stock"], summary="A SKU's stock by site", opt={"permission": READERS})
async def list_pools(database: Database, sku: Text) -> list[lists.PoolView]:
    """Give what each site has of a SKU, and how much of it is promised to orders."""
    return await lists.pools(database, sku)


@get("/api/stock/ledger", tags=["stock"], summary="A SKU's moves", opt={"permission": READERS})
async def list_moves(
    database: Database, sku: Text, place: Text = "", before: Text = "", units: Units = None, limit: Limit = 100
) -> list[ledger.MoveView]:
    """Give a SKU's moves, the newest first, with what was there afterwards; with `place` those in and out of it."""
    return await ledger.ledger(database, sku, place, before, units, limit)


@post("/api/stock/adjust", tags=["stock"], summary="Set a bin's stock", opt={"permission": "stock"})
async def adjust(bus: Bus, actor: Actor, data: AdjustStock, op_id: str) -> None:
    """Set what a bin holds of a SKU to what was counted, with a reason; a promise that it no longer covers waits."""
    await bus.do(actor, data, op_id=op_id)


HANDLERS = [list_skus, list_bins, list_lying, list_pools, list_moves, adjust]
