"""Tells the other processes that the journal has grown, and hears it of them: positions only, never content.

A ring that is lost costs nothing but time: whoever listens follows the journal from its own position, reads it again
on every new connection, and looks by itself twice a second. Over NOTIFY on a connection of our own, or over Valkey
(Redis) where PICKWAVE_BELL names one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import asyncpg

from server.db.journal import Entry

log = logging.getLogger(__name__)
CHANNEL = "pickwave"
BEAT_SECONDS = 5.0
"""So often a line that is silent is tried."""
AGAIN_SECONDS = 1.0
Heard = Callable[[], None]
Send = Callable[[int], Awaitable[object]]
Line = Callable[[str, Heard], AbstractAsyncContextManager[Send]]


@asynccontextmanager
async def over_postgres(url: str, heard: Heard) -> AsyncIterator[Send]:
    """Listen and notify on one connection."""
    connection = await asyncpg.connect(url, server_settings={"application_name": "pickwave bell"})
    try:
        await connection.add_listener(CHANNEL, lambda *_: heard())
        yield lambda position: connection.execute(f"SELECT pg_notify('{CHANNEL}', $1)", str(position))
    finally:
        connection.terminate()


@asynccontextmanager
async def over_valkey(url: str, heard: Heard) -> AsyncIterator[Send]:
    """Subscribe and publish."""
    from redis import asyncio as valkey  # noqa: PLC0415 - a server without it need not hold it in memory

    async with valkey.from_url(url) as client, client.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(CHANNEL)

        async def listen() -> None:
            async for _ in subscription.listen():
                heard()

        async def send(position: int) -> None:
            if listener.done():
                listener.result()
            await client.publish(CHANNEL, position)

        listener = asyncio.create_task(listen(), name="bell valkey")
        try:
            yield send
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)


LINES: dict[str, Line] = {
    "postgresql": over_postgres,
    "postgres": over_postgres,
    "redis": over_valkey,
    "rediss": over_valkey,
    "valkey": over_valkey,
}


class Bell:
    """One process's end of it; without a line (one process on SQLite) it is silent."""

    def __init__(self, url: str) -> None:
        """Ring over `url`; one that names no line is no bell."""
        scheme = url.partition("://")[0]
        self.url, self.line = url.replace("valkey://", "redis://", 1), LINES.get(scheme)
        self.listeners: list[Heard] = []
        self._rung = asyncio.Event()
        self._position = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        if self.line:
            self._task = asyncio.create_task(self._work(self.line), name="bell")

    async def stop(self) -> None:
        """Hang up."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def committed(self, entries: Sequence[Entry]) -> None:
        """Ring: this process wrote to the journal. Many rings in a row may be sent as one."""
        if entries:
            self._position = entries[-1].position
            self._rung.set()

    def _heard(self) -> None:
        for listener in self.listeners:
            listener()

    async def _work(self, line: Line) -> None:
        while True:
            try:
                async with line(self.url, self._heard) as send:
                    self._heard()
                    await self._ring(send)
            except Exception as error:  # noqa: BLE001 - whatever the line is, it is opened again
                log.warning("the bell is silent, the journal is polled: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _ring(self, send: Send) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._rung.wait()
            self._rung.clear()
            await send(self._position)
