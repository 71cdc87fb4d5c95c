"""Labels: plain values in, bytes out. One description of a label, three outputs: ZPL, PDF, PNG."""

from __future__ import annotations

from labels.kinds import Bin, Item, Line, Parcel, Slip, badge_label, bin_label, parcel_label, sku_label, tote_label
from labels.model import Label, LabelError
from labels.pages import manifest, packing_slip
from labels.render import FORMATS, render
from labels.stock import STOCKS

__all__ = [
    "FORMATS",
    "STOCKS",
    "Bin",
    "Item",
    "Label",
    "LabelError",
    "Line",
    "Parcel",
    "Slip",
    "badge_label",
    "bin_label",
    "manifest",
    "packing_slip",
    "parcel_label",
    "render",
    "sku_label",
    "tote_label",
]
