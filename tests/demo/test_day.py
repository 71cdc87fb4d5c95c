"""A small day, really: a server, handhelds, a camera, stations, a door; and its figures recomputed from the export."""

from __future__ import annotations

import random
from pathlib import Path

from server.demo.day import run
from server.demo.options import DemoOptions, Rates
from tests.demo.recompute import exported, figures
from tests.demo.test_making import HEADER

CLUMSY = Rates(
    wrong=0.1, repeated=0.1, dropped=0.03, short=0.05, new_tote=0.1, mispacked=0.3, trusted=0.5, unknown_weight=0.1
)


def some_orders(file: Path, count: int) -> None:
    """Write orders of a few lines over a handful of SKUs, one with a bad row, one of services only, one returned."""
    dice = random.Random(1)
    rows = [
        f"{1000 + n},SKU{sku},Thing {sku},{dice.choice((1, 2, 12, 600))},2010-12-01 08:{n:02}:00,1.25,,France"
        for n in range(count)
        for sku in dice.sample(range(30), dice.randint(1, 6))
    ]
    bad = ("2001,SKU1,Thing 1,none,2010-12-01 09:00:00,1.25,,France", "2002,POST,Post,1,2010-12-01 09:01:00,9,,France")
    file.write_text(HEADER + "\n".join([*rows, *bad, "C2003,SKU1,Thing 1,-1,2010-12-01 09:02:00,1.25,,France"]) + "\n")


async def test_a_clumsy_day_loses_nothing_and_the_export_tells_the_same(tmp_path: Path) -> None:
    some_orders(tmp_path / "orders.csv", 20)
    folder = tmp_path / "kept"
    options = DemoOptions(
        (tmp_path / "orders.csv",), handhelds=4, stations=2, fill=0.9, seed=3, keep=folder, rates=CLUMSY
    )
    phases: list[str] = []
    report = await run(options, lambda phase, *_: phases.append(phase))
    assert (report.orders_imported, report.orders_rejected, report.orders_importable) == (20, 2, 20)
    assert report.orders_shipped_whole + report.orders_backordered == 20
    assert (report.lost_ops, report.duplicate_ops, report.negative_stock, report.orders_open) == (0, 0, 0, 0)
    assert report.stock_sum_zero
    assert report.mispacked_blocked >= report.mispacked_beyond > 0
    assert report.scans_refused > 0 < report.reconnected
    assert report.unexpected == {}
    assert {"laying it out", "the day"} <= set(phases)
    recomputed = figures(await exported(folder))
    assert {name: getattr(report, name) for name in recomputed} == recomputed
