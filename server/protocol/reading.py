"""JSON that strangers send: whatever can be wrong with it is one error, and so is what no database keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from server.protocol.frames import ClientFrame, decode_client

T = TypeVar("T")
LONGEST = 200
NUL = b"\\u0000"
"""PostgreSQL's text has no place for it; JSON can have it in no other way."""


class Unreadable(Exception):
    """It is not understood; the text says what is wrong, and where."""


def read(decode: Callable[[bytes], T], data: bytes) -> T:
    """Decode, or raise Unreadable: no JSON, no UTF-8, nested too deep, a number without end, a NUL in text."""
    try:
        found = decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unreadable(str(error)[:LONGEST]) from None
    if NUL in data:
        raise Unreadable("text has a NUL character in it")
    return found


def read_client(data: bytes) -> ClientFrame:
    """Read a frame of a client, or raise Unreadable."""
    frame: ClientFrame = read(decode_client, data)
    return frame
