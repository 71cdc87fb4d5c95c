"""Requests whose JSON is read strictly: what cannot be read or stored is refused before a handler sees it."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection

from server.kernel.refusal import Refusal
from server.protocol.reading import Unreadable, read

MOST_JSON: Final = 1_000_000
"""Bytes of a command; what a channel sends may be larger."""
BODY_SECONDS: Final = 30.0


def require_storable(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse an address with a NUL character in it: it names nothing, and PostgreSQL cannot even look for it."""
    if "\0" in connection.scope["path"] or b"%00" in connection.scope["query_string"]:
        raise Refusal("bad_value", what="address", reason="a NUL character")


class StrictRequest(Request[Any, Any, Any]):
    """Litestar's, with our own reader of JSON, and no patience with a body that trickles in."""

    async def body(self) -> bytes:
        """Give the body; Refusal `bad_value` where it is not whole in time."""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await super().body()
        except TimeoutError:
            raise Refusal("bad_value", what="body", reason=f"not whole after {BODY_SECONDS:g} s") from None

    async def json(self) -> Any:
        """Give the body's JSON; Refusal `too_large`, or `bad_value` with the reason."""
        body = await self.body()
        if len(body) > MOST_JSON:
            raise Refusal("too_large", most=MOST_JSON)
        try:
            return read(msgspec.json.decode, body or b"null")
        except Unreadable as error:
            raise Refusal("bad_value", what="body", reason=str(error)) from None
