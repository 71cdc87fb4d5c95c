"""`pickwave bench scans`: durable, acknowledged scans of the real product, beside what the machine could do at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from server.app import WIRING
from server.bench.disk import fdatasync_per_second
from server.bench.drive import drive
from server.bench.floor import lay_floor
from server.bench.goods import lay_goods, sign_in
from server.bench.load import Handheld, Heard, Load, Moment
from server.bench.raw import Ceiling, ceiling
from server.bench.stand import Stand, serving, stand
from server.bench.usage import Usage, usage
from server.db.engine import open_database
from server.house import open_house
from server.kernel.clock import now
from server.settings import load as settings_of

MOST_PER_SECOND = 12_000
"""Scans laid for each second without a rate: more than one process answers."""
LEAST = 8_000
"""Scans laid in any case, so that there are enough to record."""
WARM_UP = 2.0
Tell = Callable[[str], None]


class Options(msgspec.Struct, frozen=True):
    """What to measure; `rate` 0 is a closed loop. `importing` is a file of orders to import meanwhile."""

    handhelds: int = 200
    seconds: float = 10.0
    database: str = ""
    rate: float = 0.0
    workers: int = 1
    importing: Path | None = None
    warm_up: float = WARM_UP


class Figures(msgspec.Struct, frozen=True):
    """What was measured. Times in ms, rates a second, memory in MB (10^6 bytes) as the processes' peaks together.

    `ratio` is acked_per_s over raw_group_per_s: the same statements without a server. `raw_writes_per_s` leaves out
    what they read. `scan_rows` are the server's rows for `answered`, which counts the warm-up too.
    """

    acked_per_s: float
    ack_ms: dict[str, float]
    raw_group_per_s: float
    ratio: float
    raw_writes_per_s: float
    fdatasync_per_s: float
    server_cpu_cores: float
    rss_mb: float
    statements_per_scan: float
    statements_per_group: float
    rows_per_scan: dict[str, float]
    rows_read_per_scan: dict[str, float]
    errors: dict[str, int]
    refused: dict[str, int]
    ran_out: int
    answered: int
    scan_rows: int
    handhelds: int
    seconds: float
    rate: float
    workers: int
    database: str


class Run(msgspec.Struct, frozen=True):
    """What the handhelds heard, what the server used meanwhile, and how many scans it has."""

    heard: Heard
    cores: float
    rss_mb: float
    scan_rows: int


async def measure(options: Options, tell: Tell) -> Figures:
    """Lay a floor, find the ceiling, then run the product; `tell` is told how far it is."""
    async with stand(options.database) as on:
        tell("laying the floor")
        handhelds = await lay(on, options.handhelds, _scans(options))
        tell("measuring the disk and raw group commit")
        synced = fdatasync_per_second(on.folder)
        most = await ceiling(on, handhelds)
        run = await play(on, handhelds, options, tell)
    return _figures(options, run, most, synced)


def _scans(options: Options) -> int:
    """Give how many scans each handheld needs at most."""
    seconds = options.seconds + options.warm_up
    return -(-max(LEAST, int((options.rate or MOST_PER_SECOND) * seconds)) // options.handhelds) + 1


async def lay(on: Stand, handhelds: int, scans: int) -> tuple[Handheld, ...]:
    """Lay the warehouse and the tasks into an empty database."""
    async with open_house(settings_of(on.env()), WIRING, now, work=False) as house:
        await lay_goods(house)
        people = await sign_in(house, handhelds)
        return await lay_floor(house.database, people, scans, now())


async def play(on: Stand, handhelds: Sequence[Handheld], options: Options, tell: Tell) -> Run:
    """Run server and generator on a laid floor."""
    marks: dict[str, Usage] = {}
    async with serving(on, options.workers) as (url, pid):

        def follow(moment: Moment) -> None:
            if moment.phase == "measured" or moment.phase not in marks:
                marks[moment.phase] = usage(pid)
            tell(f"{moment.phase}: {moment.done:,}")

        load = Load(url, tuple(handhelds), options.rate, options.warm_up, options.seconds)
        heard = await drive(load, on.folder, follow)
    cpu = marks["measured"].cpu_seconds - marks["measuring"].cpu_seconds
    return Run(heard, round(cpu / heard.seconds, 2), marks["measured"].peak_mb, await _scan_rows(on))


async def _scan_rows(on: Stand) -> int:
    """Count the scans that the database holds."""
    database = await open_database(on.database)
    try:
        return int((await database.rows("SELECT count(*) FROM scan"))[0][0])
    finally:
        await database.close()


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Give the median, the 99th percentile and the worst, rounded to 0.01; nothing of nothing."""
    ranked = sorted(values)
    places = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {
        name: round(ranked[min(len(ranked) - 1, int(len(ranked) * part))], 2) for name, part in places.items() if ranked
    }


def _figures(options: Options, run: Run, most: Ceiling, synced: float) -> Figures:
    heard, cost = run.heard, most.cost
    acked = heard.acked / heard.seconds
    return Figures(
        acked_per_s=round(acked, 1),
        ack_ms=percentiles(heard.late_ms),
        raw_group_per_s=most.group_per_s,
        ratio=round(acked / most.group_per_s, 3),
        raw_writes_per_s=most.writes_per_s,
        fdatasync_per_s=round(synced),
        server_cpu_cores=run.cores,
        rss_mb=run.rss_mb,
        statements_per_scan=cost.statements_per_scan,
        statements_per_group=cost.statements_per_group,
        rows_per_scan=cost.rows_written_per_scan,
        rows_read_per_scan=cost.rows_read_per_scan,
        errors=heard.errors,
        refused=heard.refused,
        ran_out=heard.ran_out,
        answered=heard.answered,
        scan_rows=run.scan_rows,
        handhelds=options.handhelds,
        seconds=round(heard.seconds, 2),
        rate=options.rate,
        workers=options.workers,
        database="sqlite" if not options.database else "postgresql",
    )
