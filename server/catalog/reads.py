"""Products as the office sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from server.catalog.model import Barcode, Sku
from server.catalog.store import BARCODES, SKUS
from server.db.engine import Database
from server.db.reads import load, one
from server.kernel.barcode import candidates
from server.protocol.base import View
from server.protocol.picking import BarcodeView


class ProductView(View, frozen=True):
    """A SKU with its codes."""

    sku: Sku
    barcodes: tuple[BarcodeView, ...]


SEARCH = f"""{SKUS.select} WHERE id LIKE ? ESCAPE '\\' OR name LIKE ? ESCAPE '\\'
OR id IN (SELECT sku FROM barcode WHERE id IN (SELECT value FROM json_each(?)))
ORDER BY id LIMIT ? OFFSET ?"""


async def search(database: Database, text: str = "", most: int = 100, offset: int = 0) -> list[ProductView]:
    """Give products, by id: those whose id begins with `text`, whose name has it, or whose code it is."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    keys = msgspec.json.encode(candidates(text) if text.strip() else ()).decode()
    rows = await database.read(SEARCH, (f"{plain}%", f"%{plain}%", keys, most, offset))
    return await _views(database, [SKUS.load(tuple(row.values())) for row in rows])


async def product(database: Database, sku: str) -> ProductView:
    """Give one product; Refusal `not_found`."""
    [view] = await _views(database, [await one(database, SKUS, sku)])
    return view


async def _views(database: Database, skus: Sequence[Sku]) -> list[ProductView]:
    codes: dict[str, list[Barcode]] = defaultdict(list)
    for code in await load(database, BARCODES, "sku", [sku.id for sku in skus]):
        codes[code.sku].append(code)
    return [
        ProductView(sku, tuple(BarcodeView(code.id, code.units) for code in sorted(codes[sku.id], key=_key)))
        for sku in skus
    ]


def _key(code: Barcode) -> tuple[int, str]:
    return code.units, code.id
