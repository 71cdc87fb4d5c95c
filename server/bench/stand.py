"""Where a benchmark stands: a fresh database, files in a temporary folder, and the real server in its own process."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec

from server.db.sqlite import connect
from server.demo.process import environment, free_port, running
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal


class Stand(msgspec.Struct, frozen=True):
    """A folder for files and the URL of a database of its own."""

    folder: Path
    database: str

    @property
    def file(self) -> Path:
        """The database's file (SQLite)."""
        return self.folder / "pickwave.db"

    def env(self, port: int = 0) -> dict[str, str]:
        """Give the environment of a server, or of a command beside it."""
        return environment(self.folder, port) | {"PICKWAVE_DATABASE": self.database}


@asynccontextmanager
async def stand(database: str = "") -> AsyncIterator[Stand]:
    """Make an empty database: a file, or one of its own in the PostgreSQL at a URL; it is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="pickwave-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if not database:
            yield Stand(folder, f"sqlite:///{folder / 'pickwave.db'}")
            return
        async with _created(database, "template1") as url:
            yield Stand(folder, url)


@asynccontextmanager
async def copied(of: Stand) -> AsyncIterator[Stand]:
    """Make a copy of a database that nobody has open."""
    with tempfile.TemporaryDirectory(prefix="copy-", dir=of.folder) as name:
        folder = Path(name)
        if is_sqlite(of.database):
            with closing(connect(str(of.file))) as old, closing(connect(str(folder / of.file.name))) as new:
                old.backup(new)
            yield Stand(folder, f"sqlite:///{folder / of.file.name}")
            return
        async with _created(of.database, urlsplit(of.database).path[1:]) as url:
            yield Stand(folder, url)


def is_sqlite(database: str) -> bool:
    """Tell which engine a URL names; '' is SQLite."""
    return not database or database.startswith("sqlite:")


async def settle(on: Stand) -> None:
    """Let a database that nobody has open finish what a great deal of writing left it to do."""
    if is_sqlite(on.database):
        with closing(connect(str(on.file))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        await _tell(on.database, "VACUUM ANALYZE", "CHECKPOINT")
    await asyncio.to_thread(os.sync)


@asynccontextmanager
async def _created(server: str, template: str) -> AsyncIterator[str]:
    """Make a database in a PostgreSQL, and drop it at the end."""
    name = f"pickwave_bench_{ulid().lower()}"
    own = urlunsplit(urlsplit(server)._replace(path="/postgres"))
    await _tell(own, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        await _tell(own, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _tell(url: str, *statements: str) -> None:
    """Run statements outside a transaction; Refusal `bad_value` where there is no server."""
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        where = urlsplit(url).hostname or "local"
        raise Refusal("bad_value", what="database", value=where, reason=str(error)) from error
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def serving(on: Stand, workers: int = 1) -> AsyncIterator[tuple[str, int]]:
    """Run the real server on a stand; gives its address and process id."""
    options = ("--workers", str(workers)) if workers > 1 else ()
    async with running(on.folder, on.env(free_port()), *options) as found:
        yield found
