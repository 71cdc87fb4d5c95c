"""What a device says of itself."""

from __future__ import annotations

from server.db.event import Event
from server.protocol.base import Command


class DeclareLoss(Command, frozen=True):
    """A device lost operations before `seq`: it goes on from there."""

    device: str
    seq: int


class OperationsLost(Event, frozen=True):
    """Operations that a device made never arrived: for the supervisor to ask about."""

    device: str
    user: str
    first: int
    last: int
