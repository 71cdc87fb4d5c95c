"""What `pickwave bench scans` says, made of what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from server.bench.load import Heard
from server.bench.raw import Ceiling

PLACES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}


class Options(msgspec.Struct, frozen=True):
    """What to measure; `rate` 0 is a closed loop. `importing` is a file of orders to import meanwhile."""

    handhelds: int = 200
    seconds: float = 10.0
    database: str = ""
    rate: float = 0.0
    workers: int = 1
    importing: Path | None = None
    warm_up: float = 2.0


class Run(msgspec.Struct, frozen=True):
    """What the handhelds heard, what the server used meanwhile, how many scans it has, and what was imported."""

    heard: Heard
    cores: float
    rss_mb: float
    peak_mb: float
    idle_mb: float
    scan_rows: int
    imported_lines: int = 0
    importing_s: float = 0.0


class Figures(msgspec.Struct, frozen=True):
    """What was measured. Times in ms, rates a second, memory in MB (10^6 bytes), all server processes together.

    `ratio` is acked_per_s over raw_group_per_s: the same statements without a server; `raw_writes_per_s` leaves out
    what they read. `rss_mb` is the sum of the processes' peaks. `scan_rows` are the server's rows for `answered`,
    which counts the warm-up too. `rows_per_scan` are written, by table.
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
    importing: str
    imported_lines: int
    importing_s: float


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Give the median and the high percentiles, rounded to 0.01; nothing of nothing."""
    ranked = sorted(values)
    last = len(ranked) - 1
    return {name: round(ranked[min(last, int(len(ranked) * part))], 2) for name, part in PLACES.items() if ranked}


def figures(options: Options, run: Run, most: Ceiling, synced: float) -> Figures:
    """Put together what was measured."""
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
        rss_mb=run.peak_mb,
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
        database="postgresql" if options.database else "sqlite",
        importing=options.importing.name if options.importing else "",
        imported_lines=run.imported_lines,
        importing_s=round(run.importing_s, 1),
    )
