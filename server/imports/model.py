"""An import, and what it did not take."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from server.db.event import Event
from server.kernel.rows import Rejected
from server.protocol.base import Command, Count

MOST_KEPT = 10_000
"""Rejects that are kept of one import; those beyond are counted only."""


class Kind(StrEnum):
    """What a file is about."""

    ORDERS = "orders"
    PRODUCTS = "products"
    LAYOUT = "layout"
    STOCK = "stock"


class Source(StrEnum):
    """Which way it came in."""

    CLI = "cli"
    UPLOAD = "upload"
    WEBHOOK = "webhook"


class Import(msgspec.Struct, frozen=True):
    """A file, or a channel's webhooks of one day.

    `total` are the things in it (0 = not known), `accepted` and `rejected` those that are done; a thing is an order, or
    a row. `told_at` is when this was last written: one that is not `done` and was silent since then has stopped.
    """

    id: str
    kind: Kind
    source: Source
    channel: str
    name: str
    user: str
    started_at: int
    told_at: int
    total: int
    accepted: int
    rejected: int
    done: bool


class Reject(msgspec.Struct, frozen=True):
    """Something that was not taken: what it belongs to, where it stood, why, and its own `text`."""

    id: str
    import_id: str
    number: int
    belongs_to: str
    row: int
    column: str
    code: str
    value: str
    text: str


class RecordImport(Command, frozen=True):
    """Count on: an import that is not known yet begins. The server's own word, so `user` names who brought it."""

    id: str
    kind: Kind
    source: Source
    channel: str
    name: str
    user: str
    total: Count = 0
    accepted: Count = 0
    rejects: tuple[Rejected, ...] = ()
    done: bool = False


class ImportDone(Event, frozen=True):
    """A file was read to its end."""

    id: str
    kind: str
    name: str
    accepted: int
    rejected: int


def reject_id(import_id: str, number: int) -> str:
    """Give the key of an import's n-th reject."""
    return f"{import_id}/{number:06}"
