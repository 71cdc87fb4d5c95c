"""`pickwave bench`: its benchmarks as subcommands; alone it runs them all and writes docs/bench.md."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DATABASE = click.option("--database", default="", help="postgresql://USER:PASSWORD@HOST/NAME [default: SQLite].")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


@click.group()
def bench() -> None:
    """Measure the product on this machine (docs/bench.md)."""


@bench.command()
@click.option("--handhelds", type=click.IntRange(1, 20_000), default=200, show_default=True, help="How many scan.")
@click.option("--seconds", type=click.FloatRange(0.5), default=10.0, show_default=True, help="How long it is measured.")
@click.option("--rate", type=click.FloatRange(0), default=0.0, help="Scans a second in total [default: all they can].")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Server processes.")
@click.option("--importing", type=FILE, help="Import these orders meanwhile.")
@DATABASE
@JSON
def scans(
    handhelds: int,
    seconds: float,
    rate: float,
    workers: int,
    importing: Path | None,
    database: str,
    *,
    as_json: bool,
) -> None:
    """Durable, acknowledged scans: how many a second, how long each takes, beside raw group commit."""
    from server.bench.scans import Options, measure  # noqa: PLC0415 - `--help` need not wait for it

    options = Options(handhelds, seconds, database, rate, workers, importing)
    with telling() as tell:
        figures = asyncio.run(measure(options, tell))
    show("Scans", figures, as_json=as_json)


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Say on standard error how far it is."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("")
        yield lambda words: progress.update(task, description=words)


def show(title: str, figures: msgspec.Struct, *, as_json: bool) -> None:
    """Print figures, as a table or as JSON."""
    if as_json:
        click.echo(msgspec.json.encode(figures).decode())
        return
    table = Table(show_header=False, title=title)
    for name, value in msgspec.to_builtins(figures).items():
        table.add_row(name.replace("_", " "), said(value))
    Console().print(table)


def said(value: Any) -> str:
    """Write a figure for people."""
    return ", ".join(f"{name} {each}" for name, each in value.items()) if isinstance(value, dict) else str(value)
