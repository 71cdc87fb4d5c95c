"""What waits for the writer: the floor's scans, and bulk work that takes turns with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from server.db.item import Item
from server.kernel.refusal import Busy

MOST = 256
MOST_PASSED = 4
"""So often in a row the floor's groups pass bulk work that waits."""
MOST_BULK = 32
"""Bulk work is taken a little at a time: what the floor sends meanwhile waits for that only."""


class Queues:
    """Two queues: the floor's goes first, yet never more than a few times in a row while bulk work waits."""

    def __init__(self) -> None:
        """Start empty."""
        self.urgent: deque[Item] = deque()
        self.bulk: deque[Item] = deque()
        self._passed = 0

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
        """Give the next group: the floor's scans, or bulk work where there are none or it was passed often enough."""
        if self.bulk and (not self.urgent or self._passed >= MOST_PASSED):
            self._passed, queue, most = 0, self.bulk, MOST_BULK
        else:
            self._passed, queue, most = self._passed + 1, self.urgent, MOST
        return [queue.popleft() for _ in range(min(len(queue), most))]

    def fail_all(self, error: Busy) -> None:
        """Tell all who wait that nothing was stored."""
        for item in (*self.urgent, *self.bulk):
            item.fail(error)
        self.urgent.clear()
        self.bulk.clear()
