"""The embedded database: one persistent writer connection, readers of their own, and a door for Piccolo.

SQLite in WAL with synchronous=FULL. Statements of the writer run on the event loop, since they take microseconds;
only BEGIN (which may wait for another process) and COMMIT (which waits for the disk) go to a thread.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from server.kernel.refusal import Refusal

Value = str | int | float | bytes | None
BUSY_MS = 30_000
BUSY = ("database is locked", "database is busy")
FULL = ("disk is full", "disk i/o error")


class DatabaseError(Exception):
    """The engine failed: nothing of the group was stored. `full` when there is no room."""

    def __init__(self, reason: str) -> None:
        """Keep the engine's own words for the log."""
        super().__init__(reason)
        self.full = any(word in reason.lower() for word in FULL)


def connect(path: str, *, readonly: bool = False) -> sqlite3.Connection:
    """Open a connection with the pragmas that durability needs."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA cache_size=-32000")
    if readonly:
        connection.execute("PRAGMA query_only=ON")
    return connection


def path_of(url: str) -> str:
    """Give the file in `sqlite:///relative.db` or `sqlite:////absolute.db`; Refusal for another database."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        raise Refusal("bad_value", what="database", value=url.partition("@")[2] or url, known="sqlite:///FILE")
    return path


class Database:
    """A database file. `fetch`, `run` and `many` belong to the one transaction; `read` sees committed state."""

    def __init__(self, path: str) -> None:
        """Open (and create) the file at `path`; Refusal `disk_full` or `bad_value` where that cannot be."""
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self.writer = connect(path)
        except (sqlite3.OperationalError, OSError) as error:
            raise Refusal("bad_value", what="database", value=path, reason=str(error)) from error
        self.path = path
        self._thread = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(2, "reader")
        self._local = threading.local()

    async def begin(self) -> None:
        """Start the transaction, waiting for other processes off the event loop."""
        await self._call("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """Make it durable; returns once the disk has it."""
        await self._call("COMMIT")

    async def rollback(self) -> None:
        """Forget the transaction, if there is one."""
        if self.writer.in_transaction:
            await self._call("ROLLBACK")

    async def _call(self, sql: str) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self.writer.execute, sql)
        except sqlite3.Error as error:
            raise DatabaseError(str(error)) from error

    async def fetch(self, sql: str, args: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Run one statement of the transaction and give its rows."""
        try:
            return self.writer.execute(sql, args).fetchall()
        except sqlite3.Error as error:
            raise DatabaseError(f"{error} in {sql}") from error

    async def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement of the transaction for many rows."""
        try:
            self.writer.executemany(sql, rows)
        except sqlite3.Error as error:
            raise DatabaseError(f"{error} in {sql}") from error

    async def read(self, sql: str, args: Sequence[Value] = ()) -> list[dict[str, Any]]:
        """Run a query on committed state, in a thread, and give rows by column name."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, sql, args)

    async def rows(self, sql: str, args: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Run a query on committed state, in a thread, and give its rows bare."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._rows, sql, args)

    def _read(self, sql: str, args: Sequence[Value]) -> list[dict[str, Any]]:
        cursor = self._reader().execute(sql, args)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _rows(self, sql: str, args: Sequence[Value]) -> list[tuple[Any, ...]]:
        return self._reader().execute(sql, args).fetchall()

    def _reader(self) -> sqlite3.Connection:
        """Give this thread's own connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self.path, readonly=True)
        return connection

    def close(self) -> None:
        """Let go of the file."""
        self._thread.shutdown()
        self._readers.shutdown()
        self.writer.close()


def any_of(column: str) -> str:
    """Give SQL for `column` being one of the JSON array bound to its placeholder (one statement for any number)."""
    return f"{column} IN (SELECT value FROM json_each(?))"
