"""pickwave import-products, import-layout, import-stock, import-orders: bad rows are named and written apart."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from server.cli.inside import CLI, inside
from server.cli.progress import bar
from server.house import House
from server.imports.bring import bring
from server.imports.files import digest, steps
from server.imports.model import Kind, RecordImport, Source
from server.kernel.ids import ulid
from server.kernel.rows import Rejected
from server.protocol.refusals import REFUSALS

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


def lines_of(path: Path) -> Iterator[bytes]:
    """Give a file's lines, unpacked where its name ends in .gz."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from file


def finish(found: list[Rejected], rejects: Path | None, done: str) -> None:
    """Say what was done; name what was not, write it to the rejects file, and exit 1 if there was any."""
    click.echo(done)
    for bad in found[:SHOWN]:
        where = f"row {bad.row}, column {bad.column}" if bad.row else bad.external_id
        click.echo(f"  {where}: {bad.code}: {REFUSALS.get(bad.code, '')} ({bad.value})", err=True)
    if len(found) > SHOWN:
        click.echo(f"  and {len(found) - SHOWN} more", err=True)
    if rejects:
        rejects.write_text("".join(f"{line.rstrip()}\n" for bad in found for line in bad.raw), encoding="utf-8")
    if found:
        sys.exit(1)


def _bring(files: Sequence[Path], kind: Kind, rejects: Path | None, done: str, **how: str) -> None:
    """Bring files in, each with a record of its own; the same file again changes nothing."""
    bad: list[Rejected] = []

    async def work(house: House) -> tuple[int, int]:
        accepted = returns = 0
        with bar(f"importing {kind}") as tick:
            for file in files:
                found = steps(kind, lines_of(file), digest(file.read_bytes()), **how)
                head = RecordImport(ulid(), kind, Source.CLI, how.get("channel", ""), file.name, CLI.user)
                report = await bring(house.bus, CLI, head, found, tick)
                bad.extend(report.rejected)
                accepted, returns = accepted + report.accepted, returns + report.returns
        return accepted, returns

    accepted, returns = inside(work)
    finish(bad, rejects, done.format(n=accepted - returns, returns=returns, bad=len(bad)))


REJECTS = click.option("--rejects", type=click.Path(path_type=Path), help="Write refused rows to this file.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--currency", default="GBP", show_default=True, help="Currency of prices without one.")
@REJECTS
def import_products(file: Path, currency: str, rejects: Path | None) -> None:
    """Import SKUs from CSV: sku, name, barcodes (CODE|CODE*UNITS), weight_g or weight_mg, sizes, tracking, price."""
    _bring([file], Kind.PRODUCTS, rejects, "{n} products imported, {bad} rejected", currency=currency)


@click.command()
@click.argument("file", type=FILE)
@REJECTS
def import_layout(file: Path, rejects: Path | None) -> None:
    """Import bins from CSV: site, zone, aisle, bin, x_mm, y_mm (or x_m, y_m), level, kind, check digits.

    Ways: kind way, from, to, metres, one_way, blocked; after the places that they join.
    """
    _bring([file], Kind.LAYOUT, rejects, "{n} bins imported, {bad} rejected")


@click.command()
@click.argument("file", type=FILE)
@REJECTS
def import_stock(file: Path, rejects: Path | None) -> None:
    """Import opening stock from CSV: site, bin, sku, quantity, lot, expiry."""
    _bring([file], Kind.STOCK, rejects, "{n} stock rows imported, {bad} rejected")


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--channel", default="csv", show_default=True, help="csv, shopify or woocommerce.")
@REJECTS
def import_orders(files: tuple[Path, ...], channel: str, rejects: Path | None) -> None:
    """Import orders from a channel's files (.gz is unpacked). A bad row refuses its whole order and no other."""
    _bring(files, Kind.ORDERS, rejects, "{n} orders imported, {returns} returns kept, {bad} rejected", channel=channel)
