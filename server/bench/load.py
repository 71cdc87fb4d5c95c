"""What the generator is told, and what it tells back: plain values, so that it can live in a process of its own."""

from __future__ import annotations

import msgspec

from server.protocol.picking import Scan

SITE = "MAIN"


class Handheld(msgspec.Struct, frozen=True):
    """A device, who is signed in at it, the session's cookie, and the scans it will make, in order."""

    user: str
    device: str
    cookie: str
    scans: tuple[Scan, ...]


class Load(msgspec.Struct, frozen=True):
    """What to do: `rate` scans a second in total on a fixed schedule, 0 = each handheld as fast as it is answered.

    `warm_up` and `seconds` are how long it is not, and is, counted. `watch` is the cookie of a supervisor who looks
    on ('' = nobody does). `position` is how far in the journal the handhelds have their tasks already.
    """

    url: str
    handhelds: tuple[Handheld, ...]
    rate: float
    warm_up: float
    seconds: float
    position: int = 0
    watch: str = ""


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """The generator has come to a `phase`: connecting, warm-up, measuring; `done` are handhelds, then answers."""

    phase: str
    done: int


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """What the handhelds heard.

    `acked` are durable answers while it was measured, of which `late_ms` has the time each took (ms, since it was
    sent or, on a schedule, since it was due); `answered` are all, with the warm-up. `refused` counts by code,
    `errors` by kind. `ran_out` are handhelds that had no scan left. `seen_ms` is
    how long after it was sent or due the supervisor saw each scan.
    """

    acked: int
    answered: int
    seconds: float
    late_ms: list[float]
    refused: dict[str, int]
    errors: dict[str, int]
    ran_out: int
    seen_ms: list[float] = []


Said = Moment | Heard
