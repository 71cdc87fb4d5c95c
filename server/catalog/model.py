"""SKUs and the codes that mean them: structs, events, commands."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from server.db.event import Event
from server.protocol.base import Command, Whole

UNKNOWN = -1
"""Weight of a SKU that nobody has told or weighed yet."""
Units = Annotated[int, Meta(ge=1, le=1_000_000)]
Milligrams = Annotated[int, Meta(ge=UNKNOWN, le=10_000_000_000)]
Millimetres = Annotated[int, Meta(ge=0, le=1_000_000)]


class Tracking(StrEnum):
    """What must be known of each unit besides its SKU."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"
    EXPIRY = "expiry"


class Sku(msgspec.Struct, frozen=True):
    """What is sold. Unit weight and its spread in mg (-1 = not known), sizes in mm (0 = not known).

    `weight_units` units in `weight_samples` stable readings taught the weight; both are 0 for one that
    was told. `price` is in minor units of `currency`.
    """

    id: str
    name: str
    weight_mg: int = UNKNOWN
    weight_sd_mg: int = 0
    weight_samples: int = 0
    weight_units: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    tracking: Tracking = Tracking.NONE
    price: int = 0
    currency: str = ""
    tax_class: str = ""
    unit: str = "each"
    active: bool = True


class Barcode(msgspec.Struct, frozen=True):
    """A code that counts as `units` of a SKU; its key `id` is an internal code as it is, or a GTIN-14."""

    id: str
    sku: str
    units: int = 1


class PutProduct(Command, frozen=True):
    """Make a SKU as given, new or changed; `barcodes` are all its (code, units).

    A weight of 0 or below is not known, and leaves one that was learnt.
    """

    sku: str
    name: str
    barcodes: tuple[tuple[str, Units], ...] = ()
    weight_mg: Milligrams = UNKNOWN
    weight_sd_mg: Milligrams = 0
    length_mm: Millimetres = 0
    width_mm: Millimetres = 0
    height_mm: Millimetres = 0
    tracking: Tracking = Tracking.NONE
    price: Whole = 0
    currency: str = ""
    tax_class: str = ""
    unit: str = "each"
    active: bool = True


class SkuCreated(Event, frozen=True):
    """A SKU is in the catalogue; `codes` are the keys of its barcodes."""

    sku: str
    codes: tuple[str, ...]


class SkuChanged(Event, frozen=True):
    """A SKU or its barcodes are not what they were."""

    sku: str
    codes: tuple[str, ...]


class WeightLearnt(Event, frozen=True):
    """A SKU whose weight nobody knew was weighed for the first time."""

    sku: str
    weight_mg: int
