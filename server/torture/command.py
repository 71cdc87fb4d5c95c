"""pickwave torture."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from server.torture.options import Options
from server.torture.report import CHECKS, Report
from server.torture.run import run

Bar = Callable[[str, int, int], object]


@click.command()
@click.option("--minutes", type=click.FloatRange(0), default=None, help="At most so long [default: 1, or no end].")
@click.option("--kills", type=click.IntRange(0), default=0, help="End after so many kills.")
@click.option("--seed", default=1, show_default=True, help="What chooses the faults, their instants, what people do.")
@click.option("--handhelds", type=click.IntRange(1, 100), default=8, show_default=True, help="Pickers at work.")
@click.option("--database", default="", help="A PostgreSQL to torture [default: a fresh SQLite file].")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def torture(minutes: float | None, kills: int, seed: int, handhelds: int, database: str, *, as_json: bool) -> None:
    """Kill the server again and again under load behind a bad network, then prove that no scan was lost or doubled.

    Exit 1 when a check fails, with the seed and the first evidence (docs/torture.md).
    """
    limit = (0.0 if kills else 1.0) if minutes is None else minutes
    if not limit and not kills:
        raise click.UsageError("name an end: --minutes or --kills")
    with _bar() as bar, _ends_whole():
        report = asyncio.run(run(Options(seed, limit, kills, handhelds, database), bar))
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        _table(report)
    if not report.ok:
        click.echo(f"pickwave: torture failed with --seed {report.seed}", err=True)
        for line in report.evidence:
            click.echo(f"  {line}", err=True)
        sys.exit(1)


@contextmanager
def _ends_whole() -> Iterator[None]:
    """Told to end (SIGTERM), end the server too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar() -> Iterator[Bar]:
    """Show on standard error how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("")
        yield lambda phase, done, total: progress.update(task, description=phase, completed=done, total=total or None)


def _table(report: Report) -> None:
    """Show what was done, then the checks."""
    table = Table(show_header=False, title="Torture")
    for name, value in msgspec.to_builtins(report).items():
        if name != "evidence":
            said = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            bad = name in CHECKS and value
            table.add_row(name.replace("_", " "), f"[red]{said}" if bad else said)
    Console().print(table)
