"""State machines: a StrEnum and a table of transitions, checked when they are made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from server.kernel.refusal import Refusal

S = TypeVar("S", bound=StrEnum)


class Machine(Generic[S]):
    """What may follow what.

    `table` maps (state, event name) to the next state; every state of the enum must be reachable from `start`.
    """

    def __init__(self, name: str, start: S, table: Mapping[tuple[S, str], S]) -> None:
        """Check the table: ValueError names the states that nothing leads to."""
        self.name, self.start, self.table = name, start, dict(table)
        states = set(type(start))
        reached, todo = {start}, [start]
        while todo:
            here = todo.pop()
            found = {to for (frm, _), to in self.table.items() if frm == here} - reached
            reached |= found
            todo.extend(found)
        if lost := states - reached:
            raise ValueError(f"{name}: no way from {start} to {sorted(lost)}")

    def next(self, state: S, event: str) -> S:
        """Give the state after `event`; Refusal `not_in_state` where the table has no such row."""
        to = self.table.get((state, event))
        if to is None:
            raise Refusal("not_in_state", machine=self.name, state=str(state), event=event)
        return to

    def allows(self, state: S, event: str) -> bool:
        """Tell whether `event` may happen in `state`."""
        return (state, event) in self.table
