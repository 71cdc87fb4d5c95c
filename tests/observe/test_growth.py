"""What a scan leaves on the disk for good: docs/scaling.md reckons with it. `pytest -s` prints it by table."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from server.protocol import picking as pick
from server.sites.model import PutTote
from tests.floor import PICKER, a_released_wave, a_warehouse, an_order, at_bin, into, received, stops
from tests.kit import World, world

pytestmark = pytest.mark.sqlite
ORDERS = 100
MOST_BYTES = 1_500
SIZES = """
SELECT coalesce(m.tbl_name, d.name), sum(d.pgsize) FROM dbstat AS d LEFT JOIN sqlite_master AS m ON m.name = d.name
GROUP BY 1
"""


def sizes(folder: Path) -> dict[str, int]:
    """Give the bytes of each table with its indexes."""
    database = sqlite3.connect(folder / "pickwave.db")
    found = dict(database.execute(SIZES).fetchall())
    database.close()
    return found


async def pick_all(w: World, tasks: list[str]) -> int:
    """Walk all tasks, each line into a tote of its own; gives how many scans that were."""
    lines = 0
    for task in tasks:
        await w.do(pick.TakeTask(task), PICKER)
        for line in await stops(w, task):
            lines += 1
            await at_bin(w, line)
            await w.do(pick.Scan(task, line.id, "sku", line.sku), PICKER)
            await into(w, line, f"T{lines}")
    return lines * 3


async def test_a_scan_leaves_little_on_the_disk(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        await received(w, "B-01-01", "LAMP", ORDERS)
        for n in range(ORDERS):
            await w.do(an_order(str(n), ("LAMP", 1)))
            await w.do(PutTote(id=f"T{n + 1}", site="MAIN"))
        await w.settle()
        tasks = await a_released_wave(w)
        before = sizes(tmp_path)
        scans = await pick_all(w, tasks)
        after = sizes(tmp_path)
    grown = {name: round((size - before.get(name, 0)) / scans) for name, size in after.items()}
    print({name: size for name, size in grown.items() if size}, sum(grown.values()))  # noqa: T201 - asked for by -s
    assert scans == ORDERS * 3
    assert 0 < sum(grown.values()) < MOST_BYTES
