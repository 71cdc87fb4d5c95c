"""Loads and manifests: what leaves the door with whom."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.machine import Machine
from server.protocol.base import Command


class ManifestState(StrEnum):
    """Where a load stands."""

    OPEN = "open"
    CLOSED = "closed"


MANIFEST: Machine[ManifestState] = Machine(
    "manifest", ManifestState.OPEN, {(ManifestState.OPEN, "close"): ManifestState.CLOSED}
)


class Manifest(msgspec.Struct, frozen=True):
    """One carrier's load at one site."""

    id: str
    site: str
    carrier: str
    state: ManifestState
    opened_at: int
    closed_at: int
    user: str
    parcels: int
    grams: int


class ShipParcel(Command, frozen=True):
    """A loaded parcel of a closed manifest has left: stock and lines follow. A job's command."""

    parcel: str


class TellStuck(Command, frozen=True):
    """A printer does not take a label: who asked for it is told where they asked. A job's command."""

    parcel: str
    station: str
    user: str
    error: str


class TrackingTold(Command, frozen=True):
    """The channel has accepted the tracking number."""

    shipment: str


class LabelPrinted(Event, frozen=True):
    """A parcel's label went to a printer; `reprint` when it was not the first."""

    parcel: str
    order: str
    site: str
    printer: str
    reprint: bool


class LabelStuck(Event, frozen=True):
    """A label that was asked for is not printed yet: it is tried again, and may be printed elsewhere."""

    parcel: str
    order: str
    station: str
    error: str


class LabelVoided(Event, frozen=True):
    """A label is not valid any more."""

    parcel: str
    order: str
    reason: str


class ParcelLoaded(Event, frozen=True):
    """A parcel was scanned at the door."""

    parcel: str
    order: str
    manifest: str
    site: str


class ParcelShipped(Event, frozen=True):
    """A parcel has left the house."""

    parcel: str
    order: str
    shipment: str
    site: str
    carrier: str
    tracking: str


class ParcelUnshipped(Event, frozen=True):
    """A parcel came back before it left the yard."""

    parcel: str
    order: str
    reason: str


class ManifestClosed(Event, frozen=True):
    """A load has left."""

    manifest: str
    site: str
    carrier: str
    parcels: int
    grams: int
