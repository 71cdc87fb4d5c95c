"""docs/bench.md: each figure with the command that gives it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.bench.bars import bars, command
from server.bench.figures import Figures
from server.bench.machine import machine
from server.bench.method import METHOD
from server.bench.plots import PLOTS
from server.bench.recording import GROUP
from server.bench.suite import Found

PICTURES = "bench"


def write(found: Found, folder: Path) -> Path:
    """Write bench.md and its plots into a folder; gives the page."""
    pictures = folder / PICTURES
    pictures.mkdir(parents=True, exist_ok=True)
    for name, draw in PLOTS.items():
        draw(found, pictures / f"{name}.svg")
    page = folder / "bench.md"
    page.write_text("\n".join(_page(found)) + "\n", encoding="utf-8")
    return page


def _page(found: Found) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield f"Measured on {datetime.now(UTC):%Y-%m-%d} by `pickwave bench`, which wrote this page."
    yield ""
    yield from table(("", ""), {**machine(), "PostgreSQL": found.postgres or "not measured"}.items())
    yield from _section("Bars", ("what", "bar", "aim", "found", "", "command"), _bars(found))
    yield from _picture("Time to the acknowledgement", "latency")
    yield from _section("Scans", SCANS, _scans(found))
    yield from _picture("Acknowledged scans a second by handhelds", "throughput")
    yield from _costs(found)
    yield from _growth(found)
    yield METHOD.rstrip()


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Write a table in Markdown, and an empty line."""
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(str(cell) for cell in cells)} |"
    yield ""


def _section(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield from table(head, rows)


def _picture(title: str, name: str) -> Iterator[str]:
    yield f"![{title}]({PICTURES}/{name}.svg)"
    yield ""


def _bars(found: Found) -> Iterator[Sequence[Any]]:
    for each in bars(found):
        yield (
            *(each.what, f"{each.sense} {each.bar:g}{each.unit}", f"{each.aim:g}{each.unit}"),
            *(f"{each.found:g}{each.unit}", each.verdict, f"`{each.command}`"),
        )


SCANS = ("run", "acked/s", "p50 ms", "p99 ms", "raw group/s", "ratio", "fdatasync/s", "cores", "MB", "command")


def _scans(found: Found) -> Iterator[Sequence[Any]]:
    for name, each in found.scans.items():
        figures = (each.acked_per_s, each.ack_ms["p50"], each.ack_ms["p99"], each.raw_group_per_s, each.ratio)
        used = (each.fdatasync_per_s, each.server_cpu_cores, each.rss_mb)
        yield (name, *(f"{figure:,g}" for figure in (*figures, *used)), f"`{command(found.options[name])}`")


def _costs(found: Found) -> Iterator[str]:
    """Tell what a scan costs the database."""
    each = found.scans["closed loop"]
    yield "## What a scan costs the database"
    yield ""
    yield f"{each.statements_per_group:g} statements for a group of {GROUP} scans: {each.statements_per_scan:g} a scan."
    yield f"Rows a scan, by table (`{command(found.options['closed loop'])}`):"
    yield ""
    yield from table(("table", "written", "read"), _rows(each))


def _rows(each: Figures) -> Iterator[Sequence[Any]]:
    for name in sorted({*each.rows_per_scan, *each.rows_read_per_scan}):
        yield (f"`{name}`", each.rows_per_scan.get(name, 0), each.rows_read_per_scan.get(name, 0))


def _growth(found: Found) -> Iterator[str]:
    """Tell what a scan costs by past orders."""
    if not found.growth:
        return
    head = ("past orders", "processor µs a scan", "clock µs a scan", "statements a scan", "rows written", "rows read")
    rows = ((f"{p.orders:,}", *(f"{x:g}" for x in _figures_of(p))) for p in found.growth.points)
    yield from _section("As the data grows", head, rows)
    yield "`pickwave bench growth` (in-process, groups of 128; the median group)."
    yield ""
    yield from _picture("Cost of a scan by past orders", "growth")


def _figures_of(point: Any) -> tuple[float, ...]:
    return (
        *(point.cpu_us, point.wall_us, point.statements_per_scan),
        *(point.rows_written_per_scan, point.rows_read_per_scan),
    )
