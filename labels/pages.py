"""Papers of a shipment on A4: packing slip and manifest, as labels of a page's size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from labels.kinds import Slip
from labels.model import Bar, Code, Element, Label, Text

ROWS = 26
ROW_MM = 8.0
TOP_MM = 72.0
T = TypeVar("T")


def _pages(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + ROWS] for start in range(0, max(1, len(rows)), ROWS)]


def packing_slip(values: Slip) -> list[Label]:
    """Make a packing slip, as many A4 pages as it takes."""
    pages = _pages(values.lines)
    return [
        Label(
            f"packing slip {values.order}",
            210,
            297,
            (
                Text("Packing slip", 15, 14, 90, 8, 6, bold=True),
                Text(values.order, 15, 26, 90, 6, 4.2),
                Text(values.date, 15, 34, 90, 4, 2.8),
                Code("code128", values.order, 120, 12, 80, 14),
                Text(values.receiver, 15, 42, 90, 24, 3),
                Text(values.sender, 120, 42, 75, 24, 2.6),
                *_head(("SKU", 15), ("", 50), ("ordered", 150), ("packed", 175)),
                *(element for row, line in enumerate(page) for element in _slip_row(row, line)),
                Text(values.note, 15, 282, 140, 8, 2.6),
                Text(f"{number} / {len(pages)}", 175, 284, 20, 4, 2.6, align="right"),
            ),
        )
        for number, page in enumerate(pages, 1)
    ]


def _head(*columns: tuple[str, float]) -> list[Element]:
    titles = [Text(title, x, TOP_MM - 6, 30, 4, 2.4, bold=True) for title, x in columns if title]
    return [*titles, Bar(15, TOP_MM - 1, 180, 0.4)]


def _slip_row(row: int, line: object) -> list[Element]:
    y = TOP_MM + row * ROW_MM + 1
    sku, name = str(getattr(line, "sku", "")), str(getattr(line, "name", ""))
    ordered, packed = int(getattr(line, "ordered", 0)), int(getattr(line, "packed", 0))
    later = [Text("follows later", 176, y + 4, 22, 3, 1.9)] if packed < ordered else []
    return [
        Text(sku, 15, y, 33, 6, 2.6, bold=True),
        Text(name, 50, y, 95, 6.5, 2.6),
        Text(str(ordered), 150, y, 20, 5, 2.8),
        Text(str(packed), 176, y, 20, 5, 2.8, bold=True),
        *later,
    ]


def manifest(name: str, carrier: str, site: str, date: str, parcels: Sequence[tuple[str, str, int]]) -> list[Label]:
    """Make a manifest: (SSCC, order, grams) of each parcel, with totals and a place to sign."""
    pages = _pages(parcels)
    grams = sum(weight for _, _, weight in parcels)
    return [
        Label(
            f"manifest {name}",
            210,
            297,
            (
                Text("Manifest", 15, 14, 90, 8, 6, bold=True),
                Text(f"{carrier}, {site}", 15, 26, 90, 6, 4),
                Text(date, 15, 36, 90, 4, 2.8),
                Text(f"{len(parcels)} parcels, {grams / 1000:.1f} kg", 15, 44, 90, 6, 4, bold=True),
                *_head(("SSCC", 15), ("order", 90), ("kg", 175)),
                *(element for row, parcel in enumerate(page) for element in _parcel_row(row, parcel)),
                Text("Driver", 15, 284, 20, 4, 2.6),
                Bar(35, 288, 80, 0.3),
                Text(f"{number} / {len(pages)}", 175, 284, 20, 4, 2.6, align="right"),
            ),
        )
        for number, page in enumerate(pages, 1)
    ]


def _parcel_row(row: int, parcel: tuple[str, str, int]) -> list[Element]:
    y = TOP_MM + row * ROW_MM + 1
    sscc, order, grams = parcel
    return [
        Text(sscc, 15, y, 70, 5, 2.8),
        Text(order, 90, y, 80, 5, 2.8),
        Text(f"{grams / 1000:.2f}", 175, y, 20, 5, 2.8, align="right"),
    ]
