"""The labels of a warehouse, each a function from plain values to a Label. Sizes in mm."""

from __future__ import annotations

import msgspec

from labels.model import Arrow, Bar, Code, Label, Symbology, Text


class Bin(msgspec.Struct, frozen=True):
    """A bin's label: its code, its check digits, and at which level of the rack it lies (0 = the floor)."""

    code: str
    check: str
    level: int = 0
    matrix: bool = False


class Item(msgspec.Struct, frozen=True):
    """A SKU's label: `barcode` is a GTIN-13, an internal code, or '' for the SKU itself; `units` in the pack."""

    sku: str
    name: str
    barcode: str = ""
    units: int = 1


class Parcel(msgspec.Struct, frozen=True):
    """A parcel's label. Addresses are lines; `grams` 0 = not weighed."""

    sscc: str
    sender: str
    receiver: str
    country: str
    carrier: str
    order: str
    tracking: str = ""
    grams: int = 0
    number: int = 1
    of: int = 1


class Line(msgspec.Struct, frozen=True):
    """One line of a packing slip."""

    sku: str
    name: str
    ordered: int
    packed: int


class Slip(msgspec.Struct, frozen=True):
    """A packing slip: what lies in the parcels of a shipment, and what follows later."""

    order: str
    sender: str
    receiver: str
    date: str
    lines: tuple[Line, ...]
    note: str = ""


GTIN_13 = 13


def bin_label(values: Bin) -> Label:
    """Make a bin label, 66 x 34 mm: the code for scanners, the check digits for eyes and voices."""
    symbology: Symbology = "datamatrix" if values.matrix else "code128"
    wide = 24.0 if values.matrix else 62.0
    code = Code(symbology, values.code, 2, 15, wide, 17)
    arrow = Arrow(up=values.level > 0, x=2, y=3, size=6)
    where = Text(values.code, 10, 3, 36, 9, 7, bold=True)
    check = Text(values.check, 47, 2, 17, 11, 9.5, bold=True, align="right")
    beside = (Text(values.code, 28, 20, 36, 8, 6, bold=True),) if values.matrix else ()
    return Label(f"bin {values.code}", 66, 34, (arrow, where, check, code, *beside))


def sku_label(values: Item) -> Label:
    """Make a SKU or pack label, 66 x 34 mm."""
    text = values.barcode or values.sku
    symbology: Symbology = "ean13" if len(text) == GTIN_13 and text.isdigit() else "code128"
    pack = (Text(f"x {values.units}", 48, 2, 16, 6, 5, bold=True, align="right"),) if values.units > 1 else ()
    head = Text(values.sku, 2, 2, 44 if pack else 62, 6, 5, bold=True)
    below = Text(text, 2, 29.6, 62, 4, 2.4, align="centre")
    name = Text(values.name, 2, 9, 62, 7, 2.6)
    code = Code(symbology, text, 2, 17, 62, 11.5)
    return Label(f"SKU {values.sku}", 66, 34, (head, *pack, name, code, below))


def tote_label(code: str) -> Label:
    """Make a tote label, 100 x 50 mm, readable from across the aisle."""
    return Label(
        f"tote {code}",
        100,
        50,
        (
            Text(code, 4, 4, 60, 16, 13, bold=True),
            Code("qr", code, 68, 2, 30, 30),
            Code("code128", code, 3, 33, 94, 15),
        ),
    )


def badge_label(name: str, role: str, badge: str) -> Label:
    """Make a badge, 86 x 54 mm, the size of a bank card."""
    return Label(
        f"badge of {name}",
        86,
        54,
        (
            Bar(0, 0, 86, 3),
            Text(name, 5, 9, 44, 20, 6, bold=True),
            Text(role, 5, 32, 44, 6, 3.5),
            Text(badge, 5, 45, 44, 5, 2.4),
            Code("qr", badge, 50, 12, 34, 34),
        ),
    )


def parcel_label(values: Parcel) -> Label:
    """Make a parcel label, 100 x 150 mm: sender, receiver, carrier, and the SSCC below (GS1 logistic label)."""
    weight = f"{values.grams / 1000:.2f} kg" if values.grams else ""
    return Label(
        f"parcel {values.sscc}",
        100,
        150,
        (
            Text("FROM", 4, 4, 44, 3, 2),
            Text(values.sender, 4, 8, 44, 18, 2.6),
            Text(values.carrier, 52, 4, 44, 10, 5, bold=True, align="right"),
            Text(values.tracking, 52, 16, 44, 8, 2.6, align="right"),
            Bar(0, 28, 100, 0.5),
            Text("TO", 4, 31, 20, 3, 2),
            Text(values.receiver, 4, 36, 70, 34, 4.4, bold=True),
            Text(values.country, 76, 36, 20, 12, 10, bold=True, align="right"),
            Bar(0, 74, 100, 0.5),
            Text("ORDER", 4, 77, 30, 3, 2),
            Text(values.order, 4, 81, 44, 7, 4.5, bold=True),
            Text(f"{values.number} / {values.of}", 50, 81, 20, 7, 4.5, align="centre"),
            Text(weight, 70, 81, 26, 7, 4.5, align="right"),
            Bar(0, 92, 100, 0.5),
            Text("SSCC", 4, 95, 30, 3, 2),
            Text(values.sscc, 4, 99, 92, 6, 4.2, bold=True),
            Code("gs1-128", f"(00){values.sscc}", 1, 108, 98, 34),
            Text(f"(00) {values.sscc}", 4, 144, 92, 4, 2.6, align="centre"),
        ),
    )
