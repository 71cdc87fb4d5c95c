"""How a simulated scale answers each MT-SICS command: a platform in, a line out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scanner_client.scale.platform import Platform
from scanner_client.scale.reading import GRAMS

DIGITS: Final[Mapping[str, int]] = {"g": 0, "kg": 3, "lb": 3, "oz": 2}
"""Digits after the point that a scale shows in each unit."""


def answer(platform: Platform, command: str) -> str:
    """Give the line that answers a command; `ES` for one that is not known."""
    reply = ANSWERS.get(command)
    return reply(platform) if reply else "ES"


def stable(platform: Platform) -> str:
    """S: the weight once the platform rests."""
    if platform.fault:
        return f"S {platform.fault}"
    return _weight(platform, "S S", platform.show()) if platform.settle() else "S I"


def now(platform: Platform) -> str:
    """SI: the weight as it is, D = still moving."""
    if platform.fault:
        return f"S {platform.fault}"
    return _weight(platform, "S S" if platform.is_stable else "S D", platform.show())


def zero(platform: Platform) -> str:
    """Z: what little stands there is zero from now on."""
    if not platform.settle():
        return "Z I"
    if abs(platform.gross) > platform.reach:
        return "Z +" if platform.gross > 0 else "Z -"
    platform.zero += platform.gross
    platform.tare = 0.0
    return "Z A"


def tare(platform: Platform) -> str:
    """T: what stands there is not counted from now on."""
    if not platform.settle():
        return "T I"
    if platform.fault or platform.gross < 0:
        return f"T {platform.fault or '-'}"
    platform.tare = 0.0
    platform.tare = platform.show()
    return _weight(platform, "T S", platform.tare)


def identity(platform: Platform) -> str:
    """I4: the serial number."""
    return f'I4 A "{platform.make.name}"'


def reset(platform: Platform) -> str:
    """@: as after switching on, but for the zero."""
    platform.tare = 0.0
    return identity(platform)


def _weight(platform: Platform, words: str, grams: float) -> str:
    unit = platform.make.unit
    number = f"{grams / float(GRAMS[unit]):.{DIGITS[unit]}f}"
    return f"{words} {number:>10} {unit}"


ANSWERS: Final[Mapping[str, Callable[[Platform], str]]] = {
    "S": stable,
    "SI": now,
    "Z": zero,
    "T": tare,
    "I4": identity,
    "@": reset,
}
