"""The day's report: every figure is read from the database, but for what only the simulation can know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from statistics import quantiles

import msgspec

from server.db.engine import open_database
from server.demo import counts
from server.demo.book import Book
from server.demo.floor import Mispacked
from server.demo.link import Tally
from server.demo.options import DemoOptions, Rates

HUNDRED = 100


class Percentiles(msgspec.Struct, frozen=True):
    """Milliseconds, as the handhelds measured them."""

    p50: float
    p99: float


class Report(msgspec.Struct, frozen=True):
    """What came of a day; docs/export.md says how each figure is recomputed from the export.

    `seconds` is everything from reading the files to the last figure. `mispacked_beyond` are the mispacked
    parcels whose true weight was outside the tolerance. `unexpected` are answers that nobody asked for.
    """

    orders_imported: int
    orders_rejected: int
    orders_importable: int
    orders_shipped: int
    orders_shipped_whole: int
    orders_backordered: int
    orders_open: int
    lines_picked: int
    lines_short: int
    scans: int
    scans_refused: int
    parcels: int
    weight_blocks: int
    labels: int
    manifests: int
    waves: int
    lost_ops: int
    duplicate_ops: int
    stock_sum_zero: bool
    negative_stock: int
    mispacked: int
    mispacked_beyond: int
    mispacked_blocked: int
    false_blocks: int
    seconds: float
    scan_ack_ms: Percentiles
    operations: int
    repeated: int
    reconnected: int
    handhelds: int
    seed: int
    rates: Rates
    phases: dict[str, float]
    unexpected: dict[str, int]


class Secrets(msgspec.Struct, frozen=True):
    """What only the simulation knows: answers that devices got, parcels that were mispacked, surprises."""

    tally: Tally
    mispacked: dict[str, Mispacked]
    surprises: Counter[str]


async def report(
    folder: Path, options: DemoOptions, book: Book, secrets: Secrets, phases: dict[str, float], seconds: float
) -> Report:
    """Read the figures from the database in `folder`."""
    database = await open_database(f"sqlite:///{folder}/pickwave.db")
    tally = secrets.tally
    try:
        counted = {name: await counts.one(database, sql) for name, sql in counts.COUNTS.items()}
        blocks = await counts.blocks(database)
        zero = await counts.sums_to_zero(database)
        lost = await counts.lost(database, tally.answered)
    finally:
        await database.close()
    return Report(
        **counted,
        orders_rejected=book.rejected + len(book.orders) - counted["orders_imported"],
        orders_importable=len(book.importable),
        lost_ops=lost,
        stock_sum_zero=zero,
        mispacked=len(secrets.mispacked),
        mispacked_beyond=sum(blocks.is_beyond(one.parcel, one.grams) for one in secrets.mispacked.values()),
        mispacked_blocked=len(secrets.mispacked.keys() & blocks.blocked),
        false_blocks=len(blocks.mismatched - secrets.mispacked.keys()),
        seconds=seconds,
        scan_ack_ms=_percentiles(tally.scan_ms),
        operations=len(tally.answered),
        repeated=tally.done["repeated"],
        reconnected=tally.done["reconnected"],
        handhelds=options.handhelds,
        seed=options.seed,
        rates=options.rates,
        phases=phases,
        unexpected=dict(secrets.surprises) | ({"unequal repeats": tally.unequal} if tally.unequal else {}),
    )


def _percentiles(times: list[float]) -> Percentiles:
    if len(times) < 2:  # noqa: PLR2004 - quantiles need two
        return Percentiles(0, 0)
    cuts = quantiles(times, n=HUNDRED)
    return Percentiles(round(cuts[49], 1), round(cuts[98], 1))
