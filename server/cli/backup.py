"""pickwave backup, pickwave restore: one file of everything, from and to either engine."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import click

from server.cli.inside import inside
from server.cli.progress import bar
from server.db import backup as files
from server.db import restore as loading
from server.db.audit import audit
from server.db.engine import open_database
from server.house import House
from server.kernel.clock import iso, now
from server.schema import TABLES
from server.settings import load
from server.stock.recount import recount

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write all that the database holds to FILE (a gzip), as it is at this instant, while the server runs."""

    async def work(house: House) -> tuple[files.Header, int]:
        with bar("rows") as progress:
            return await files.backup(house.database, TABLES, file, now(), progress)

    header, rows = inside(work)
    click.echo(f"{file}: {rows} rows of {len(TABLES)} tables, journal at {header.position}")


@click.command()
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Replace what the database holds; otherwise it must be empty.")
def restore(file: Path, *, replace: bool) -> None:
    """Load a backup into the database, once the file is proven whole, and prove the book. Stop the server first."""
    header, rows, wrong = asyncio.run(_restore(file, replace=replace))
    click.echo(f"{rows} rows of {iso(header.at)}, journal at {header.position}: {wrong or 'sound'}")
    sys.exit(1 if wrong else 0)


async def _restore(file: Path, *, replace: bool) -> tuple[files.Header, int, str]:
    database = await open_database(load(os.environ).database_url)
    try:
        with bar("rows") as progress:
            header, rows = await loading.restore(database, TABLES, file, progress, replace=replace)
        await audit(database)
        differences = await recount(database)
    finally:
        await database.close()
    return header, rows, f"{len(differences)} differences between ledger and balances" if differences else ""
