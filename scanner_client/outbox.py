"""Operations on their way: durable before they are sent, gone only once the server has answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from server.kernel.clock import Clock, now
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.protocol.base import Facts
from server.protocol.frames import LiveCommand, Op

OUTBOX = "outbox.db"
TABLES = """
CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE,
    op TEXT NOT NULL, mark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused (op_id TEXT PRIMARY KEY, op TEXT NOT NULL, code TEXT NOT NULL,
    facts TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
KEEP = "INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
ADD = "INSERT INTO outbox VALUES (?, ?, ?, ?)"
REMOVE = "DELETE FROM outbox WHERE op_id = ?"
REFUSE = "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?)"
encode = msgspec.json.Encoder().encode
_op = msgspec.json.Decoder(Op).decode


class Entry(msgspec.Struct, frozen=True):
    """An operation; `mark` says where its line stood when it was made (see told.py)."""

    op: Op
    mark: str = ""


class Refused(msgspec.Struct, frozen=True):
    """An operation that the rules refused, kept to be seen; `at` is when the answer came (ms)."""

    op: Op
    code: str
    facts: Facts
    at: int


class Outbox:
    """The operations of one device in a SQLite file (WAL, synchronous=FULL), and its counters."""

    def __init__(self, path: Path | str, clock: Clock = now) -> None:
        self.clock = clock
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {TABLES}")

    def add(self, cmd: LiveCommand, by: str, mark: str = "") -> Entry:
        """Store a command under the device's next number; it is durable on return.

        Refusal `bad_value` for one that no server would understand, `disk_full` where it cannot be stored.
        """
        at = self.clock()
        entry = Entry(Op(ulid(at), self.last_seq + 1, at, by, cmd), mark)
        try:
            _op(encode(entry.op))
            self._store([entry])
        except msgspec.ValidationError as error:
            raise Refusal("bad_value", reason=str(error)) from error
        except sqlite3.OperationalError as error:
            raise Refusal("disk_full", reason=str(error)) from error
        return entry

    def _store(self, entries: Sequence[Entry], *, instead: bool = False) -> None:
        """Write operations in one transaction, `instead` of all that wait."""
        rows = [(e.op.seq, e.op.op_id, encode(e.op).decode(), e.mark) for e in entries]
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            if instead:
                self._db.execute("DELETE FROM outbox")
            self._db.executemany(ADD, rows)
            self._db.execute(KEEP, ("seq", str(max(self.last_seq, *(e.op.seq for e in entries)))))

    def waiting(self, most: int = -1) -> list[Entry]:
        """Give the unanswered operations in order, the first `most` of them."""
        rows = self._db.execute("SELECT op, mark FROM outbox ORDER BY seq LIMIT ?", (most,))
        return [Entry(_op(op), mark) for op, mark in rows]

    @property
    def count(self) -> int:
        """How many operations wait for an answer."""
        [[count]] = self._db.execute("SELECT count(*) FROM outbox")
        return int(count)

    @property
    def last_seq(self) -> int:
        """The number of the last operation that was made, 0 before the first."""
        return int(self.kept("seq") or 0)

    def committed(self, op_id: str) -> Entry | None:
        """Take an operation out: the server has it. None where it was answered before."""
        entry = self._find(op_id)
        if entry:
            self._db.execute(REMOVE, (op_id,))
        return entry

    def rejected(self, op_id: str, code: str, facts: Facts) -> Entry | None:
        """Move an operation to the refused ones, in one transaction. None where it was answered before."""
        entry = self._find(op_id)
        if entry:
            row = (op_id, encode(entry.op).decode(), code, encode(facts).decode(), self.clock())
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                self._db.execute(REFUSE, row)
                self._db.execute(REMOVE, (op_id,))
        return entry

    def _find(self, op_id: str) -> Entry | None:
        row = self._db.execute("SELECT op, mark FROM outbox WHERE op_id = ?", (op_id,)).fetchone()
        return Entry(_op(row[0]), row[1]) if row else None

    def refused(self) -> list[Refused]:
        """Give what was refused, oldest first."""
        rows = self._db.execute("SELECT op, code, facts, at FROM refused ORDER BY at, op_id")
        return [Refused(_op(op), code, msgspec.json.decode(facts), at) for op, code, facts, at in rows]

    def meet(self, seq: int) -> None:
        """Learn at the first welcome how far the server already is with this device.

        A file that never met the server (new, or its predecessor was lost) goes on from there: what waits
        in it was never sent and is numbered anew.
        """
        if not self.kept("met"):
            self.renumber(seq + 1)
            self.keep("met", "yes")

    def renumber(self, first: int) -> None:
        """Count what waits from `first` on, and what is made later after it; never lower than before."""
        waiting = self.waiting()
        if first <= (waiting[0].op.seq if waiting else self.last_seq):
            return
        moved = [Entry(replace(e.op, seq=seq), e.mark) for seq, e in enumerate(waiting, first)]
        if moved:
            self._store(moved, instead=True)
        else:
            self.keep("seq", str(first - 1))

    def kept(self, name: str) -> str:
        """Give a value that was kept, '' where none was."""
        row = self._db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keep(self, name: str, value: str) -> None:
        """Keep a value over restarts."""
        self._db.execute(KEEP, (name, value))

    def close(self) -> None:
        """Close the file."""
        self._db.close()
