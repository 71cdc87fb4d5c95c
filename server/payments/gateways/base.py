"""What a gateway must answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec


class Charge(msgspec.Struct, frozen=True):
    """A sum to capture: `amount` minor units of `currency`; `key` makes it idempotent at the gateway."""

    key: str
    order: str
    amount: int
    currency: str
    token: str


class Captured(msgspec.Struct, frozen=True):
    """A gateway's answer: `reference` is its own id; `declined` says why not ('' = captured)."""

    reference: str
    declined: str = ""


class Gateway(msgspec.Struct, frozen=True):
    """A way to be paid. `capture` runs in a job, outside any transaction."""

    id: str
    capture: Callable[[Charge], Awaitable[Captured]]
