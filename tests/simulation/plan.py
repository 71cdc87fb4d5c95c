"""A history before it is played: who does something, and with which dice. Dropping a step leaves the others' dice."""

from __future__ import annotations

from random import Random

import msgspec

LENGTH = 150


class Step(msgspec.Struct, frozen=True):
    """Something that somebody does; what exactly, its dice and the house as it then is decide."""

    hand: str
    dice: int


class Plan(msgspec.Struct, frozen=True):
    """A history's steps, on the site whose policy `seed` chose."""

    seed: int
    steps: tuple[Step, ...]


OFTEN: dict[str, int] = {
    "order": 9,
    "amend": 6,
    "office": 4,
    "resume": 2,
    "pay": 2,
    "plan_wave": 4,
    "morning": 5,
    "release_wave": 5,
    "supervise": 3,
    "resume_wave": 2,
    "lose_device": 1,
    "take": 15,
    "walk": 36,
    "fumble": 9,
    "rush": 5,
    "go_offline": 3,
    "come_online": 4,
    "receive": 4,
    "count": 2,
    "block": 1,
    "open_pack": 12,
    "put_in": 15,
    "send": 12,
    "put_right": 5,
    "drive": 3,
    "jobs": 20,
    "think": 2,
    "hand_in": 2,
    "tend": 2,
    "wait": 6,
    "night": 1,
}
"""What happens in a history, and how often."""

BEGINNING = ("order", "order", "order", "morning", "take", "take")


def a_plan(seed: int, length: int = LENGTH) -> Plan:
    """Make the history of a seed."""
    dice = Random(seed)
    hands = (*BEGINNING, *dice.choices(list(OFTEN), list(OFTEN.values()), k=length))
    return Plan(seed, tuple(Step(hand, dice.getrandbits(32)) for hand in hands))
