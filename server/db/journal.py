"""The journal: every event of the installation in one gap-free order, with who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from piccolo.columns import BigInt, Text
from piccolo.table import Table

from server.db.event import Emitted
from server.db.rows import Rows
from server.db.unit import Base


class Entry(msgspec.Struct, frozen=True):
    """One row. `thread` is the order (else the subject) whose history it belongs to; `body` the event as JSON.

    `seal` chains it to the entry before: whoever changes, adds or takes out one breaks all seals after it.
    """

    position: int
    at: int
    op_id: str
    user: str
    device: str
    kind: str
    subject: str
    thread: str
    audiences: str
    body: str
    seal: str = ""


class JournalTable(Table, tablename="journal"):
    """Append-only."""

    position = BigInt(primary_key=True)
    at = BigInt()
    op_id = Text()
    user = Text()
    device = Text()
    kind = Text()
    subject = Text()
    thread = Text(index=True)
    audiences = Text()
    body = Text()
    seal = Text(default="")


class Counter(msgspec.Struct, frozen=True):
    """A named number that only grows."""

    name: str
    value: int


class CounterTable(Table, tablename="counter"):
    """Counters whose rows are locked while they are taken: gap-free and in commit order."""

    name = Text(primary_key=True)
    value = BigInt()


JOURNAL = Rows(JournalTable, Entry)
COUNTERS = Rows(CounterTable, Counter)
TAKE = (
    'INSERT INTO "counter" (name, value) VALUES (?, ?) '
    'ON CONFLICT (name) DO UPDATE SET value = "counter".value + excluded.value RETURNING value'
)


SEAL = "SELECT seal FROM journal WHERE position = ?"


async def take(base: Base, name: str, count: int = 1) -> int:
    """Take `count` numbers of a counter; gives the last one taken (the first ever is 1)."""
    [(value,)] = await base.database.fetch(TAKE, (name, count))
    return int(value)


def entry_of(emitted: Emitted, at: int, op_id: str, user: str, device: str) -> Entry:
    """Make the row of an event; its position is set just before the commit."""
    event = emitted.event
    subject = event.subject
    return Entry(
        position=0,
        at=at,
        op_id=op_id,
        user=user,
        device=device,
        kind=type(event).__name__,
        subject=subject,
        thread=str(getattr(event, "order", "") or subject),
        audiences="|".join(emitted.audiences),
        body=msgspec.json.encode(event).decode(),
    )


async def append(base: Base, entries: Sequence[Entry]) -> list[Entry]:
    """Place these entries at the next positions and have them written; call it last before the last flush."""
    if not entries:
        return []
    before = await take(base, "journal", len(entries)) - len(entries)
    found = await base.database.fetch(SEAL, (before,))
    seal, placed = found[0][0] if found else "", []
    for position, entry in enumerate(entries, before + 1):
        bare = msgspec.structs.replace(entry, position=position)
        seal = sealed(seal, bare)
        placed.append(msgspec.structs.replace(bare, seal=seal))
    base.add(JOURNAL, placed)
    return placed


def sealed(before: str, bare: Entry) -> str:
    """Give the seal of an entry (itself without one) that follows one with the seal `before`: BLAKE2b, 128 bits."""
    return blake2b(before.encode() + msgspec.json.encode(bare), digest_size=16).hexdigest()


AFTER = f"{JOURNAL.select} WHERE position > ? ORDER BY position LIMIT ?"


async def after(database: Any, position: int, most: int = 1_000) -> list[Entry]:
    """Read committed entries after `position`, oldest first."""
    return [Entry(**row) for row in await database.read(AFTER, (position, most))]


async def position(database: Any) -> int:
    """Give the journal's last committed position."""
    rows = await database.read("SELECT value FROM counter WHERE name = 'journal'")
    return int(rows[0]["value"]) if rows else 0
