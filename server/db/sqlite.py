"""The embedded database: one persistent writer connection, readers of their own, and one that empties the log.

SQLite in WAL with synchronous=FULL. Statements of the writer run on the event loop, since they take microseconds;
only BEGIN (which may wait for another process) and COMMIT (which waits for the disk) go to a thread. What the log
holds is copied into the file beside the writer, so that no commit waits for that.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from time import monotonic
from typing import Any

from server.db.engine import Change, DatabaseError, Read, Value
from server.kernel.refusal import Refusal

log = logging.getLogger(__name__)
BUSY_MS = 30_000
MOST_LOG_PAGES = 20_000
"""The log is never longer (80 MB): then a commit copies it itself."""
COPY_SECONDS = 0.5
BUSY = ("database is locked", "database is busy")
FULL = ("disk is full", "disk i/o error")


def failure(error: sqlite3.Error, sql: str = "") -> DatabaseError:
    """Say what went wrong, and whether it may pass."""
    reason = str(error).lower()
    full, busy = (any(word in reason for word in words) for words in (FULL, BUSY))
    return DatabaseError(f"{error} in {sql}" if sql else str(error), full=full, passing=busy)


def connect(path: str, *, readonly: bool = False) -> sqlite3.Connection:
    """Open a connection with the pragmas that durability needs."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint={MOST_LOG_PAGES}")
    connection.execute("PRAGMA cache_size=-32000")
    if readonly:
        connection.execute("PRAGMA query_only=ON")
    return connection


async def open_database(url: str) -> SqliteDatabase:
    """Open the file in `sqlite:///relative.db` or `sqlite:////absolute.db`."""
    path = url.partition(":///")[2]
    if not path:
        raise Refusal("bad_value", what="database", value=url, known="sqlite:///FILE")
    return SqliteDatabase(path)


class SqliteDatabase:
    """A database file: one writer at a time, so every transaction is alone."""

    dialect, together, rewrites, lock = "sqlite", False, True, ""

    def __init__(self, path: str) -> None:
        """Open (and create) the file at `path`; Refusal `disk_full` or `bad_value` where that cannot be."""
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._turn = os.open(f"{path}-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            self.writer = connect(path)
        except (sqlite3.OperationalError, OSError) as error:
            raise Refusal("bad_value", what="database", value=path, reason=str(error)) from error
        self.path = self.name = path
        self._copier = ThreadPoolExecutor(1, "copier")
        self._copied, self._copying, self._few_left = monotonic(), False, False
        self._version = -1
        self._thread = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(2, "reader")
        self._local = threading.local()

    async def begin(self, *, alone: bool = True) -> bool:
        """Start the transaction, waiting for other processes off the event loop."""
        del alone
        await self._off_loop(self._begin)
        before, [(self._version,)] = self._version, self.writer.execute("PRAGMA data_version").fetchall()
        return bool(self._version == before)

    async def commit(self) -> None:
        """Make it durable; returns once the disk has it."""
        await self._off_loop(self._commit)
        if not self._copying and monotonic() - self._copied > COPY_SECONDS:
            self._copying = True
            self._copier.submit(self._copy)

    def _copy(self) -> None:
        """Copy most of the log into the file, beside the writer."""
        with closing(connect(self.path)) as connection:
            self._checkpoint(connection)
        self._copied, self._copying, self._few_left = monotonic(), False, True

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            log.warning("the log was not copied into %s: %s", self.path, error)

    async def rollback(self) -> None:
        """Forget the transaction, if there is one."""
        await self._off_loop(self._rollback)

    def _begin(self) -> None:
        """Wait in line for our turn, then begin: SQLite's own waiting is by chance and sleeps up to 100 ms."""
        flock(self._turn, LOCK_EX)
        try:
            self.writer.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            flock(self._turn, LOCK_UN)
            raise

    def _commit(self) -> None:
        """Commit. Once most of the log is copied, copy the rest: it starts anew then, and a log that grows is slow."""
        self.writer.execute("COMMIT")
        if self._few_left:
            self._few_left = False
            self._checkpoint(self.writer)
        flock(self._turn, LOCK_UN)

    def _rollback(self) -> None:
        try:
            if self.writer.in_transaction:
                self.writer.execute("ROLLBACK")
        finally:
            flock(self._turn, LOCK_UN)

    async def _off_loop(self, call: Callable[[], None]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, call)
        except sqlite3.Error as error:
            raise failure(error) from error

    async def fetch(self, sql: str, args: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Run one statement of the transaction and give its rows."""
        try:
            return self.writer.execute(sql, args).fetchall()
        except sqlite3.Error as error:
            raise failure(error, sql) from error

    async def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement of the transaction for many rows."""
        try:
            self.writer.executemany(sql, rows)
        except sqlite3.Error as error:
            raise failure(error, sql) from error

    async def write(self, changes: Sequence[Change]) -> None:
        """Run several statements, each for many rows."""
        for sql, rows in changes:
            await self.many(sql, rows)

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

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Read]:
        """Give a reader of one instant: a connection of its own that keeps its read transaction."""
        loop, connection = asyncio.get_running_loop(), connect(self.path, readonly=True)

        async def read(sql: str, args: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
            return await loop.run_in_executor(None, lambda: connection.execute(sql, args).fetchall())

        with closing(connection):
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            yield read

    async def keep_copy(self, name: str) -> None:
        """Copy the file to one beside it."""
        with closing(connect(self.path, readonly=True)) as old, closing(sqlite3.connect(f"{self.path}.{name}")) as new:
            old.backup(new)

    async def close(self) -> None:
        """Let go of the file."""
        self._copier.shutdown()
        self._thread.shutdown()
        self._readers.shutdown()
        self.writer.close()
        os.close(self._turn)
