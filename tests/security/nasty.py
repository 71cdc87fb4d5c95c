"""Frames as nobody should send them, from a seed: noise, frames cut short, good ones with something wrong in them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import inspect

from server.kernel.ids import ulid
from server.protocol.frames import ClientFrame
from tests.security.samples import Sampler

VALUES: tuple[Any, ...] = (
    *(None, True, "", 0, -1, 1.5, 1e308, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**400),
    *([], {}, [[]], {"do": "scan"}, "\x00", "a\x00b", "\x1f\x7f", "\u202e\ufeff", "é" * 64, "x" * 70_000),
    *("'; DROP TABLE users; --", "../../etc/passwd", "${jndi:ldap://x}", "=1+1", "%s%n", "\U0001f4a9" * 20),
)
TEXTS: tuple[bytes, ...] = (
    *(b"", b"null", b"[]", b"{}", b"0", b'"', b"[" * 5_000, b'{"t":' * 5_000, b"\xff\xfe", b"\xed\xa0\x80"),
    *(b'{"t":"op","op_id":"\\ud800","seq":1}', b'{"t":"ping","n":1e999}', b'{"t":"ping","n":NaN}', b"\x00" * 64),
    *(b'{"t":"ping","n":1,"n":-1}', b'{"t":"ping","n":' + b"9" * 5_000 + b"}", b'{"t":"hello"' + b" " * 70_000 + b"}"),
)
FRAME = inspect.type_info(ClientFrame)
OP = next(kind for kind in FRAME.types if kind.cls.__name__ == "Op")  # type: ignore[attr-defined]


def frame(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    """Give the next frame; `seq` is what the server expects next of the device, so that many operations are tried."""
    return dice.choice(WAYS)(dice, words, seq)


def good(dice: random.Random, words: Sequence[str], seq: int) -> dict[str, Any]:
    """Give a frame that is understood; operations carry the right number and a name of their own."""
    made: dict[str, Any] = Sampler(dice, words).of(OP if dice.random() < 0.7 else FRAME)
    if made["t"] == "op":
        made |= {"op_id": ulid(), "seq": seq}
    return made


def understood(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    return msgspec.json.encode(good(dice, words, seq))


def wrong_value(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    """One field, at any depth, has a value it should not have; or one too many."""
    made = good(dice, words, seq)
    spot = made["cmd"] if "cmd" in made and dice.random() < 0.7 else made
    spot[dice.choice([*spot, "unknown"])] = dice.choice(VALUES)
    return encoded(made)


def field_missing(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    made = good(dice, words, seq)
    spot = made.get("cmd", made)
    del spot[dice.choice(list(spot))]
    return encoded(made)


def cut(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    data = understood(dice, words, seq)
    return data[: dice.randrange(len(data))]


def flipped(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    data = bytearray(understood(dice, words, seq))
    for _ in range(dice.randint(1, 4)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def doubled(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    return understood(dice, words, seq) * 2


def noise(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    return dice.randbytes(dice.randrange(1, 300))


def known_evil(dice: random.Random, words: Sequence[str], seq: int) -> bytes:
    return dice.choice(TEXTS)


def encoded(made: Any) -> bytes:
    """Encode as JSON; whole numbers of any length, too."""
    if isinstance(made, dict):
        return b"{" + b",".join(encoded(key) + b":" + encoded(value) for key, value in made.items()) + b"}"
    return str(made).encode() if type(made) is int else msgspec.json.encode(made)


WAYS: tuple[Callable[[random.Random, Sequence[str], int], bytes], ...] = (
    *(understood, understood, wrong_value, wrong_value, wrong_value),
    *(field_missing, cut, flipped, doubled, noise, known_evil),
)
