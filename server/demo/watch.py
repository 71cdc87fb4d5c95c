"""What the committed database says while the day runs: how far it is, and whether anything is left to do."""

from __future__ import annotations

from pathlib import Path

import msgspec

from server.db.sqlite import connect

LINES = "SELECT state, count(*) FROM order_line WHERE goods GROUP BY state"
WORK = """
SELECT (SELECT count(*) FROM task WHERE state IN ('offered', 'active')),
       (SELECT count(*) FROM task WHERE state = 'offered'),
       (SELECT count(*) FROM job WHERE state = 'waiting' AND kind NOT IN ('tell_stock', 'tell_tracking')),
       (SELECT count(*) FROM shipment WHERE state = 'allocated' AND wave = ''),
       (SELECT coalesce(max(value), 0) FROM counter WHERE name = 'journal')
"""
BEFORE_DOOR = ("received", "paid", "allocated", "released", "picking", "withdrawing", "picked")
ENDED = ("shipped", "back_ordered", "on_hold", "cancelled")


class Now(msgspec.Struct, frozen=True):
    """The state of the day: goods lines by state, open and offered tasks, jobs, shipments to plan, journal."""

    lines: dict[str, int]
    tasks: int
    offered: int
    jobs: int
    plannable: int
    position: int

    @property
    def ended(self) -> int:
        """Lines for which nothing more will happen by itself."""
        return sum(self.lines.get(state, 0) for state in ENDED)

    @property
    def before_door(self) -> int:
        """Lines that are not in a parcel yet."""
        return sum(self.lines.get(state, 0) for state in BEFORE_DOOR)

    @property
    def settled(self) -> bool:
        """Tell whether everything has left or waits for goods."""
        return not (self.tasks or self.jobs or self.plannable or self.before_door or self.lines.get("packed"))


class Watch:
    """A reader of the server's database; it changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._database = connect(str(folder / "pickwave.db"), readonly=True)

    def now(self) -> Now:
        """Read the state of the day."""
        lines = dict(self._database.execute(LINES).fetchall())
        return Now(lines, *self._database.execute(WORK).fetchone())

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
