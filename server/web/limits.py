"""How much of the server one caller may take: requests and frames a second, sockets at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from math import ceil
from time import monotonic
from typing import Any, Final, Protocol, TypeVar

from litestar.connection import ASGIConnection

from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.settings import Settings

BURST_SECONDS: Final = 10
"""A quiet caller may take so many seconds' worth at once: a page that loads, an outbox that is emptied."""
MOST_CALLERS: Final = 20_000
"""Callers remembered; who was quiet longest is forgotten, and starts afresh."""
TOGETHER: Final = 10
"""An address may do so many times what a session may: behind a proxy or a router is the whole floor."""
FRAMES_A_SECOND: Final = 2_000
SOCKETS_A_DEVICE: Final = 4
"""A phone that lost its network leaves dead sockets behind for a while, and must get in again."""


class Bucket:
    """So much a second for one caller, with a burst after a rest."""

    def __init__(self, rate: float) -> None:
        """Begin full; `rate` is in units a second."""
        self.rate, self.left, self.at = rate, rate * BURST_SECONDS, monotonic()

    def wait(self) -> float:
        """Take one unit and give 0; where there is none left to take, give how many seconds to wait for it."""
        now = monotonic()
        self.left = min(self.rate * BURST_SECONDS, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0


class Pace:
    """The buckets of all callers of this process, by their names."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def require(self, name: str, rate: float) -> None:
        """Refuse who asks more often than `rate` a second: `too_fast` with the seconds to wait."""
        bucket = self._buckets.setdefault(name, Bucket(rate))
        self._buckets.move_to_end(name)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        if wait := bucket.wait():
            raise Refusal("too_fast", seconds=ceil(wait))


def require_pace(connection: ASGIConnection[Any, Any, Any, Any], actor: Actor | None) -> None:
    """Refuse who asks too often: a session, a device or a key by its name, anybody else by their address."""
    settings: Settings = connection.app.state.settings
    pace: Pace = connection.app.state.pace
    if actor:
        pace.require(actor.session or actor.device or actor.user, settings.max_requests)
    else:
        client = connection.client
        pace.require(f"address:{client.host if client else ''}", settings.max_requests * TOGETHER)


class Open(Protocol):
    """What is asked of a socket's session."""

    actor: Actor
    opened: float

    def close(self, code: int, reason: str) -> None:
        """End it."""


S = TypeVar("S", bound=Open)


def make_room(mine: Collection[S]) -> None:
    """Close the oldest of a device's sockets where it has as many as it may."""
    if len(mine) >= SOCKETS_A_DEVICE:
        min(mine, key=lambda session: session.opened).close(1008, "too many sockets of this device")
