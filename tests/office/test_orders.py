"""The office finds any order among very many, page by page, and reads what became of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from server.orders import reads
from server.orders.model import HoldOrder, ImportOrder
from server.orders.search import OrderRow, Wanted, search
from server.orders.store import ORDERS, SHIPMENTS
from tests.floor import OFFICE, a_warehouse, an_order, on_the_floor
from tests.kit import World, world

MANY, PAGE = 100_000, 50
BAR_MS = 25
"""For a page: some hundred times what an index takes, a quarter of what a scan of the table would."""
FILL = (
    f"""INSERT INTO "orders" SELECT 'm:' || i, 'many', '' || i, '1', 'M-' || i, 1000 + i / 7, 'GBP', '', NULL, 'paid',
    100, '', 0, '', 'shipped', '{{}}', '', 1, 1 FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
    WHERE i < {MANY}) SELECT i FROM n) AS many""",
    "INSERT INTO \"shipment\" SELECT id, id, 'MAIN', 'own_van', 1, 0, state, tally, '', '', 1 FROM \"orders\"",
)


async def found(w: World, limit: int = PAGE, **wanted: object) -> list[str]:
    """Give the numbers of the orders that a search finds."""
    rows = await search(w.database, Wanted(**wanted), w.now, limit)  # type: ignore[arg-type]
    return [row.name for row in rows]


async def ordered_at(w: World, at: int, name: str, *lines: tuple[str, int], **facts: Any) -> None:
    """An order is placed at a time, and allocated."""
    order = replace(an_order(name, *lines, **facts).order, placed_at=at)
    await w.do(ImportOrder(order))
    await w.settle()


def after(row: OrderRow) -> tuple[int, str]:
    """Give where the next page begins."""
    return row.placed_at, row.id


async def test_filters_find_what_they_say(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        await ordered_at(w, 3, "1001", ("MUG", 1), customer_ref="c1", customer_name="Zoe 100% Wool")
        await ordered_at(w, 2, "1002", ("MUG", 1))
        await ordered_at(w, 1, "1003", ("LAMP", 99))
        await w.do(HoldOrder("csv:1002", "fraud check"), OFFICE)
        assert await found(w) == ["1001", "1002", "1003"]
        assert await found(w, text="1003") == ["1003"]
        assert await found(w, text="100") == ["1001", "1002", "1003"]
        assert await found(w, text="100% wool") == ["1001"]
        assert await found(w, text="1_0") == []
        assert await found(w, held=True) == ["1002"]
        assert await found(w, state="allocated") == ["1001"]
        assert await found(w, channel="shopify") == []
        assert (await found(w, site="MAIN"), await found(w, site="NORTH")) == (["1001", "1002", "1003"], [])
        assert await found(w, late=True) == []
        w.now = (await w.one(SHIPMENTS, "\"order\" = 'csv:1001'")).cut_off + 1
        assert await found(w, late=True) == ["1001", "1003"]


async def test_every_page_of_very_many_is_as_quick_as_the_first(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.database.begin()
        for sql in FILL:
            await w.database.fetch(sql)
        await w.database.commit()
        slowest: dict[str, float] = {}
        for name, filters in {"all": {}, "state": {"state": "shipped"}, "site": {"site": "MAIN"}}.items():
            for before in (None, (1000 + MANY // 14, "m:1"), (1003, "m:1")):
                took = []
                for _ in range(3):
                    start = time.perf_counter()
                    assert await search(w.database, Wanted(before=before, **filters), w.now, PAGE)  # type: ignore[arg-type]
                    took.append((time.perf_counter() - start) * 1_000)
                slowest[name] = max(slowest.get(name, 0), min(took))
        assert max(slowest.values()) < BAR_MS, slowest
        assert await found(w, text=f"M-{MANY // 2}") == [f"M-{MANY // 2}"]


async def test_pages_meet_without_gap_or_twice(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        for n in range(23):
            await ordered_at(w, n // 5, str(n), ("MUG", 1))
        page = await search(w.database, Wanted(), w.now, 4)
        names = [row.name for row in page]
        while page := await search(w.database, Wanted(before=after(page[-1])), w.now, 4):
            names += [row.name for row in page]
        assert len(names) == len(set(names)) == len(await w.all(ORDERS)) == 23


async def test_history_names_who_and_the_device(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await a_warehouse(w)
        await on_the_floor(w, "1001", ("MUG", 1))
        view = await reads.order_view(w.database, "csv:1001")
        assert view.order.cut_off == view.shipments[0].cut_off > 0
        took = [each for each in view.history if each.kind == "LineChanged" and each.facts["state"] == "picking"]
        assert [(each.who, each.device) for each in took] == [("ann", "phone-1")]
