"""Parcels: what lies in them, what they weigh, whether their label may be printed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.machine import Machine


class ParcelState(StrEnum):
    """Where a parcel stands."""

    OPEN = "open"
    CLOSED = "closed"
    WEIGHED = "weighed"
    LABELLED = "labelled"
    LOADED = "loaded"
    SHIPPED = "shipped"
    VOID = "void"


S = ParcelState
PARCEL: Machine[ParcelState] = Machine(
    "parcel",
    S.OPEN,
    {
        (S.OPEN, "close"): S.CLOSED,
        (S.OPEN, "void"): S.VOID,
        (S.CLOSED, "weigh"): S.WEIGHED,
        (S.CLOSED, "reopen"): S.OPEN,
        (S.CLOSED, "void"): S.VOID,
        (S.WEIGHED, "weigh"): S.WEIGHED,
        (S.WEIGHED, "label"): S.LABELLED,
        (S.WEIGHED, "reopen"): S.OPEN,
        (S.WEIGHED, "void"): S.VOID,
        (S.LABELLED, "void_label"): S.WEIGHED,
        (S.LABELLED, "reopen"): S.OPEN,
        (S.LABELLED, "load"): S.LOADED,
        (S.LABELLED, "void"): S.VOID,
        (S.LOADED, "unload"): S.LABELLED,
        (S.LOADED, "ship"): S.SHIPPED,
        (S.LOADED, "void"): S.VOID,
        (S.SHIPPED, "unship"): S.LABELLED,
    },
)


class Parcel(msgspec.Struct, frozen=True):
    """A parcel of a shipment. `expected_mg` and `tolerance_mg` are -1 while a SKU's weight is not known.

    `accepted_by` and `accepted_reason` are set when a supervisor let it pass; `prints` counts labels printed.
    """

    id: str
    sscc: str
    order: str
    shipment: str
    site: str
    station: str
    state: ParcelState
    carton: str
    expected_mg: int
    tolerance_mg: int
    weight_g: int
    accepted_by: str
    accepted_reason: str
    carrier: str
    tracking: str
    manifest: str
    prints: int
    packer: str
    opened_at: int
    closed_at: int


class ParcelItem(msgspec.Struct, frozen=True):
    """Units of one order line in a parcel."""

    id: str
    parcel: str
    shipment: str
    line: str
    sku: str
    quantity: int


class Reading(msgspec.Struct, frozen=True):
    """Every reading of a scale for a parcel, good or refused; `refusal` is '' for an accepted one."""

    id: str
    at: int
    parcel: str
    station: str
    scale: str
    said: str
    grams: int
    tare_g: int
    keyed: bool
    user: str
    expected_g: int
    tolerance_g: int
    refusal: str
    cause: str


class ParcelClosed(Event, frozen=True):
    """A parcel has its contents."""

    parcel: str
    order: str
    shipment: str
    site: str
    items: int
    carton: str
    partial_reason: str


class ParcelReopened(Event, frozen=True):
    """A parcel is being put right."""

    parcel: str
    order: str
    user: str


class ParcelVoided(Event, frozen=True):
    """A parcel will not be sent: an order line in it was cancelled. `manifest` is the load it has to come off."""

    parcel: str
    order: str
    site: str
    manifest: str
    grams: int


class ParcelWeighed(Event, frozen=True):
    """A parcel's weight is accepted; `reason` is set when a supervisor let it pass."""

    parcel: str
    order: str
    site: str
    grams: int
    expected_g: int
    reason: str


class ItemMissing(Event, frozen=True):
    """Goods that were picked are not there, or not fit to be sent."""

    shipment: str
    order: str
    sku: str
    quantity: int
    reason: str
    repick: str
