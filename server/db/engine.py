"""What the code base asks of a database, and which one a URL names. Everything else is in sqlite.py and postgres.py.

SQL is written once, in the words both understand, with `?` for values; postgres.py translates what differs.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, runtime_checkable

from server.kernel.refusal import Refusal

Value = str | int | float | bytes | None
Row = Any
"""A tuple, or a driver's own row that unpacks and indexes like one."""
Change = tuple[str, Sequence[Sequence[Value]]]
"""A statement, and the rows that it is run for."""
Read = Callable[[str, Sequence[Value]], Awaitable[Sequence[Row]]]
ENGINES = {
    "sqlite": "server.db.sqlite",
    "postgresql": "server.db.postgres",
    "postgres": "server.db.postgres",
}


class DatabaseError(Exception):
    """The engine failed: nothing of the group was stored. `full` when there is no room; `passing` when it may pass."""

    def __init__(self, reason: str, *, full: bool = False, passing: bool = False) -> None:
        """Keep the engine's own words for the log."""
        super().__init__(reason)
        self.full, self.passing = full, full or passing


@runtime_checkable
class Database(Protocol):
    """A database. `fetch` and `many` belong to the one transaction; `read` and `rows` see committed state."""

    name: str
    """What to call it in a message: no password in it."""
    dialect: str
    """`sqlite` or `postgres`: which form of a migration is its."""
    together: bool
    """Whether groups of several processes run side by side, each row locked as it is loaded."""
    rewrites: bool
    """Whether naming a column in an update writes its indexes anew although its value is the same."""
    lock: str
    """What ends a SELECT in such a group."""

    async def begin(self, *, alone: bool = True) -> bool:
        """Start the transaction: alone in the database, or (where `together`) beside others that are not alone.

        Gives whether nobody else has written since our last commit, so that what we knew then is still true.
        """

    async def commit(self) -> None:
        """Make it durable; returns once the disk has it."""

    async def rollback(self) -> None:
        """Forget the transaction, if there is one."""

    async def fetch(self, sql: str, args: Sequence[Value] = ()) -> Sequence[Row]:
        """Run one statement of the transaction and give its rows."""

    async def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement of the transaction for many rows."""

    async def write(self, changes: Sequence[Change]) -> None:
        """Run several such statements, each of rows of its own; no two may touch the same row."""

    async def read(self, sql: str, args: Sequence[Value] = ()) -> list[dict[str, Any]]:
        """Run a query on committed state and give rows by column name."""

    async def rows(self, sql: str, args: Sequence[Value] = ()) -> Sequence[Row]:
        """Run a query on committed state and give its rows bare."""

    def snapshot(self) -> AbstractAsyncContextManager[Read]:
        """Give a reader all of whose queries see the database as it was at one instant."""

    async def keep_copy(self, name: str) -> None:
        """Before the schema changes: keep what there is, where the engine can do that by itself."""

    async def close(self) -> None:
        """Let go of it."""


async def open_database(url: str) -> Database:
    """Open `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`; Refusal `bad_value` where that cannot be."""
    scheme, mark, rest = url.partition("://")
    if scheme not in ENGINES or not mark:
        raise Refusal("bad_value", what="database", value=rest.rpartition("@")[2] or url, known="sqlite:///FILE, ...")
    database: Database = await importlib.import_module(ENGINES[scheme]).open_database(url)
    return database


def any_of(column: str) -> str:
    """Give SQL for `column` being one of the JSON array bound to its placeholder (one statement for any number)."""
    return f"{column} IN (SELECT value FROM json_each(?))"
