"""What a label is: a size and what stands where on it, in millimetres from the top left."""

from __future__ import annotations

from typing import Literal

import msgspec

Symbology = Literal["code128", "gs1-128", "ean13", "qr", "datamatrix"]
Align = Literal["left", "centre", "right"]


class LabelError(ValueError):
    """A label cannot be made as asked: names what does not fit, and why."""


class Text(msgspec.Struct, frozen=True):
    """Words in a box: as large as `size_mm` (height of a capital), smaller or wrapped where they must be, never cut."""

    text: str
    x: float
    y: float
    width: float
    height: float
    size_mm: float
    bold: bool = False
    align: Align = "left"


class Code(msgspec.Struct, frozen=True):
    """A barcode that fills its box as far as whole dots allow, its quiet zones within the box."""

    symbology: Symbology
    text: str
    x: float
    y: float
    width: float
    height: float


class Bar(msgspec.Struct, frozen=True):
    """A black rectangle: a rule, a frame's side."""

    x: float
    y: float
    width: float
    height: float


class Arrow(msgspec.Struct, frozen=True):
    """A triangle that points up or down: at which shelf of the rack the label means."""

    up: bool
    x: float
    y: float
    size: float


Element = Text | Code | Bar | Arrow


class Label(msgspec.Struct, frozen=True):
    """One label of a size in mm; `name` is what errors call it."""

    name: str
    width: float
    height: float
    elements: tuple[Element, ...]
