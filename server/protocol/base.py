"""What every command and every view is made of."""

from __future__ import annotations

import msgspec


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
