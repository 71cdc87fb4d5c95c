"""From blocking work to the event loop: one item at a time, each made when it is asked for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def flow(items: Iterable[T]) -> AsyncIterator[T]:
    """Iterate in a thread of its own; a blocked camera or terminal there does not hold up the end."""
    loop = asyncio.get_running_loop()
    made: asyncio.Queue[T | Exception] = asyncio.Queue()
    wanted = threading.Semaphore(0)
    stop = threading.Event()

    def give(item: T | Exception) -> None:
        with suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(made.put_nowait, item)

    def work() -> None:
        try:
            iterator = iter(items)
            while wanted.acquire() and not stop.is_set():
                give(next(iterator))
        except StopIteration:
            give(StopAsyncIteration())
        except Exception as error:  # noqa: BLE001 - it is raised again where it is awaited
            give(error)

    threading.Thread(target=work, name="flow", daemon=True).start()
    try:
        while True:
            wanted.release()
            item = await made.get()
            if isinstance(item, StopAsyncIteration):
                return
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        stop.set()
        wanted.release()
