"""pickwave import-products, import-layout, import-stock, import-orders: bad rows are named and written apart."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from server.catalog.files import ProductRow, products
from server.catalog.model import PutProduct, Tracking
from server.cli.inside import CLI, inside
from server.cli.progress import bar
from server.cli.say import explained
from server.house import House
from server.kernel.clock import from_datetime
from server.kernel.refusal import Refusal
from server.kernel.rows import Rejected
from server.orders.channels import channel as channel_kind
from server.orders.imports import bring_in
from server.protocol.base import Command
from server.protocol.refusals import REFUSALS
from server.sites.files import BinRow, layout
from server.sites.model import BinKind, PutBin
from server.stock.files import StockRow, stock
from server.stock.model import DIFFERENCE, ReceiveStock

AT_ONCE = 128
ToCommand = Callable[[Any], Command]
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN = 20


def lines_of(path: Path) -> Iterator[bytes]:
    """Give a file's lines, unpacked where its name ends in .gz."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        yield from file


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24]


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


def _bring(path: Path, rows: Iterable[Any], command: ToCommand, what: str, rejects: Path | None) -> None:
    """Perform one command a row; the same file again changes nothing."""
    bad: list[Rejected] = []
    key = f"{what}:{_digest(path)}"

    async def work(house: House) -> int:
        done = 0
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, row: Any) -> None:
            nonlocal done
            try:
                await house.bus.do(CLI, command(row), op_id=f"{key}:{number}", bulk=True)
                done += 1
            except Refusal as refusal:
                bad.append(Rejected(str(row), number, "", refusal.code, explained(refusal)))
            finally:
                limit.release()

        async with asyncio.TaskGroup() as group:
            with bar(f"importing {what}") as tick:
                for number, row in enumerate(rows, 1):
                    tick(1)
                    if isinstance(row, Rejected):
                        bad.append(row)
                        continue
                    await limit.acquire()
                    group.create_task(one(number, row))
        return done

    done = inside(work)
    finish(bad, rejects, f"{done} {what} imported, {len(bad)} rejected")


def _product(row: ProductRow) -> PutProduct:
    codes = tuple((code.code, code.units) for code in row.barcodes)
    return PutProduct(
        sku=row.sku,
        name=row.name,
        barcodes=codes,
        weight_mg=row.unit_mg or -1,
        weight_sd_mg=row.unit_sd_mg,
        length_mm=row.length_mm,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        tracking=Tracking(row.tracking),
        price=row.price,
        currency=row.currency,
        tax_class=row.tax_class,
    )


def _bin(row: BinRow) -> PutBin:
    facts = (row.zone, row.aisle, row.x_mm, row.y_mm, row.level, row.check_digits, BinKind(row.kind))
    return PutBin(row.site, row.bin, *facts)


def _stock(row: StockRow) -> ReceiveStock:
    expiry = from_datetime(datetime.fromisoformat(row.expiry)) if row.expiry else 0
    return ReceiveStock(f"{row.site}:{row.bin}", row.sku, row.quantity, row.lot, expiry, DIFFERENCE, "import")


REJECTS = click.option("--rejects", type=click.Path(path_type=Path), help="Write refused rows to this file.")


@click.command()
@click.argument("file", type=FILE)
@click.option("--currency", default="GBP", show_default=True, help="Currency of prices without one.")
@REJECTS
def import_products(file: Path, currency: str, rejects: Path | None) -> None:
    """Import SKUs from CSV: sku, name, barcodes (CODE|CODE*UNITS), weight_g or weight_mg, sizes, tracking, price."""
    _bring(file, products(lines_of(file), currency), _product, "products", rejects)


@click.command()
@click.argument("file", type=FILE)
@REJECTS
def import_layout(file: Path, rejects: Path | None) -> None:
    """Import bins from CSV: site, zone, aisle, bin, x_mm, y_mm (or x_m, y_m), level, kind, check digits."""
    _bring(file, layout(lines_of(file)), _bin, "bins", rejects)


@click.command()
@click.argument("file", type=FILE)
@REJECTS
def import_stock(file: Path, rejects: Path | None) -> None:
    """Import opening stock from CSV: site, bin, sku, quantity, lot, expiry."""
    _bring(file, stock(lines_of(file)), _stock, "stock rows", rejects)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--channel", default="csv", show_default=True, help="csv, shopify or woocommerce.")
@REJECTS
def import_orders(files: tuple[Path, ...], channel: str, rejects: Path | None) -> None:
    """Import orders from a channel's files (.gz is unpacked). A bad row refuses its whole order and no other."""
    way = channel_kind(channel)
    bad: list[Rejected] = []

    async def work(house: House) -> tuple[int, int]:
        orders = returns = 0
        with bar("importing orders") as tick:
            for file in files:
                report = await bring_in(house.bus, CLI, way.read(lines_of(file), channel), tick)
                bad.extend(report.rejected)
                orders, returns = orders + report.orders, returns + report.returns
        return orders, returns

    orders, returns = inside(work)
    finish(bad, rejects, f"{orders} orders imported, {returns} returns kept, {len(bad)} rejected")
