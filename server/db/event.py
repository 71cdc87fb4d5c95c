"""What happened, as a value: events are declared in each slice's model.py."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="event", tag=True):
    """Something that happened. The first field of every event is the id of what it happened to."""

    @property
    def subject(self) -> str:
        """The id of what it happened to."""
        return str(getattr(self, self.__struct_fields__[0]))


class Emitted(msgspec.Struct, frozen=True):
    """An event with who may see it: audiences such as `user:ID`, `floor:SITE`, `station:ID`."""

    event: Event
    audiences: tuple[str, ...]
