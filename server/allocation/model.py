"""Allocation's commands: done by jobs, so that an import or a receipt never waits for them."""

from __future__ import annotations

from server.db.event import Event
from server.protocol.base import Command


class AllocateOrder(Command, frozen=True):
    """Find warehouses for what of an order is paid or back-ordered."""

    order: str


class AllocateWaiting(Command, frozen=True):
    """A SKU has arrived: serve the orders that wait for it, oldest first."""

    sku: str


class Displace(Command, frozen=True):
    """A pool promises more than it has: allocated lines give way, latest first."""

    pool: str


class ReviewPromises(Command, frozen=True):
    """Lots of these pools have expired, or bins were blocked, since they were promised; somebody waits for these SKUs.

    A job's command: nothing else tells of time that went by, or of a bin that was blocked or freed.
    """

    pools: tuple[str, ...]
    skus: tuple[str, ...]


class OrderAllocated(Event, frozen=True):
    """An order's lines have warehouses; `short` units are back-ordered."""

    order: str
    sites: tuple[str, ...]
    short: int
