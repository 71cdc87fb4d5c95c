"""What every command and every view is made of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

MOST = 9_007_199_254_740_991
Whole = Annotated[int, Meta(ge=-MOST, le=MOST)]
"""A whole number that all sides hold exactly: JavaScript up to 2**53, SQLite and PostgreSQL up to 2**63."""
Count = Annotated[int, Meta(ge=0, le=MOST)]


def snake(name: str) -> str:
    """Turn a class name into the tag on the wire: `ConfirmPick` -> `confirm_pick`."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))


class Command(msgspec.Struct, frozen=True, tag_field="do", tag=snake, forbid_unknown_fields=True):
    """An imperative: somebody wants this done. The operation on the wire is the command itself."""


class View(msgspec.Struct, frozen=True):
    """Latest state as a screen shows it."""


Facts = dict[str, str | int | bool | None]


class Answer(View, frozen=True, tag_field="view", tag="answer"):
    """A small result of a command that no screen view covers."""

    facts: Facts
