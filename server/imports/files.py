"""Files of each kind as the commands they ask for: pure, so that a thread may read them beside the scans."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from server.catalog.files import ProductRow, products
from server.catalog.model import PutProduct, Tracking
from server.imports.model import Kind
from server.kernel.clock import from_datetime
from server.kernel.rows import Rejected
from server.orders.channels import channel as channel_kind
from server.orders.imports import import_of
from server.protocol.base import Command
from server.sites.files import BinRow, layout
from server.sites.model import BinKind, PutBin
from server.stock.files import StockRow, stock
from server.stock.model import DIFFERENCE, ReceiveStock

CURRENCY = "GBP"


class Step(msgspec.Struct, frozen=True):
    """What one thing of a file asks for: `op_id` is the same for the same content, so that it is done once."""

    command: Command
    op_id: str
    belongs_to: str
    row: int = 0


Steps = Iterator[Step | Rejected]
Lines = Iterable[bytes]


def digest(content: bytes) -> str:
    """Name a file by what is in it."""
    return hashlib.sha256(content).hexdigest()[:24]


def steps(kind: Kind, lines: Lines, name: str, *, channel: str = "csv", currency: str = CURRENCY) -> Steps:
    """Read a file of this kind; `name` is its digest. Orders are read as their channel writes them."""
    if kind is Kind.ORDERS:
        return _orders(lines, channel)
    if kind is Kind.PRODUCTS:
        return _rows(products(lines, currency), _product, f"products:{name}")
    if kind is Kind.LAYOUT:
        return _rows(layout(lines), _bin, f"bins:{name}")
    return _rows(stock(lines), _stock, f"stock rows:{name}")


def _orders(lines: Lines, channel: str) -> Steps:
    for found in channel_kind(channel).read(lines, channel):
        if isinstance(found, Rejected):
            yield found
        else:
            command, op_id = import_of(found)
            yield Step(command, op_id, found.external_id)


def _rows(rows: Iterable[Any], command: Callable[[Any], Step], key: str) -> Steps:
    for number, row in enumerate(rows, 1):
        yield (
            row
            if isinstance(row, Rejected)
            else msgspec.structs.replace(command(row), op_id=f"{key}:{number}", row=number)
        )


def _product(row: ProductRow) -> Step:
    command = PutProduct(
        sku=row.sku,
        name=row.name,
        barcodes=tuple((code.code, code.units) for code in row.barcodes),
        weight_mg=row.unit_mg or -1,
        weight_sd_mg=row.unit_sd_mg,
        length_mm=row.length_mm,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        tracking=Tracking(row.tracking),
        price=row.price,
        currency=row.currency,
        tax_class=row.tax_class,
    )
    return Step(command, "", row.sku)


def _bin(row: BinRow) -> Step:
    facts = (row.zone, row.aisle, row.x_mm, row.y_mm, row.level, row.check_digits, BinKind(row.kind))
    return Step(PutBin(row.site, row.bin, *facts, row.blocked, row.way), "", row.bin)


def _stock(row: StockRow) -> Step:
    expiry = from_datetime(datetime.fromisoformat(row.expiry)) if row.expiry else 0
    place = f"{row.site}:{row.bin}"
    return Step(ReceiveStock(place, row.sku, row.quantity, row.lot, expiry, DIFFERENCE, "import"), "", row.sku)
