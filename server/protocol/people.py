"""What a person tells of themselves."""

from __future__ import annotations

from typing import Literal

from server.protocol.base import Command

Language = Literal["de", "en", "es", "fr"]
"""The languages that the app and the joining page speak."""


class SetLanguage(Command, frozen=True):
    """Speak to me like this, at whatever device I sign in."""

    language: Language


PeopleCommand = SetLanguage
