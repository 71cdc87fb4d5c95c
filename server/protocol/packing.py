"""Packing and weighing on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from server.protocol.base import Command, View
from server.protocol.picking import Code, Id, Quantity, Reason

Grams = Annotated[int, Meta(ge=-1_000_000, le=10_000_000)]
MissingReason = Literal["missing", "damaged"]


class OpenPack(Command, frozen=True):
    """Scan a tote or an order at a station: the shipment's contents are listed."""

    station: Id
    code: Code


class PackItem(Command, frozen=True):
    """Put what was scanned into the open parcel; `quantity` 0 counts the barcode's own units."""

    shipment: Id
    parcel: Id
    code: Code
    symbology: Annotated[str, Meta(max_length=32)] = ""
    quantity: Quantity = 0


class TrustTote(Command, frozen=True):
    """Policy allows it: everything picked for the shipment goes into the open parcel unscanned."""

    shipment: Id
    parcel: Id


class ReportMissing(Command, frozen=True):
    """An item is missing from the tote, or damaged: opens a re-pick task."""

    shipment: Id
    sku: Id
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    reason: MissingReason


class CloseParcel(Command, frozen=True):
    """The parcel is full or done. With items left over, `partial_reason` is needed; another parcel is opened."""

    shipment: Id
    parcel: Id
    carton: Annotated[str, Meta(max_length=64)] = ""
    partial_reason: Reason = ""


class ReopenParcel(Command, frozen=True):
    """Open a closed parcel again to put it right; its weight is forgotten and its label voided."""

    parcel: Id


class Weigh(Command, frozen=True):
    """A reading for a parcel: from the station's scale through the server, from the browser, or keyed."""

    parcel: Id
    grams: Grams
    stable: bool
    unit: Annotated[str, Meta(max_length=8)] = "g"
    tare_grams: Grams = 0
    scale: Annotated[str, Meta(max_length=64)] = ""
    raw: Annotated[str, Meta(max_length=200)] = ""
    keyed: bool = False


class AcceptWeight(Command, frozen=True):
    """A supervisor lets a parcel pass although its weight differs or cannot be expected; with a reason."""

    parcel: Id
    reason: Annotated[str, Meta(min_length=3, max_length=200)]


class PrintLabel(Command, frozen=True):
    """Print the parcel's label: one label a parcel, a second call is a logged reprint."""

    parcel: Id
    station: Annotated[str, Meta(max_length=64)] = ""


class VoidLabel(Command, frozen=True):
    """Make a label invalid; the parcel may be labelled again."""

    parcel: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class PackLineView(View, frozen=True):
    """One SKU of a shipment at the station."""

    sku: str
    name: str
    barcodes: tuple[str, ...]
    ordered: int
    picked: int
    packed: int


class ParcelView(View, frozen=True):
    """A parcel and where it stands. Weights in grams; -1 = not known."""

    id: str
    sscc: str
    state: str
    carton: str
    expected_grams: int
    tolerance_grams: int
    weight_grams: int
    cause: str
    tracking: str


class PackView(View, frozen=True, tag_field="view", tag="pack"):
    """A shipment on a pack station's screen."""

    shipment: str
    order: str
    state: str
    carrier: str
    note: str
    suggested_carton: str
    trust_tote: bool
    totes_here: tuple[str, ...]
    totes_missing: tuple[str, ...]
    lines: tuple[PackLineView, ...]
    parcels: tuple[ParcelView, ...]
    open_parcel: str


PackingCommand = (
    OpenPack
    | PackItem
    | TrustTote
    | ReportMissing
    | CloseParcel
    | ReopenParcel
    | Weigh
    | AcceptWeight
    | PrintLabel
    | VoidLabel
)
