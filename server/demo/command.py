"""pickwave demo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from server.demo.day import run
from server.demo.figures import Report
from server.demo.options import DemoOptions

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
WEEK = 7
Bar = Callable[[str, int, int], object]


@click.command()
@click.option("--orders", "files", type=FILE, required=True, multiple=True, help="A file of orders; may be repeated.")
@click.argument("more", type=FILE, nargs=-1)
@click.option("--channel", default="csv", show_default=True, help="What the files are: csv, shopify or woocommerce.")
@click.option("--days", type=click.IntRange(0), default=0, help="Only so many days from the first order on.")
@click.option("--weeks", type=click.IntRange(0), default=0, help="The same in weeks.")
@click.option("--handhelds", type=click.IntRange(1, 500), default=20, show_default=True, help="Pickers at work.")
@click.option("--stations", type=click.IntRange(1, 50), default=8, show_default=True, help="Pack stations at work.")
@click.option(
    "--fill", type=click.FloatRange(0, 10), default=0.98, show_default=True, help="Stock as a share of demand."
)
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same mistakes.")
@click.option("--keep", type=FOLDER, help="An empty folder to keep database, labels and logs in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def demo(
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    channel: str,
    days: int,
    weeks: int,
    handhelds: int,
    stations: int,
    fill: float,
    seed: int,
    keep: Path | None,
    *,
    as_json: bool,
) -> None:
    """Run a whole day against a real server: import, pick, pack, weigh, label, ship (docs/demo.md)."""
    if keep and keep.exists() and any(keep.iterdir()):
        raise click.BadParameter(f"{keep} is not empty", param_hint="--keep")
    options = DemoOptions(
        (*files, *more), channel, days or weeks * WEEK, handhelds, stations, fill=fill, seed=seed, keep=keep
    )
    with _bar() as bar:
        report = asyncio.run(run(options, bar))
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        _table(report)


@contextmanager
def _bar() -> Iterator[Bar]:
    """Show on standard error how far the day is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("")
        yield lambda phase, done, total: progress.update(task, description=phase, completed=done, total=total or None)


def _table(report: Report) -> None:

    table = Table(show_header=False, title="The day")
    for name in report.__struct_fields__:
        value = msgspec.to_builtins(getattr(report, name))
        said = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        table.add_row(name.replace("_", " "), str(said))
    Console().print(table)
