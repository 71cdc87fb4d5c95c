"""How fast a floor has been of late, by the minute, and where its phones lose the server."""

from __future__ import annotations

from collections import defaultdict

from server.db.engine import Database
from server.kernel.clock import SECOND
from server.protocol.base import View

MINUTE = 60 * SECOND
MINUTES = 60
LATE = 10 * SECOND
"""A scan that took so much longer to arrive than its device's quickest one was made out of the server's reach."""
BY_MINUTE = """
SELECT s.user, s.at / 60000 AS minute, count(*) AS scans, count(CASE WHEN s.refusal <> '' THEN 1 END) AS refusals
FROM scan s WHERE s.site = ? AND s.at >= ? GROUP BY s.user, s.at / 60000
"""
DROPS = """
SELECT p.bin, count(*) AS scans
FROM scan s JOIN pick_line p ON p.id = s.line
JOIN (SELECT device, min(at - device_at) AS quick FROM scan WHERE site = ? AND at >= ? GROUP BY device) d
  ON d.device = s.device
WHERE s.site = ? AND s.at >= ? AND s.at - s.device_at - d.quick > ? GROUP BY p.bin ORDER BY scans DESC, p.bin LIMIT 100
"""


class PersonPace(View, frozen=True):
    """A person's scans, minute by minute."""

    user: str
    scans: tuple[int, ...]


class Drop(View, frozen=True):
    """Scans at a bin that could not be sent at once."""

    bin: str
    scans: int


class Pace(View, frozen=True):
    """The last hour: `since` is the first minute's begin (ms UTC), the last minute is the one that runs."""

    since: int
    scans: tuple[int, ...]
    refusals: tuple[int, ...]
    people: tuple[PersonPace, ...]
    drops: tuple[Drop, ...]


async def pace(database: Database, site: str, now: int) -> Pace:
    """Give the last hour of a site by the minute."""
    first = now // MINUTE - MINUTES + 1
    since = first * MINUTE
    scans, refusals = [0] * MINUTES, [0] * MINUTES
    people: dict[str, list[int]] = defaultdict(lambda: [0] * MINUTES)
    for row in await database.read(BY_MINUTE, (site, since)):
        minute = min(row["minute"] - first, MINUTES - 1)
        scans[minute] += row["scans"]
        refusals[minute] += row["refusals"]
        people[row["user"]][minute] += row["scans"]
    drops = await database.read(DROPS, (site, since, site, since, LATE))
    return Pace(
        since=since,
        scans=tuple(scans),
        refusals=tuple(refusals),
        people=tuple(PersonPace(user, tuple(each)) for user, each in sorted(people.items())),
        drops=tuple(Drop(**row) for row in drops),
    )
