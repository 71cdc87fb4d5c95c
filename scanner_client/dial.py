"""Open the socket as this device, trusting the CA that was pinned when it enrolled."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from websockets.asyncio.client import ClientConnection, connect

from scanner_client.enrol import Enrolled, address, trust

Dial = Callable[[], AbstractAsyncContextManager[ClientConnection]]


def socket_url(server: str) -> str:
    """Give the address of a server's socket."""
    return address(server).replace("http", "ws", 1) + "/live"


def dialler(enrolled: Enrolled, server: str = "") -> Dial:
    """Give a function that connects where this device is enrolled, or to `server`, its other address."""
    url = socket_url(server or enrolled.server)
    context: ssl.SSLContext | None = trust(enrolled.ca) if url.startswith("wss:") else None

    def dial() -> AbstractAsyncContextManager[ClientConnection]:
        return connect(
            url,
            additional_headers={"Authorization": f"Device {enrolled.device}.{enrolled.key}"},
            ssl=context,
            compression=None,
            ping_interval=None,
            open_timeout=10,
            close_timeout=1,
            max_size=16 * 1024 * 1024,
            proxy=None,
        )

    return dial
