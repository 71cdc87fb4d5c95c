"""Products over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import Parameter

from server.bus import Bus
from server.catalog import reads
from server.catalog.model import PutProduct
from server.db.engine import Database
from server.kernel.actor import Actor

Limit = Annotated[int, Parameter(ge=1, le=1_000, description="At most so many")]
Offset = Annotated[int, Parameter(ge=0, le=1_000_000_000, description="Pass over so many")]


@get("/api/products", tags=["products"], summary="Search products", opt={"permission": ""})
async def list_products(
    database: Database, q: str = "", limit: Limit = 100, offset: Offset = 0
) -> list[reads.ProductView]:
    """Give products by id: those whose id begins with `q`, whose name has it, or whose barcode it is."""
    return await reads.search(database, q, limit, offset)


@get("/api/products/{sku:path}", tags=["products"], summary="One product", opt={"permission": ""})
async def get_product(database: Database, sku: str) -> reads.ProductView:
    """Give a product with its barcodes, weight, size and price."""
    return await reads.product(database, sku.removeprefix("/"))


@post("/api/products", tags=["products"], summary="Make or change a product", opt={"permission": "stock"})
async def put_product(bus: Bus, database: Database, actor: Actor, data: PutProduct, op_id: str) -> reads.ProductView:
    """Make a product as given, new or changed; its barcodes are all it has from now on."""
    await bus.do(actor, data, op_id=op_id)
    return await reads.product(database, data.sku)


HANDLERS = [list_products, get_product, put_product]
