"""PostgreSQL, for a site that outgrows one process or one machine.

Groups whose commands name all their keys run beside those of other processes, each row locked as it is loaded, in key
order; any other group has the database to itself, as every group has on SQLite. So what is proven there holds here.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from server.db.engine import Change, DatabaseError, Read, Row, Value
from server.kernel.refusal import Refusal

GATE = 0x5049434B
"""The advisory lock that groups share and that a group without keys has alone."""
READERS = 4
SETTINGS = {"application_name": "pickwave", "jit": "off", "idle_in_transaction_session_timeout": "30s"}
PASSING = frozenset({"08", "40", "53", "55", "57"})
"""Classes of SQLSTATE that a later try may not meet: connection, serialization, resources, locks, a restart."""
JSON_LIST = re.compile(r"IN \(SELECT value FROM json_each\(\?\)\)")
VALUES = re.compile(r"VALUES \([$\d, ]+\)")
Failures = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


@lru_cache(1_024)
def translate(sql: str) -> str:
    """Write our SQL as PostgreSQL wants it: numbered values, arrays, text compared by bytes and found in any case."""
    sql = JSON_LIST.sub("= ANY(ARRAY(SELECT jsonb_array_elements_text(?::text::jsonb)))", sql)
    sql = sql.replace(" LIKE ", " ILIKE ")
    if sql.startswith("CREATE TABLE"):
        sql = sql.replace(" TEXT", ' TEXT COLLATE "C"')
    number = count(1)
    return re.sub(r"\?", lambda _: f"${next(number)}", sql)


@lru_cache(1_024)
def shifted(sql: str, by: int) -> str:
    """Number a statement's values from further on, so that it may stand behind others."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + by}", sql)


def failure(error: Exception, sql: str = "") -> DatabaseError:
    """Say what went wrong, and whether it may pass."""
    state = str(getattr(error, "sqlstate", "") or "08000")
    reason = f"{error or type(error).__name__} in {sql}" if sql else str(error) or type(error).__name__
    return DatabaseError(reason, full=state == "53100", passing=state[:2] in PASSING)


async def _prepare(connection: asyncpg.Connection) -> None:
    """Let sums of whole numbers be whole numbers."""
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=_number)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


async def _keep(_: asyncpg.Connection) -> None:
    """A reader changes nothing in its connection: there is nothing to reset."""


async def open_database(url: str) -> PostgresDatabase:
    """Connect; Refusal `bad_value` where that cannot be."""
    database = PostgresDatabase(url)
    try:
        await database.open()
    except Failures as error:
        raise Refusal("bad_value", what="database", value=database.name, reason=str(error)) from error
    return database


