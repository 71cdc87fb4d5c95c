"""Orders that are imported while scans are measured, by the code of `pickwave import-orders` in its own process."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from server.bench.goods import KINDS, STOCK, bin_of, do_all, sku_of
from server.bench.load import SITE
from server.bench.stand import Stand
from server.catalog.model import PutProduct
from server.demo.book import goods_of, read_book
from server.demo.book import sku_of as code_of
from server.demo.lay import pickwave
from server.house import House
from server.protocol.base import Command
from server.stock.model import DIFFERENCE, ReceiveStock

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
ORDER_LINES = 25
"""Lines of an order in a made file: about as many as in the UCI Online Retail data set."""


async def lay_codes(house: House, file: Path) -> None:
    """Make what the file orders known and in stock, so that its orders are allocated too."""
    book = await asyncio.to_thread(read_book, [file], "csv", 0)
    known = {sku_of(number) for number in range(KINDS)}
    codes = sorted({code_of(line) for order in book.importable for line in goods_of(order)} - known)
    await do_all(house, (PutProduct(code, code) for code in codes))
    await do_all(house, _stock(codes))


def _stock(codes: list[str]) -> Iterator[Command]:
    for number, code in enumerate(codes):
        yield ReceiveStock(f"{SITE}:{bin_of(number % KINDS)}", code, STOCK, source=DIFFERENCE)


async def bring(on: Stand, file: Path, begin: asyncio.Event, done: asyncio.Event) -> float:
    """Import the file once `begin` is set; sets `done` and gives the seconds it took. Refusal `failed`."""
    await begin.wait()
    start = perf_counter()
    try:
        await pickwave(on.folder, "csv", "0", str(file), module="server.demo.bring", extra=on.env())
    finally:
        done.set()
    return perf_counter() - start


def write_orders(file: Path, lines: int) -> Path:
    """Make a file of orders, where there is no real one at hand: so many lines over the benchmark's goods; gives it."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for line in range(lines):
            sku, order = sku_of(line * 17 % KINDS), 100_000 + line // ORDER_LINES
            writer.writerow((order, sku, sku, line % 9 + 1, "2024-11-25 08:26:00", "2.55", order, "United Kingdom"))
    return file
