"""A gateway for tests and training: it captures everything but the token `decline`."""

from __future__ import annotations

from server.payments.gateways.base import Captured, Charge, Gateway


async def capture(charge: Charge) -> Captured:
    """Answer at once, and the same for the same key."""
    if charge.token == "decline":  # noqa: S105 - a word, not a secret
        return Captured(reference="", declined="card_declined")
    return Captured(reference=f"test-{charge.key}")


GATEWAY = Gateway("test", capture)
