"""The floor as a supervisor sees it: waves, people, stations, refusals, and how fast it has been of late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from server.db.engine import Database
from server.kernel.clock import DAY, MINUTE, SECOND
from server.protocol.base import View
from server.protocol.frames import Progress
from server.protocol.waves import PickerView, RefusalCount, StationView, WaveView

Row = Mapping[str, Any]
WAVES = """
SELECT w.id, w.name, w.site, w.state, w.carrier, w.cut_off, w.shipments, w.walk_mm, w.units, w.released_at,
       w.tasks AS planned_tasks, w.lines AS planned_lines,
       count(DISTINCT CASE WHEN t.state <> 'withdrawn' THEN t.id END) AS tasks,
       count(DISTINCT CASE WHEN t.state = 'done' THEN t.id END) AS tasks_done,
       count(p.id) AS lines, count(CASE WHEN p.state <> 'open' THEN 1 END) AS lines_done,
       count(CASE WHEN p.state = 'short' THEN 1 END) AS lines_short, max(p.picked_at) AS last_at
FROM wave w LEFT JOIN task t ON t.wave = w.id LEFT JOIN pick_line p ON p.task = t.id
WHERE w.site = ? AND (w.state IN ('planning', 'planned', 'released', 'held') OR w.done_at > ?)
GROUP BY w.id ORDER BY w.created_at DESC LIMIT 20
"""
PICKERS = """
SELECT s.user, u.name, max(s.device) AS device, max(s.at) AS last_at, count(*) AS scans,
       count(CASE WHEN s.refusal <> '' THEN 1 END) AS refusals
FROM scan s LEFT JOIN users u ON u.id = s.user WHERE s.site = ? AND s.at > ? GROUP BY s.user, u.name
"""
AT = """
SELECT t.assignee AS user, u.name, t.device, t.id AS task,
       (SELECT p.bin FROM pick_line p WHERE p.task = t.id AND p.picked_at > 0
        ORDER BY p.picked_at DESC LIMIT 1) AS bin,
       (SELECT count(*) FROM pick_line p WHERE p.task = t.id AND p.state = 'short') AS shorts
FROM task t LEFT JOIN users u ON u.id = t.assignee WHERE t.site = ? AND t.state = 'active'
"""
STATIONS = """
SELECT st.id, st.name, count(r.id) AS readings, max(r.at) AS last_at,
       count(DISTINCT CASE WHEN r.refusal = '' THEN r.parcel END) AS parcels,
       count(CASE WHEN r.refusal = 'weight_mismatch' THEN 1 END) AS blocks
FROM station st LEFT JOIN weight_reading r ON r.station = st.id AND r.at > ?
WHERE st.site = ? GROUP BY st.id, st.name ORDER BY st.id
"""
REFUSALS = """
SELECT refusal AS code, count(*) AS count FROM scan WHERE site = ? AND at > ? AND refusal <> ''
GROUP BY refusal ORDER BY count DESC LIMIT 12
"""
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


async def floor(database: Database, site: str, now: int, waiting: Mapping[str, int]) -> Progress:
    """Draw a site as of `now`; `waiting` are operations not yet sent, by user who is online."""
    since = now - DAY
    return Progress(
        at=now,
        site=site,
        waves=await waves(database, site, now),
        pickers=await _pickers(database, site, since, waiting),
        stations=await _stations(database, site, since),
        refusals=tuple(RefusalCount(**row) for row in await database.read(REFUSALS, (site, since))),
    )


async def waves(database: Database, site: str, now: int) -> tuple[WaveView, ...]:
    """Give a site's waves that are planned, on the floor, or were done today."""
    result = []
    for row in await database.read(WAVES, (site, now - DAY)):
        tasks, lines = row["tasks"] or row["planned_tasks"], row["lines"] or row["planned_lines"]
        finish = projected(row["released_at"], row["last_at"] or 0, row["lines_done"], lines)
        kept = {name: row[name] for name in ("id", "name", "site", "state", "carrier", "cut_off", "shipments")}
        done = {name: row[name] for name in ("tasks_done", "lines_done", "lines_short", "units", "walk_mm")}
        result.append(WaveView(**kept, **done, tasks=tasks, lines=lines, finish_at=finish))
    return tuple(result)


def projected(started: int, last: int, done: int, lines: int) -> int:
    """Project when a wave is finished at its pace so far (ms UTC); 0 before the first line is done."""
    if not done or last <= started:
        return 0
    return last if done >= lines else last + (last - started) * (lines - done) // done


async def _pickers(database: Database, site: str, since: int, waiting: Mapping[str, int]) -> tuple[PickerView, ...]:
    """Give who scanned today or has a task in hand."""
    working = {row["user"]: row for row in await database.read(AT, (site,))}
    scanning = {row["user"]: row for row in await database.read(PICKERS, (site, since))}
    users = sorted({*working, *scanning})
    return tuple(_picker(user, working.get(user, {}), scanning.get(user, {}), waiting) for user in users)


def _picker(user: str, task: Row, scans: Row, waiting: Mapping[str, int]) -> PickerView:
    """Put together what is known of a person; `task` and `scans` are empty where there is nothing."""
    return PickerView(
        user=user,
        name=scans.get("name") or task.get("name") or user,
        device=task.get("device") or scans.get("device") or "",
        online=user in waiting,
        task=task.get("task") or "",
        bin=task.get("bin") or "",
        last_scan_at=scans.get("last_at") or 0,
        scans=scans.get("scans") or 0,
        refusals=scans.get("refusals") or 0,
        shorts=task.get("shorts") or 0,
        waiting=waiting.get(user, 0),
    )


async def _stations(database: Database, site: str, since: int) -> tuple[StationView, ...]:
    rows = await database.read(STATIONS, (since, site))
    return tuple(StationView(r["id"], r["name"], r["parcels"], r["blocks"], r["last_at"] or 0) for r in rows)


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
