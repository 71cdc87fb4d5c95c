"""What a SKU may be, under which key a code is kept, and how a weight is learnt. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from server.catalog.model import UNKNOWN, Barcode, PutProduct, Sku
from server.kernel.barcode import clean, gtin14
from server.kernel.refusal import Refusal
from server.kernel.weight import Learnt, learn

TOLD_UNITS = 5
"""What a told weight is worth, in units weighed: a few readings outweigh it."""
FIRST_SD_PERCENT = 2
"""The spread taken for a weight that was learnt from one reading only, which tells none."""
MEMORY = 500
"""Readings (and units) after which old ones begin to fade, so that a changed product is noticed."""
SIZES = ("length_mm", "width_mm", "height_mm", "weight_sd_mg", "price")
LONGEST_ID = 64


def key_of(code: str) -> str:
    """Give the key of a code: the item's GTIN-14 where it is one, else the code as it is."""
    return gtin14(code) or clean(code)


def require_sound(command: PutProduct) -> None:
    """Refuse a product that cannot be: Refusal `bad_value` names the field."""
    if clean(command.sku) != command.sku or len(command.sku) > LONGEST_ID:
        raise Refusal("bad_value", field="sku", value=command.sku)
    for field in SIZES:
        if getattr(command, field) < 0:
            raise Refusal("bad_value", field=field, value=getattr(command, field), sku=command.sku)
    for code, units in command.barcodes:
        if units < 1:
            raise Refusal("bad_value", field="units", value=units, barcode=code, sku=command.sku)


def barcodes_of(command: PutProduct) -> dict[str, Barcode]:
    """Give the barcodes by key; Refusal `bad_value` where one code is given two numbers of units."""
    found: dict[str, Barcode] = {}
    for code, units in command.barcodes:
        barcode = Barcode(key_of(code), command.sku, units)
        if found.setdefault(barcode.id, barcode) != barcode:
            raise Refusal("bad_value", field="barcode", value=code, sku=command.sku)
    return found


def require_own(sku: str, others: Iterable[Barcode], named: Iterable[Sku]) -> None:
    """Refuse a code that means another SKU already: as its barcode, or as its very name."""
    taken = {barcode.id: barcode.sku for barcode in others} | {other.id: other.id for other in named}
    for code, owner in taken.items():
        if owner != sku:
            raise Refusal("bad_value", field="barcode", value=code, sku=sku, taken_by=owner)


def product(command: PutProduct, known: Sku | None) -> Sku:
    """Give the SKU as commanded; a weight that is not told leaves the known one."""
    told = Sku(
        id=command.sku,
        name=command.name or command.sku,
        weight_mg=command.weight_mg if command.weight_mg > 0 else UNKNOWN,
        weight_sd_mg=command.weight_sd_mg,
        length_mm=command.length_mm,
        width_mm=command.width_mm,
        height_mm=command.height_mm,
        tracking=command.tracking,
        price=command.price,
        currency=command.currency,
        tax_class=command.tax_class,
        unit=command.unit,
        active=command.active,
    )
    keeps = known is not None and told.weight_mg in {UNKNOWN, known.weight_mg}
    return _weighing_as(told, known) if known is not None and keeps else told


def _weighing_as(sku: Sku, known: Sku) -> Sku:
    samples, units = known.weight_samples, known.weight_units
    weight = {"weight_mg": known.weight_mg, "weight_sd_mg": known.weight_sd_mg}
    return replace(sku, weight_samples=samples, weight_units=units, **weight)


def weighed(sku: Sku, goods_mg: int, units: int) -> Sku:
    """Learn from a stable reading that `units` of the SKU weighed `goods_mg` together."""
    after = learn(_so_far(sku), goods_mg, units)
    return replace(
        sku,
        weight_mg=after.unit_mg,
        weight_sd_mg=after.unit_sd_mg or after.unit_mg * FIRST_SD_PERCENT // 100,
        weight_samples=after.samples,
        weight_units=after.units,
    )


def _so_far(sku: Sku) -> Learnt:
    """Give what is known of a weight as readings: a told one counts as a few, old ones fade."""
    if sku.weight_mg < 0:
        return Learnt()
    samples = min(sku.weight_samples or TOLD_UNITS, MEMORY)
    units = min(sku.weight_units or TOLD_UNITS, MEMORY)
    return Learnt(units, samples, float(sku.weight_mg), float(sku.weight_sd_mg**2 * (samples - 1)))
