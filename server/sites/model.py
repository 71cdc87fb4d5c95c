"""Warehouses and what stands in them: structs, events, commands."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.db.event import Event
from server.protocol.base import Command, Count, Whole

Minute = Annotated[int, Meta(ge=0, lt=24 * 60)]
Millimetres = Annotated[int, Meta(ge=0, le=1_000_000)]
Grams = Annotated[int, Meta(ge=0, le=100_000_000)]
LotPolicy = Literal["ignore", "warn", "force"]


class BinKind(StrEnum):
    """What a place is for; a cross-aisle leads through it, a barrier lets nobody pass along its aisle.

    Walks begin at a depot and end at a drop-off, or where there is none at the depot. At a node ways meet.
    """

    PICK = "pick"
    BULK = "bulk"
    PACK = "pack"
    CONSOLIDATION = "consolidation"
    DOOR = "door"
    DEPOT = "depot"
    CROSS = "cross"
    BARRIER = "barrier"
    DROP = "drop"
    NODE = "node"
    WAY = "way"


class Policy(msgspec.Struct, frozen=True):
    """How a site works.

    `weight_*` is the weight gate's tolerance: grams, parts per million of the expected weight, thousandths
    of a standard deviation; `filler_g` what filling weighs. `trolley_*` is what a picker takes on one walk. A plan
    reckons with so many `pickers`, their pace and the time for each stop and batch; it takes `plan_seconds` at most.
    `sscc_prefix` is the extension digit and company prefix of parcel numbers. `carrier` takes what `carriers` does not
    name: the carrier of each shipping method that a channel's buyers choose by its words.
    """

    confirm_tote: bool = True
    trust_tote: bool = True
    zoned: bool = False
    zero_check: bool = False
    lot_policy: LotPolicy = "force"
    weight_floor_g: Count = 5
    weight_relative_ppm: Count = 5_000
    weight_sigmas_milli: Count = 2_600
    filler_g: Count = 0
    unusual_quantity: Count = 500
    trolley_totes: Count = 12
    trolley_lines: Count = 60
    tote_volume_cm3: Count = 45_000
    tote_weight_g: Count = 20_000
    pickers: Count = 4
    walk_mm_s: Count = 1_200
    pick_ms: Count = 8_000
    batch_ms: Count = 60_000
    plan_seconds: Count = 10
    sscc_prefix: str = "4099999"
    carrier: str = "own_van"
    carriers: tuple[tuple[str, str], ...] = (("manual", "manual"),)


class Site(msgspec.Struct, frozen=True):
    """A warehouse. `cut_off_minute`: minute of the day, UTC, at which its carriers leave."""

    id: str
    name: str
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    cut_off_minute: int = 960
    policy: Policy = Policy()


class Way(msgspec.Struct, frozen=True):
    """How one walks between two places, told by their codes; `length_mm` 0 is straight from one to the other.

    `one_way` leads from the start to the end only.
    """

    start: str
    end: str
    length_mm: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    one_way: bool = False


class Bin(msgspec.Struct, frozen=True):
    """A place with an address, 'SITE:CODE'.

    `x_mm` and `y_mm` count from the site's corner, level 0 is the floor. `check` are the 2 or 3 digits that
    a picker says or keys where the label is out of reach. `way` is told of a mark of that kind.
    """

    id: str
    site: str
    code: str
    zone: str
    aisle: str
    x_mm: int
    y_mm: int
    level: int
    check: str
    kind: BinKind
    blocked: bool = False
    way: Way | None = None


class Tote(msgspec.Struct, frozen=True):
    """A box that goods travel in; `id` is the code on it."""

    id: str
    site: str


class Station(msgspec.Struct, frozen=True):
    """A pack station and the addresses (URLs) of its scale and printer; '' where it has none."""

    id: str
    site: str
    name: str
    scale: str = ""
    printer: str = ""


class Carton(msgspec.Struct, frozen=True):
    """A carton to pack in: inner sizes in mm, own weight and the most it carries in g; `site` '' is any."""

    id: str
    site: str
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int
    most_g: int


class PutSite(Command, frozen=True):
    """Make a site as given, new or changed."""

    id: str
    name: str
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    cut_off_minute: Minute = 960
    policy: Policy = Policy()


class PutBin(Command, frozen=True):
    """Make a bin as given, new or changed; `check` '' derives the digits from the code."""

    site: str
    code: str
    zone: str = ""
    aisle: str = ""
    x_mm: Whole = 0
    y_mm: Whole = 0
    level: Whole = 0
    check: str = ""
    kind: BinKind = BinKind.PICK
    blocked: bool = False
    way: Way | None = None


class PutTote(Command, frozen=True):
    """Take a tote into use at a site."""

    id: str
    site: str


class PutStation(Command, frozen=True):
    """Make a pack station as given, new or changed."""

    id: str
    site: str
    name: str
    scale: str = ""
    printer: str = ""


class PutCarton(Command, frozen=True):
    """Make a carton as given, new or changed."""

    id: str
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    weight_g: Grams
    most_g: Grams
    site: str = ""


class SiteChanged(Event, frozen=True):
    """A site, or how it works, is not what it was."""

    site: str


class BinChanged(Event, frozen=True):
    """A bin is new or is not what it was."""

    bin: str
    site: str
    blocked: bool


class StationChanged(Event, frozen=True):
    """A pack station is new or has another scale or printer."""

    station: str
    site: str


def bin_id(site: str, code: str) -> str:
    """Give the key of a bin."""
    return f"{site}:{code}"
