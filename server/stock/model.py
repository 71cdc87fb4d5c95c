"""Stock is a ledger: every change is a move from a place to a place; over all places a SKU sums to zero.

A place is `bin:SITE:CODE`, `tote:CODE`, `parcel:ID`, or one of the world's: `supplier`, `customer`, `scrap`,
`difference`.
"""

from __future__ import annotations

import msgspec

from server.db.event import Event
from server.protocol.base import Command, Count

SUPPLIER, CUSTOMER, SCRAP, DIFFERENCE = "supplier", "customer", "scrap", "difference"
WORLD = frozenset({SUPPLIER, CUSTOMER, SCRAP, DIFFERENCE})
"""Places that may be below zero: what came from or went to outside the house."""


class Move(msgspec.Struct, frozen=True):
    """One line of the ledger: `quantity` units went from `source` to `target`, for the line or parcel it `concerns`."""

    id: str
    at: int
    sku: str
    lot: str
    source: str
    target: str
    quantity: int
    reason: str
    concerns: str
    user: str
    op_id: str


class Balance(msgspec.Struct, frozen=True):
    """What lies in a place. `pinned` is promised to lines on the floor; `pool` is 'SITE/SKU' for bins, else ''."""

    id: str
    place: str
    sku: str
    lot: str
    pool: str
    expiry: int
    quantity: int
    pinned: int

    @property
    def free(self) -> int:
        """Units that no released line is promised."""
        return self.quantity - self.pinned


class Pool(msgspec.Struct, frozen=True):
    """A SKU at a site: units in its bins, and units of them promised to orders."""

    id: str
    site: str
    sku: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """Units that can still be promised. Never below zero."""
        return self.on_hand - self.reserved


class ReceiveStock(Command, frozen=True):
    """Put goods into a bin from outside: an opening balance (`source` difference) or a delivery (supplier)."""

    bin: str
    sku: str
    quantity: int
    lot: str = ""
    expiry: int = 0
    source: str = SUPPLIER
    ref: str = ""


class AdjustStock(Command, frozen=True):
    """Set what a bin holds of a SKU to what was counted; the rest goes to or comes from `difference`."""

    bin: str
    sku: str
    counted: Count
    reason: str
    lot: str = ""


class StockArrived(Event, frozen=True):
    """A pool has more to promise than before."""

    pool: str
    site: str
    sku: str
    quantity: int


class StockDisplaced(Event, frozen=True):
    """A recorded fact left less than is promised: `quantity` reserved units of the pool must find another home."""

    pool: str
    site: str
    sku: str
    quantity: int


class StockAdjusted(Event, frozen=True):
    """A bin's book was corrected by `change` units."""

    bin: str
    sku: str
    lot: str
    change: int
    reason: str


def balance_id(place: str, sku: str, lot: str = "") -> str:
    """Give the key of a balance."""
    return f"{place}/{sku}/{lot}"


def pool_id(site: str, sku: str) -> str:
    """Give the key of a pool."""
    return f"{site}/{sku}"


def bin_place(bin_id: str) -> str:
    """Give the place of a bin: its id is 'SITE:CODE'."""
    return f"bin:{bin_id}"


def pool_of(place: str, sku: str) -> str:
    """Give the pool that a place counts for: '' unless it is a bin."""
    kind, _, rest = place.partition(":")
    return pool_id(rest.partition(":")[0], sku) if kind == "bin" else ""
