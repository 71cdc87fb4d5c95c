"""Shipping on the wire: the door, the load, the manifest."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from server.protocol.base import Command, View
from server.protocol.picking import Code, Id


class OpenManifest(Command, frozen=True):
    """Start loading for a carrier at a site."""

    site: Id
    carrier: Id


class LoadParcel(Command, frozen=True):
    """Scan a parcel at the door: binds parcel, carrier and load."""

    manifest: Id
    code: Code


class CloseManifest(Command, frozen=True):
    """The van leaves: every loaded parcel is shipped. `count` is what the driver counted, checked when above 0."""

    manifest: Id
    count: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class SetTracking(Command, frozen=True):
    """A tracking number by hand, where the carrier gave one on paper."""

    parcel: Id
    number: Annotated[str, Meta(min_length=3, max_length=64)]


class Unship(Command, frozen=True):
    """A shipped parcel came back from the van before it left the yard."""

    parcel: Id
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class ManifestView(View, frozen=True, tag_field="view", tag="manifest"):
    """A load at the door."""

    id: str
    site: str
    carrier: str
    state: str
    opened_at: int
    parcels: int
    waiting: int
    grams: int


ShippingCommand = OpenManifest | LoadParcel | CloseManifest | SetTracking | Unship
