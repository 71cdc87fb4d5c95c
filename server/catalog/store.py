"""Tables of the catalogue."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table

from server.catalog.model import Barcode, Sku
from server.db.rows import Rows


class SkuTable(Table, tablename="sku"):
    """SKUs."""

    id = Text(primary_key=True)
    name = Text()
    weight_mg = BigInt()
    weight_sd_mg = BigInt()
    weight_samples = BigInt()
    weight_units = BigInt()
    length_mm = BigInt()
    width_mm = BigInt()
    height_mm = BigInt()
    tracking = Text()
    price = BigInt()
    currency = Text()
    tax_class = Text()
    unit = Text()
    active = Boolean()


class BarcodeTable(Table, tablename="barcode"):
    """Codes by lookup key."""

    id = Text(primary_key=True)
    sku = Text(index=True)
    units = BigInt()


SKUS = Rows(SkuTable, Sku)
BARCODES = Rows(BarcodeTable, Barcode)
