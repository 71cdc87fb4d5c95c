"""Where the server's data lies: a fresh SQLite file, or a database of its own in a PostgreSQL, which is restarted."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec

from server.demo.process import tail
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal

TRIES, PAUSE_SECONDS = 100, 0.1
RUNNING = "postmaster.pid"


class Place(msgspec.Struct, frozen=True):
    """The URL of the database; `cluster` is the PostgreSQL's folder where it may be restarted, None where not."""

    url: str
    cluster: Path | None = None

    @property
    def file(self) -> Path | None:
        """The database's file (SQLite)."""
        return None if self.url.startswith("postgres") else Path(self.url.partition(":///")[2])

    @property
    def can_restart(self) -> bool:
        """Whether the PostgreSQL is on this machine and belongs to whoever tortures it."""
        return self.cluster is not None

    async def restart(self) -> None:
        """Let the PostgreSQL fall over (no checkpoint, nobody told) and come up again from its log."""
        if self.cluster is None:
            return
        program = _program(self.cluster).parent / "pg_ctl"
        words = ("restart", "-m", "immediate", "-w", "-D", str(self.cluster), "-l", str(self.cluster / "log"))
        process = await asyncio.create_subprocess_exec(
            *(program, *words),
            user=_owner(self.cluster),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise Refusal("failed", command="pg_ctl restart", reason=tail(said))


@asynccontextmanager
async def place(database: str, folder: Path) -> AsyncIterator[Place]:
    """Make an empty database: a file in `folder`, or one in the PostgreSQL at the URL, dropped at the end."""
    if not database:
        yield Place(f"sqlite:///{folder / 'pickwave.db'}")
        return
    name = f"pickwave_torture_{ulid().lower()}"
    own = urlunsplit(urlsplit(database)._replace(path=f"/{name}"))
    await _tell(database, f'CREATE DATABASE "{name}"')
    try:
        yield Place(own, await _cluster(database))
    finally:
        await _tell(database, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _cluster(database: str) -> Path | None:
    """Find the folder of a PostgreSQL that is ours to restart."""
    folder = Path(str(await _tell(database, "SHOW data_directory")))
    try:
        _program(folder)
    except OSError:
        return None
    return folder


def _owner(folder: Path) -> int | None:
    """Give whose a folder is, where we are root and PostgreSQL will not be; None = ours."""
    return None if os.geteuid() else folder.stat().st_uid


def _program(folder: Path) -> Path:
    """Give the program that runs on a PostgreSQL's folder; OSError where that is not ours to see."""
    pid = (folder / RUNNING).read_text().split()[0]
    return Path(f"/proc/{pid}/exe").resolve(strict=True)


async def _tell(database: str, sql: str) -> object:
    """Run a statement in the server's own database, once it is up; Refusal `bad_value` where there is no server."""
    reason = ""
    for _ in range(TRIES):
        try:
            connection = await asyncpg.connect(urlunsplit(urlsplit(database)._replace(path="/postgres")))
        except asyncpg.CannotConnectNowError:
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        except (OSError, asyncpg.PostgresError) as error:
            reason = str(error)
            break
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()
    raise Refusal("bad_value", what="database", value=urlsplit(database).hostname or "local", reason=reason)
