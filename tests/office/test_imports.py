"""What came in is on record: how much, by whom, and each thing that was not taken, with row, column and reason."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from server.catalog.store import SKUS
from server.kernel.ids import ulid
from server.orders.model import PutChannel
from server.orders.store import ORDERS
from tests.floor import a_warehouse
from tests.security.house import Served, served, signed_in
from tests.security.test_webhooks import SECRET, deliver, shopify

ORDER_FILE = (
    b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    b"1001,MUG,A mug,2,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
    b"1002,MUG,=HYPERLINK(1),many,2010-12-01 08:28:00,1.85,17850,United Kingdom\n"
    b"1003,LAMP,A lamp,1,2010-12-01 08:34:00,9.95,13047,United Kingdom\n"
)
PRODUCTS = b"sku,name,weight_g\nPEN,A pen,12\nINK,Ink,heavy\n"


@asynccontextmanager
async def office(folder: Path, role: str = "office") -> AsyncIterator[tuple[Served, httpx.AsyncClient]]:
    """Give a server with a warehouse, and somebody of the office."""
    async with served(folder) as house:
        await a_warehouse(house.world)
        async with signed_in(house, role, "desk") as web:
            yield house, web


async def upload(web: httpx.AsyncClient, kind: str, content: bytes, key: str = "") -> httpx.Response:
    """Upload a file."""
    how = {"kind": kind, "key": key or ulid(), "file": f"{kind}.csv"}
    return await web.post("/api/imports", params=how, content=content, headers={"content-type": "text/csv"})


async def listed(web: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Give the imports as the office sees them."""
    found: list[dict[str, Any]] = (await web.get("/api/imports")).json()
    return found


async def test_a_file_of_orders_is_brought_in_once_and_its_rejects_are_told(tmp_path: Path) -> None:
    async with office(tmp_path) as (house, web):
        key = ulid()
        answer = (await upload(web, "orders", ORDER_FILE, key)).json()
        assert (answer["total"], answer["accepted"], answer["rejected"], answer["done"]) == (3, 2, 1, True)
        assert [o.name for o in await house.world.all(ORDERS)] == ["1001", "1003"]
        assert (await upload(web, "orders", ORDER_FILE, key)).json() == answer
        again = (await upload(web, "orders", ORDER_FILE)).json()
        assert (again["accepted"], again["rejected"]) == (2, 1)
        assert len(await house.world.all(ORDERS)) == 2
        assert [(i["name"], i["who"], i["source"]) for i in await listed(web)] == [
            ("orders.csv", "Office", "upload")
        ] * 2
        [bad] = (await web.get(f"/api/imports/{key}/rejects")).json()
        assert (bad["belongs_to"], bad["row"], bad["column"], bad["value"]) == ("1002", 3, "Quantity", "many")
        table = list(csv.DictReader(io.StringIO((await web.get(f"/api/imports/{key}/rejects.csv")).text)))
        assert [(row["row"], row["belongs_to"], row["code"]) for row in table] == [("3", "1002", "bad_value")]
        assert table[0]["reason"]
        assert "=HYPERLINK(1),many" in table[0]["text"]


async def test_who_may_change_stock_uploads_products_and_no_orders(tmp_path: Path) -> None:
    async with office(tmp_path, "stock_controller") as (house, web):
        answer = (await upload(web, "products", PRODUCTS)).json()
        assert (answer["accepted"], answer["rejected"]) == (1, 1)
        assert (await house.world.one(SKUS, "id = 'PEN'")).weight_mg == 12_000
        assert (await upload(web, "orders", ORDER_FILE)).status_code == 403


async def test_the_office_uploads_no_products(tmp_path: Path) -> None:
    async with office(tmp_path) as (_, web):
        assert (await upload(web, "products", PRODUCTS)).status_code == 403


async def test_webhooks_of_a_day_are_one_record(tmp_path: Path) -> None:
    async with office(tmp_path) as (house, web):
        await house.world.do(PutChannel(id="shop", kind="shopify", secret=SECRET))
        for state in ("paid", "cancelled"):
            body = json.dumps(shopify(state, "2026-01-01T10:00:00Z")).encode()
            assert (await deliver(web, body, "x-shopify-hmac-sha256", {})).status_code == 200
        [record] = await listed(web)
        assert (record["source"], record["accepted"], record["rejected"]) == ("webhook", 2, 0)
