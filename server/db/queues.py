"""What waits for the writer: the floor's scans, and bulk work that takes turns with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from server.db.item import Item
from server.kernel.refusal import Busy

MOST = 256
MOST_BULK = 16
"""Bulk work is taken a little at a time: what the floor sends meanwhile waits for that only."""


class Queues:
    """Two queues; neither is kept waiting by the other."""

    def __init__(self) -> None:
        """Start empty."""
        self.urgent: deque[Item] = deque()
        self.bulk: deque[Item] = deque()
        self._was_urgent = False

    def __len__(self) -> int:
        """How many commands wait."""
        return len(self.urgent) + len(self.bulk)

    def put(self, item: Item) -> None:
        """Take a command in."""
        (self.bulk if item.bulk else self.urgent).append(item)

    def put_back(self, late: Iterable[Item]) -> None:
        """Take bulk work back that had to give way; it is first again."""
        self.bulk.extendleft(reversed(list(late)))

    def next_group(self) -> list[Item]:
        """Give the next group: the floor's scans first, then bulk work in turn with them."""
        bulk_is_due = self.bulk and (self._was_urgent or not self.urgent)
        queue = self.bulk if bulk_is_due else self.urgent
        self._was_urgent = queue is self.urgent
        return [queue.popleft() for _ in range(min(len(queue), MOST if self._was_urgent else MOST_BULK))]

    def fail_all(self, error: Busy) -> None:
        """Tell all who wait that nothing was stored."""
        for item in (*self.urgent, *self.bulk):
            item.fail(error)
        self.urgent.clear()
        self.bulk.clear()