class PostgresDatabase:
    """One connection that writes, made anew when it is lost, and a few that only read."""

    dialect, together, rewrites, lock = "postgres", True, False, " FOR UPDATE"

    def __init__(self, url: str) -> None:
        """Name it; `open` connects."""
        parts = urlsplit(url)
        self.url, self.name = url, f"{parts.hostname or 'local'}{parts.path}"
        self._writer: asyncpg.Connection | None = None
        self._readers: asyncpg.Pool | None = None
        self._bulk: dict[str, str] = {}

    async def open(self) -> None:
        """Connect."""
        self._writer = await self._connect()
        self._readers = await asyncpg.create_pool(
            self.url,
            min_size=1,
            max_size=READERS,
            server_settings=SETTINGS | {"default_transaction_read_only": "on"},
            init=_prepare,
            reset=_keep,
        )

    async def _connect(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(self.url, server_settings=SETTINGS, statement_cache_size=512)
        await _prepare(connection)
        return connection

    @property
    def writer(self) -> asyncpg.Connection:
        """The connection of the transaction; DatabaseError where it is lost."""
        if self._writer is None or self._writer.is_closed():
            raise DatabaseError("the connection is lost", passing=True)
        return self._writer

    async def begin(self, *, alone: bool = True) -> bool:
        """Start the transaction behind the gate, on a new connection where the last was lost."""
        try:
            if self._writer is None or self._writer.is_closed():
                self._writer = await self._connect()
            await self._writer.execute(f"BEGIN; SELECT pg_advisory_xact_lock{'' if alone else '_shared'}({GATE})")
        except Failures as error:
            raise failure(error) from error
        return False

    async def commit(self) -> None:
        """Make it durable. Where the answer is lost it may have been: the oplog tells who asks again."""
        await self._run(self.writer.execute, "COMMIT")

    async def rollback(self) -> None:
        """Forget the transaction, if there is one; a connection that cannot is dropped, which does the same."""
        writer, self._writer = self._writer, None
        if writer is None or writer.is_closed():
            return
        try:
            if writer.is_in_transaction():
                await writer.execute("ROLLBACK")
            self._writer = writer
        except Failures:
            writer.terminate()

    async def fetch(self, sql: str, args: Sequence[Value] = ()) -> Sequence[Row]:
        """Run one statement of the transaction and give its rows."""
        rows: Sequence[Row] = await self._run(self.writer.fetch, translate(sql), *args)
        return rows

    async def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement of the transaction for many rows: a column is one array."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        if columns:
            await self._run(self.writer.execute, self._bulk.get(sql) or await self._by_columns(sql), *columns)

    async def write(self, changes: Sequence[Change]) -> None:
        """Run several statements, each for many rows, in one round trip."""
        parts: list[str] = []
        columns: list[list[Value]] = []
        for number, (sql, rows) in enumerate(changes):
            bulk = self._bulk.get(sql) or await self._by_columns(sql)
            parts.append(f"w{number} AS ({shifted(bulk, len(columns))})")
            columns += [list(column) for column in zip(*rows, strict=True)]
        if parts:
            await self._run(self.writer.execute, f"WITH {', '.join(parts)} SELECT", *columns)

    async def _by_columns(self, sql: str) -> str:
        """Write a statement for one row as one for arrays, of the types that its parameters have."""
        one = translate(sql)
        statement = await self._run(self.writer.prepare, one)
        types = [parameter.name for parameter in statement.get_parameters()]
        arrays = ", ".join(f"${i}::{kind}[]" for i, kind in enumerate(types, 1))
        bulk = VALUES.sub(f"SELECT * FROM unnest({arrays})", one)
        self._bulk[sql] = bulk if bulk != one else one.replace("= $1", f"= ANY({arrays})")
        return self._bulk[sql]

    async def _run(self, call: Callable[..., Awaitable[Any]], sql: str, *args: Any) -> Any:
        try:
            return await call(sql, *args)
        except Failures as error:
            raise failure(error, sql) from error

    @property
    def readers(self) -> asyncpg.Pool:
        """The connections that only read."""
        if self._readers is None:
            raise DatabaseError("the database is not open", passing=True)
        return self._readers

    async def read(self, sql: str, args: Sequence[Value] = ()) -> list[dict[str, Any]]:
        """Run a query on committed state and give rows by column name."""
        return [dict(row) for row in await self.rows(sql, args)]

    async def rows(self, sql: str, args: Sequence[Value] = ()) -> Sequence[Row]:
        """Run a query on committed state and give its rows bare."""
        rows: Sequence[Row] = await self._run(self.readers.fetch, translate(sql), *args)
        return rows

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Read]:
        """Give a reader of one instant."""
        async with (
            self.readers.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):

            async def read(sql: str, args: Sequence[Value] = ()) -> Sequence[Row]:
                rows: Sequence[Row] = await connection.fetch(translate(sql), *args)
                return rows

            yield read

    async def keep_copy(self, name: str) -> None:
        """Nothing: the schema changes in one transaction, and `pickwave backup` is the operator's."""

    async def close(self) -> None:
        """Let go of all connections."""
        if self._readers:
            await self._readers.close()
        if self._writer and not self._writer.is_closed():
            await self._writer.close()
