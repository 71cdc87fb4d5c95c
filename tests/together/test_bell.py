"""What one process commits the others hear of at once, also after the line was cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from server.db.bell import Bell
from server.db.journal import Entry
from tests.servers import new_database, valkey

SOON_SECONDS = 2.0
ENTRY = Entry(7, 1, "op", "ann", "phone-1", "Did", "a", "a", "", "{}")


async def url_of(kind: str) -> str:
    return await new_database() if kind == "postgres" else valkey()


@asynccontextmanager
async def listening(bell: Bell) -> AsyncIterator[asyncio.Event]:
    """A bell that has just come up, and whether it heard something since."""
    heard = asyncio.Event()
    bell.listeners.append(heard.set)
    bell.start()
    try:
        await hears(heard)
        yield heard
    finally:
        await bell.stop()


async def hears(heard: asyncio.Event) -> None:
    """It rings soon, and is ready for the next time."""
    async with asyncio.timeout(SOON_SECONDS):
        await heard.wait()
    heard.clear()


@pytest.mark.parametrize("kind", ["postgres", "valkey"])
async def test_one_rings_and_the_other_hears(kind: str) -> None:
    url = await url_of(kind)
    async with listening(Bell(url)) as heard:
        ringer = Bell(url)
        async with listening(ringer):
            heard.clear()
            for _ in range(3):
                ringer.committed([ENTRY])
                await hears(heard)
            ringer.committed([])
            await asyncio.sleep(0.1)
            assert not heard.is_set()


async def test_a_line_that_was_cut_is_opened_again_and_the_journal_read(caplog: pytest.LogCaptureFixture) -> None:
    url = await new_database()
    bell = Bell(url)
    async with listening(bell) as heard:
        connection = await asyncpg.connect(url)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pickwave bell'"
        )
        await connection.close()
        bell.committed([ENTRY])
        await hears(heard)
    assert "the bell is silent" in caplog.text


async def test_a_process_alone_on_sqlite_has_no_bell() -> None:
    bell = Bell("sqlite:///somewhere.db")
    bell.start()
    bell.committed([ENTRY])
    await bell.stop()
    assert bell.line is None
