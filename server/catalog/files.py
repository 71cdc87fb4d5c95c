"""Products as a CSV file: one row per SKU, with its barcodes, weight, size and price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from server.kernel import cells as read
from server.kernel.barcode import clean
from server.kernel.cells import Cells
from server.kernel.money import parse_minor
from server.kernel.refusal import Refusal
from server.kernel.rows import Columns, Rejected, typed

COLUMNS = Columns(
    required=("sku",),
    optional=(
        *("name", "barcodes", "tracking", "price", "currency", "tax_class"),
        *("weight_g", "weight_mg", "weight_sd_mg", "length_mm", "width_mm", "height_mm"),
    ),
    spellings={"name": ("description", "title"), "barcodes": ("barcode", "gtin", "ean")},
)
TRACKINGS = ("none", "lot", "serial", "expiry")
HEAVIEST_MG = 2_000_000_000
LONGEST_MM = 20_000
MOST_IN_PACK = 1_000_000


class PackCode(msgspec.Struct, frozen=True):
    """A barcode and how many units it stands for: 1 on the item, 12 on its box of twelve."""

    code: str
    units: int = 1


class ProductRow(msgspec.Struct, frozen=True):
    """One SKU: weights in mg (0 = not known), sizes in mm (0 = not known), price in minor units."""

    sku: str
    name: str
    barcodes: tuple[PackCode, ...] = ()
    unit_mg: int = 0
    unit_sd_mg: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    tracking: str = "none"
    price: int = 0
    currency: str = ""
    tax_class: str = ""


def products(lines: Iterable[str | bytes], currency: str = "GBP") -> Iterator[ProductRow | Rejected]:
    """Read products; `currency` holds where a row names none.

    Barcodes are separated by bars, the units of a pack stand after an asterisk:
    `5012345678900|15012345678907*12`.
    """
    yield from typed(lines, COLUMNS, lambda cells: _product(cells, currency))


def _product(cells: Cells, currency: str) -> ProductRow:
    own = cells.get("currency", "").upper() or currency
    return ProductRow(
        sku=read.some(cells, "sku"),
        name=cells.get("name", ""),
        barcodes=_barcodes(cells),
        unit_mg=read.measure(cells, {"weight_mg": 1, "weight_g": 1_000}, 0, HEAVIEST_MG),
        unit_sd_mg=read.scaled(cells, "weight_sd_mg", 1, 0, HEAVIEST_MG),
        length_mm=read.scaled(cells, "length_mm", 1, 0, LONGEST_MM),
        width_mm=read.scaled(cells, "width_mm", 1, 0, LONGEST_MM),
        height_mm=read.scaled(cells, "height_mm", 1, 0, LONGEST_MM),
        tracking=read.choice(cells, "tracking", TRACKINGS, "none"),
        price=_price(cells, own),
        currency=own,
        tax_class=cells.get("tax_class", ""),
    )


def _barcodes(cells: Cells) -> tuple[PackCode, ...]:
    given = (part for part in cells.get("barcodes", "").split("|") if part.strip())
    return tuple(_pack(part, cells) for part in given)


def _pack(part: str, cells: Cells) -> PackCode:
    code, _, units = part.partition("*")
    try:
        many = read.whole({"barcodes": units.strip() or "1"}, "barcodes", 1, MOST_IN_PACK)
        return PackCode(clean(code), many)
    except Refusal:
        raise read.wrong(cells, "barcodes") from None


def _price(cells: Cells, currency: str) -> int:
    try:
        price = parse_minor(cells.get("price", "") or "0", currency)
    except Refusal:
        price = -1
    if price < 0:
        raise read.wrong(cells, "price")
    return price
