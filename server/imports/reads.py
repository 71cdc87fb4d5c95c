"""Imports as the office sees them, and their rejects as a file to correct."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence

from server.db.engine import Database
from server.imports.model import Kind, Source
from server.imports.store import REJECTS
from server.kernel.refusal import Refusal
from server.protocol.base import View
from server.protocol.refusals import REFUSALS

IMPORT = """
SELECT i.id, i.kind, i.source, i.channel, i.name, coalesce(u.name, i."user") AS who, i.started_at, i.told_at, i.total,
       i.accepted, i.rejected, i.done
FROM import i LEFT JOIN users u ON u.id = i."user"
"""
NEWEST_FIRST = "ORDER BY i.started_at DESC, i.id DESC LIMIT ?"
BEFORE = "WHERE (i.started_at, i.id) < (?, ?)"
OF_IMPORT = f"{REJECTS.select} WHERE import_id = ? AND number > ? ORDER BY number LIMIT ?"
HEADER = ("row", "column", "belongs_to", "code", "reason", "value", "text")
PAGE = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ImportView(View, frozen=True):
    """A file, or a channel's webhooks of one day, and how far it is."""

    id: str
    kind: Kind
    source: Source
    channel: str
    name: str
    who: str
    started_at: int
    told_at: int
    total: int
    accepted: int
    rejected: int
    done: bool


class RejectView(View, frozen=True):
    """Something that was not taken, and why."""

    number: int
    belongs_to: str
    row: int
    column: str
    code: str
    value: str
    text: str


async def imports(database: Database, before: tuple[int, str] | None, limit: int) -> list[ImportView]:
    """Give a page of imports, the newest first; `before` is the last of the page before."""
    where = BEFORE if before else ""
    rows = await database.read(f"{IMPORT} {where} {NEWEST_FIRST}", (*(before or ()), limit))
    return [_view(row) for row in rows]


async def find(database: Database, import_id: str) -> ImportView | None:
    """Give one import, if it is known."""
    rows = await database.read(f"{IMPORT} WHERE i.id = ?", (import_id,))
    return _view(rows[0]) if rows else None


async def one(database: Database, import_id: str) -> ImportView:
    """Give one import; Refusal `not_found`."""
    found = await find(database, import_id)
    if found is None:
        raise Refusal("not_found", kind="import", id=import_id)
    return found


def _view(row: dict[str, object]) -> ImportView:
    fields = row | {"kind": Kind(str(row["kind"])), "source": Source(str(row["source"])), "done": bool(row["done"])}
    return ImportView(**fields)  # type: ignore[arg-type]


async def rejects(database: Database, import_id: str, after: int, limit: int) -> list[RejectView]:
    """Give a page of an import's rejects, in the order in which they were met."""
    rows = await database.read(OF_IMPORT, (import_id, after, limit))
    return [RejectView(**{name: row[name] for name in RejectView.__struct_fields__}) for row in rows]


async def rejects_csv(database: Database, import_id: str) -> AsyncIterator[str]:
    """Give all rejects as CSV, a page at a time."""
    yield _csv([HEADER])
    after = 0
    while page := await rejects(database, import_id, after, PAGE):
        after = page[-1].number
        yield _csv([(r.row, r.column, r.belongs_to, r.code, REFUSALS.get(r.code, ""), r.value, r.text) for r in page])


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue()


def _plain(cell: object) -> object:
    """Keep a spreadsheet from taking what somebody sent for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
