"""The office's list of orders: filters, and pages by key, so that the last page costs what the first does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from server.db.engine import Database
from server.kernel.refusal import Refusal
from server.orders.model import PROGRESS, State
from server.protocol.base import View

OPEN = "(" + ", ".join(f"'{state}'" for state in PROGRESS if state is not State.SHIPPED) + ")"
LIST = f"""
SELECT o.id, o.channel, o.name, o.placed_at, o.state, o.payment, o.total, o.currency, o.reason,
       coalesce(c.name, '') AS customer,
       (SELECT count(*) FROM order_line l WHERE l."order" = o.id AND l.goods) AS lines,
       coalesce((SELECT min(CASE WHEN s.state IN {OPEN} THEN s.cut_off END) FROM shipment s
                 WHERE s."order" = o.id), 0) AS cut_off
FROM orders o LEFT JOIN customer c ON c.id = o.customer
"""
NEWEST_FIRST = "ORDER BY o.placed_at DESC, o.id DESC LIMIT ?"
EXACT = "o.id IN (SELECT id FROM orders WHERE name = ? UNION ALL SELECT id FROM orders WHERE external_id = ?)"
PART = """(o.name LIKE ? ESCAPE '\\'
    OR coalesce(o.customer, '') IN (SELECT id FROM customer WHERE name LIKE ? ESCAPE '\\'))"""
"""`coalesce` keeps the walk from the newest on: who has a thousand orders is found as soon as who has one."""
LATE = f'o.id IN (SELECT s."order" FROM shipment s WHERE s.state IN {OPEN} AND s.cut_off < ?)'
HELD = "o.id IN (SELECT id FROM orders WHERE state = 'on_hold' UNION ALL SELECT id FROM orders WHERE reason <> '')"
AT_SITE = '(SELECT count(*) FROM shipment s WHERE s."order" = o.id AND s.site = ?) > 0'
BEFORE = "(o.placed_at, o.id) < (?, ?)"
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
    return [found["channel"] for found in await database.read("SELECT DISTINCT channel FROM orders ORDER BY channel")]


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


def escaped(text: str) -> str:
    """Give text as LIKE finds it: its own signs mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
