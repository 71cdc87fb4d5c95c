"""`pickwave bench`: its benchmarks as subcommands; alone it runs them all and writes docs/bench.md."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from server.bench import growth as growth_bench
from server.bench import memory as memory_bench
from server.bench import reserve as reserve_bench
from server.bench import scans as scans_bench
from server.bench import supervisor as supervisor_bench
from server.bench import waves as waves_bench
from server.bench.figures import Options
from server.bench.importing import write_orders
from server.bench.plots import require_matplotlib
from server.bench.postgres import own_postgres
from server.bench.report import write
from server.bench.suite import Plan, run_all

FOLDER = click.Path(file_okay=False, path_type=Path)
IMPORTED = 42_000
T = TypeVar("T")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DATABASE = click.option("--database", default="", help="postgresql://USER:PASSWORD@HOST/NAME [default: SQLite].")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
SECONDS = click.option(
    "--seconds", type=click.FloatRange(0.5), default=10.0, show_default=True, help="How long it is measured."
)
WORKERS = click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Server processes.")


def handhelds_of(count: int) -> Callable[..., Any]:
    """Give the option for how many scan."""
    kind = click.IntRange(1, 20_000)
    return click.option("--handhelds", type=kind, default=count, show_default=True, help="How many scan.")


def rate_of(rate: float) -> Callable[..., Any]:
    """Give the option for scans a second on a fixed schedule."""
    kind = click.FloatRange(0.1)
    return click.option("--rate", type=kind, default=rate, show_default=True, help="Scans a second in total.")


@click.group(invoke_without_command=True)
@click.option("--into", type=FOLDER, default=Path("docs"), show_default=True, help="Where bench.md is written.")
@click.option("--importing", type=FILE, help="Orders (CSV) that are imported meanwhile [default: 42,000 made lines].")
@click.option("--database", default="", help="A PostgreSQL to measure too [default: one of our own, if installed].")
@SECONDS
@click.pass_context
def bench(context: click.Context, into: Path, importing: Path | None, database: str, seconds: float) -> None:
    """Measure the product on this machine; without a command everything, into docs/bench.md with plots."""
    if context.invoked_subcommand is None:
        require_matplotlib()
        with telling() as tell, tempfile.TemporaryDirectory(prefix="pickwave-bench-") as folder, ExitStack() as stack:
            orders = importing or write_orders(Path(folder) / "orders.csv", IMPORTED)
            postgres = database or stack.enter_context(own_postgres())
            found = run(run_all(Plan(orders, postgres, seconds), tell))
        click.echo(f"{write(found, into)} is written")


@bench.command()
@handhelds_of(200)
@SECONDS
@click.option("--rate", type=click.FloatRange(0), default=0.0, help="Scans a second in total [default: all they can].")
@WORKERS
@click.option("--importing", type=FILE, help="Import these orders (CSV) meanwhile, and measure until that is done.")
@DATABASE
@JSON
def scans(importing: Path | None, *, as_json: bool, **told: Any) -> None:
    """Durable, acknowledged scans: how many a second, how long each takes, beside raw group commit."""
    if importing and not told["rate"]:
        raise click.UsageError("--importing needs a --rate")
    options = Options(**told, importing=importing)
    with telling() as tell:
        figures, _ = run(scans_bench.measure(options, tell))
    show("Scans", figures, as_json=as_json)


@bench.command()
@handhelds_of(200)
@rate_of(100.0)
@SECONDS
@DATABASE
@JSON
def supervisor(*, as_json: bool, **told: Any) -> None:
    """How long until a watching supervisor sees a scan."""
    with telling() as tell:
        figures = run(supervisor_bench.measure(Options(**told), tell))
    show("Supervisor", figures, as_json=as_json)


@bench.command()
@handhelds_of(1_000)
@rate_of(300.0)
@SECONDS
@WORKERS
@DATABASE
@JSON
def memory(*, as_json: bool, **told: Any) -> None:
    """What the server holds with many handhelds connected and scanning."""
    with telling() as tell:
        figures = run(memory_bench.measure(Options(**told), tell))
    show("Memory", figures, as_json=as_json)


@bench.command()
@click.option("--orders", "sizes", type=click.IntRange(1), multiple=True, help="Past orders; may be repeated.")
@DATABASE
@JSON
def growth(sizes: tuple[int, ...], database: str, *, as_json: bool) -> None:
    """What a scan costs after 1,000 and after 1,000,000 past orders."""
    with telling() as tell:
        figures = run(growth_bench.measure(sizes or growth_bench.SIZES, database, tell))
    show("Growth", figures, as_json=as_json)


@bench.command()
@click.option("--wanted", type=click.IntRange(1), default=1_000, show_default=True, help="Reservations of one unit.")
@click.option("--units", type=click.IntRange(1), default=100, show_default=True, help="Units in stock.")
@click.option("--processes", type=click.IntRange(1, 32), default=4, show_default=True, help="Processes that reserve.")
@DATABASE
@JSON
def reserve(wanted: int, units: int, processes: int, database: str, *, as_json: bool) -> None:
    """Many orders want the same few units at once: exactly those are granted."""
    with telling() as tell:
        figures = run(reserve_bench.measure(wanted, units, processes, database, tell))
    show("Reservations", figures, as_json=as_json)


@bench.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option("--seconds", type=click.FloatRange(0), help="For each file [default: 10 for orders, 0.05 for a walk].")
@click.option("--two-block/--single-block", default=False, help="How text files are read.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw how the gaps fall, into this file.")
@JSON
def waves(folder: Path, seconds: float | None, plot: Path | None, *, two_block: bool, as_json: bool) -> None:
    """Solve a folder of planning problems, beside the best known lengths in its reference.csv or reference.json."""
    with telling() as tell:
        found = waves_bench.measure(folder, seconds, tell, two_block=two_block)
    if plot:
        waves_bench.draw(found, plot)
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        Console().print(waves_bench.table(found))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a benchmark; told to stop (SIGTERM), it takes its server and its database with it."""

    async def main() -> T:
        if task := asyncio.current_task():
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(main())
    except asyncio.CancelledError as stopped:
        raise click.Abort from stopped


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
