"""Refusals in words, for people at a terminal."""

from __future__ import annotations

from server.kernel.refusal import Refusal
from server.protocol.refusals import REFUSALS


def explained(refusal: Refusal) -> str:
    """Give what was refused, why, and the facts: `not_found: there is no such thing (kind=site, id=NORTH)`."""
    facts = ", ".join(f"{name}={value}" for name, value in refusal.facts.items() if value != "")
    return f"{refusal.code}: {REFUSALS.get(refusal.code, 'refused')}" + (f" ({facts})" if facts else "")
