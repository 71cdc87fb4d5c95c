"""The office's list of orders: filters, and pages by key, so that the last page costs what the first does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from server.db.engine import Database
from server.db.reads import escaped
from server.kernel.refusal import Refusal
from server.orders.store import AT_SITE, BEFORE, CHANNELS, EXACT, HELD, LATE, LIST, NEWEST_FIRST, PART
from server.protocol.base import View

Clause = tuple[str, tuple[Any, ...]]


class OrderRow(View, frozen=True):
    """One order in a list. `total` in minor units; `cut_off` is the first carrier it still has to catch (0 = none)."""

    id: str
    channel: str
    name: str
    placed_at: int
    state: str
    payment: str
    total: int
    currency: str
    reason: str
    customer: str
    lines: int
    cut_off: int


class Wanted(msgspec.Struct, frozen=True):
    """Which orders: what is '' or False does not matter.

    `text` is part of a number or of a buyer's name, or the channel's id; `late` missed a carrier; `held` waits for the
    office. `before` is the last order of the page before, by its `placed_at` and id.
    """

    text: str = ""
    state: str = ""
    channel: str = ""
    site: str = ""
    late: bool = False
    held: bool = False
    before: tuple[int, str] | None = None


async def search(database: Database, wanted: Wanted, now: int, limit: int) -> list[OrderRow]:
    """Give a page of orders, newest first; where `text` is a number as it stands, those that have it and no others."""
    filters = list(_filters(wanted, now))
    text = wanted.text.strip()
    if not text:
        return await _page(database, filters, limit)
    like = f"%{escaped(text)}%"
    exact = await _page(database, [(EXACT, (text, text)), *filters], limit)
    return exact or await _page(database, [(PART, (like, like)), *filters], limit)


async def _page(database: Database, clauses: Sequence[Clause], limit: int) -> list[OrderRow]:
    where = f"WHERE {' AND '.join(clause for clause, _ in clauses)}" if clauses else ""
    values = [value for _, given in clauses for value in given]
    return [OrderRow(**row) for row in await database.read(f"{LIST} {where} {NEWEST_FIRST}", (*values, limit))]


async def channels(database: Database) -> list[str]:
    """Give the channels that any order came from."""
    return [found["channel"] for found in await database.read(CHANNELS)]


async def row(database: Database, order: str) -> OrderRow:
    """Give the row of one order; Refusal `not_found`."""
    found = await database.read(f"{LIST} WHERE o.id = ?", (order,))
    if not found:
        raise Refusal("not_found", kind="order", id=order)
    return OrderRow(**found[0])


def _filters(wanted: Wanted, now: int) -> Iterator[Clause]:
    """Give only what is asked for, so that the database sees a plain question and answers it from an index."""
    if wanted.state:
        yield "o.state = ?", (wanted.state,)
    if wanted.channel:
        yield "o.channel = ?", (wanted.channel,)
    if wanted.site:
        yield AT_SITE, (wanted.site,)
    if wanted.late:
        yield LATE, (now,)
    if wanted.held:
        yield HELD, ()
    if wanted.before:
        yield BEFORE, wanted.before
