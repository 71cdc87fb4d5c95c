"""A handheld's websocket, as lean as can be: the library shakes hands, its frames are made before they are needed.

What the generator costs is taken from the server's cores, so that the frames of answers are cut here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit, urlunsplit

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

PORTS = {"http": 80, "https": 443}
LONG, LONGER = 126, 127
SIZES = {LONG: 4, LONGER: 10}
"""Bytes of a frame's head by its length byte, where that is not the length itself."""


def address(url: str) -> tuple[str, str, int]:
    """Give the socket's URL below a server's, its host and port."""
    parts = urlsplit(url)
    ws = urlunsplit(parts._replace(scheme=parts.scheme.replace("http", "ws"), path="/live"))
    return ws, parts.hostname or "", parts.port or PORTS[parts.scheme]


def framed(payload: bytes, opcode: Opcode = Opcode.TEXT) -> bytes:
    """Make a client's frame, masked."""
    return Frame(opcode, payload).serialize(mask=True)


class Wire(asyncio.Protocol):
    """One socket: `opened` is done once it is one, `heard` is given every text message, `lost` called at its end."""

    def __init__(self, url: str, cookie: str, heard: Callable[[bytes], None], lost: Callable[[], None]) -> None:
        """Prepare to ask for the upgrade as this session."""
        self.heard, self.lost = heard, lost
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._library = ClientProtocol(parse_uri(url))
        self._cookie = cookie
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = cast("asyncio.Transport", transport)
        request = self._library.connect()
        request.headers["Cookie"] = self._cookie
        self._library.send_request(request)
        self.transport.writelines(self._library.data_to_send())

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that nothing more comes."""
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed"))
        self.lost()

    def data_received(self, data: bytes) -> None:
        """Finish the handshake, then cut frames."""
        if self.opened.done():
            self._buffer += data
            self._cut()
            return
        self._library.receive_data(data)
        if self._library.handshake_exc:
            self.opened.set_exception(self._library.handshake_exc)
        elif self._library.events_received():
            self.opened.set_result(None)

    def _cut(self) -> None:
        """Hand over every whole message; a ping is answered."""
        buffer, start = self._buffer, 0
        while len(buffer) >= start + 2:
            head = SIZES.get(buffer[start + 1], 2)
            if len(buffer) < start + head:
                break
            size = int.from_bytes(buffer[start + 2 : start + head], "big") if head > 2 else buffer[start + 1]  # noqa: PLR2004
            end = start + head + size
            if len(buffer) < end:
                break
            self._take(Opcode(buffer[start] & 15), bytes(buffer[start + head : end]))
            start = end
        del buffer[:start]

    def _take(self, opcode: Opcode, payload: bytes) -> None:
        if opcode is Opcode.TEXT:
            self.heard(payload)
        elif opcode is Opcode.PING:
            self.transport.write(framed(payload, Opcode.PONG))
