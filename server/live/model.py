"""What a device says of itself, and a process of its devices."""

from __future__ import annotations

import msgspec

from server.db.event import Event
from server.kernel.clock import SECOND
from server.protocol.base import Command


class DeclareLoss(Command, frozen=True):
    """A device lost operations before `seq`: it goes on from there."""

    device: str
    seq: int


STALE_MS = 15 * SECOND
"""A process that was silent for so long is gone, and its devices with it."""


class Presence(msgspec.Struct, frozen=True):
    """Who is connected to a server process: the operations that their devices have still to send, by user."""

    process: str
    at: int
    waiting: dict[str, int]


class TellPresence(Command, frozen=True):
    """A process says who is connected to it."""

    process: str
    waiting: dict[str, int]


class OperationsLost(Event, frozen=True):
    """Operations that a device made never arrived: for the supervisor to ask about."""

    device: str
    user: str
    first: int
    last: int
