"""What waits to be sent over one socket: bounded in messages and in bytes, so that who does not read costs nobody."""

from __future__ import annotations

import asyncio
from collections import deque

MOST_MESSAGES = 1_000
MOST_BYTES = 1024 * 1024


class Unsent:
    """The messages of a socket in order, beside them the latest state that replaces itself, and how it is to end."""

    def __init__(self) -> None:
        """Begin empty."""
        self.closing: tuple[int, str] | None = None
        self.bytes = 0
        self._messages: deque[bytes] = deque()
        self._latest: bytes | None = None
        self._wake = asyncio.Event()

    def put(self, message: bytes) -> None:
        """Queue a message; a socket that does not read is closed, not waited for. One alone may be of any size."""
        if len(self._messages) >= MOST_MESSAGES or (self._messages and self.bytes + len(message) > MOST_BYTES):
            self.close(1013, "too slow")
            return
        self._messages.append(message)
        self.bytes += len(message)
        self._wake.set()

    def put_latest(self, message: bytes) -> None:
        """Queue latest state: it replaces one that was not sent yet."""
        self._latest = message
        self._wake.set()

    def close(self, code: int, reason: str) -> None:
        """Have the socket closed, for the first reason given."""
        self.closing = self.closing or (code, reason)
        self._wake.set()

    async def next(self) -> bytes | None:
        """Wait for the next message; None when the socket is to be closed."""
        while not self.closing:
            if self._messages:
                message = self._messages.popleft()
                self.bytes -= len(message)
                return message
            if self._latest is not None:
                latest, self._latest = self._latest, None
                return latest
            self._wake.clear()
            await self._wake.wait()
        return None
