"""A database that forgets: SQLite in memory, without threads, copied from a template, whose commits sometimes fail."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any

from server.db.engine import Change, DatabaseError, Read, Value
from server.db.sqlite import SqliteDatabase


class Memory(SqliteDatabase):
    """One connection for all: nothing here waits, so a history runs as fast as its rules do."""

    def __init__(self, template: Memory | None = None) -> None:
        """Start empty, or as a copy of `template`."""
        self.name = "memory"
        self.connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        self.trouble: Random | None = None
        """Whose dice say that a commit fails, one in a hundred: half of those after it was done."""
        self._fresh = True
        if template:
            template.connection.backup(self.connection)

    async def begin(self, *, alone: bool = True) -> bool:
        """Start the transaction; nobody else ever writes here."""
        del alone
        self.connection.execute("BEGIN")
        known, self._fresh = not self._fresh, False
        return known

    async def commit(self) -> None:
        """Commit, or fail."""
        fate = self.trouble.randrange(200) if self.trouble else -1
        if fate == 0:
            raise DatabaseError("not committed", passing=True)
        self.connection.execute("COMMIT")
        if fate == 1:
            raise DatabaseError("committed, and nobody was told", passing=True)

    async def rollback(self) -> None:
        """Forget the transaction, if there is one."""
        self._fresh = True
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    async def fetch(self, sql: str, args: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows."""
        return self.connection.execute(sql, args).fetchall()

    async def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for many rows."""
        self.connection.executemany(sql, rows)

    async def write(self, changes: Sequence[Change]) -> None:
        """Run several statements, each for many rows."""
        for sql, rows in changes:
            self.connection.executemany(sql, rows)

    async def read(self, sql: str, args: Sequence[Value] = ()) -> list[dict[str, Any]]:
        """Give rows by column name; nobody reads while a transaction is open."""
        assert not self.connection.in_transaction, "what is not committed was read"
        cursor = self.connection.execute(sql, args)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    async def rows(self, sql: str, args: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Give rows bare."""
        return self.connection.execute(sql, args).fetchall()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Read]:
        """Give a reader: nothing changes while it reads."""
        yield self.rows

    async def keep_copy(self, name: str) -> None:
        """There is nothing to keep."""

    async def close(self) -> None:
        """Forget everything."""
        self.connection.close()
