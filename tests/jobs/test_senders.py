"""What leaves the house: labels to real sockets and folders, webhooks to a real server that is not always willing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

import labels
from server.jobs.senders.printer import Unprinted, print_document
from server.jobs.senders.webhook import signature
from server.kernel.refusal import Refusal
from server.orders.model import PutChannel, State
from server.orders.store import ORDERS
from server.packing.store import PARCELS
from server.protocol import packing as pack
from server.protocol import shipping as ship
from server.stock.model import ReceiveStock
from tests.floor import PACKER, a_released_wave, a_warehouse, an_order, pick_task
from tests.kit import world

LABEL = labels.tote_label("T001")
RENDER = partial(labels.render, LABEL)


async def test_a_label_printer_gets_the_whole_label(tmp_path: Path) -> None:
    got = asyncio.get_running_loop().create_future()

    async def printer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(printer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await print_document(f"tcp://127.0.0.1:{port}", "tote", RENDER)
    assert await got == RENDER("zpl")
    server.close()
    await server.wait_closed()
    with pytest.raises(Unprinted, match="Connect call failed"):
        await print_document(f"tcp://127.0.0.1:{port}", "tote", RENDER)


async def test_a_folder_gets_a_whole_file_of_its_format(tmp_path: Path) -> None:
    await print_document(f"folder://{tmp_path}/out?format=pdf", "tote", RENDER)
    [file] = (tmp_path / "out").iterdir()
    assert (file.name, file.read_bytes()[:5]) == ("tote.pdf", b"%PDF-")


async def test_an_address_of_no_kind_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        await print_document("pigeon://loft", "tote", RENDER)
    assert refused.value.facts["value"] == "pigeon://loft"


class Shop:
    """A channel's end: refuses the first call, then accepts; keeps what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
        self.calls.append((headers, await reader.readexactly(int(headers["content-length"]))))
        status = "500 Oops" if len(self.calls) == 1 else "204 No Content"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def a_shop() -> AsyncIterator[Shop]:
    shop = Shop()
    server = await asyncio.start_server(shop.answer, "127.0.0.1", 0)
    shop.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield shop
    finally:
        server.close()
        await server.wait_closed()


async def test_the_channel_is_told_the_tracking_number_until_it_accepts(tmp_path: Path) -> None:
    async with a_shop() as shop, world(tmp_path) as w:
        await a_warehouse(w)
        await w.do(PutChannel("csv", "csv", secret="s3cret", url=shop.url))
        await w.do(an_order("1001", ("MUG", 2)))
        await w.settle()
        [task] = await a_released_wave(w)
        await pick_task(w, task)
        shipment = await w.do(pack.OpenPack("S1", "T1"), PACKER)
        parcel = (await w.one(PARCELS)).id
        await w.do(pack.TrustTote(shipment, parcel), PACKER)
        await w.do(pack.CloseParcel(shipment, parcel), PACKER)
        await w.do(pack.Weigh(parcel, 600, stable=True), PACKER)
        await w.do(pack.PrintLabel(parcel), PACKER)
        load = await w.do(ship.OpenManifest("MAIN", "own_van"), PACKER)
        await w.do(ship.LoadParcel(load, (await w.one(PARCELS)).sscc), PACKER)
        await w.do(ship.CloseManifest(load), PACKER)
        async with asyncio.timeout(20):
            while len(shop.calls) < 2:
                w.now += 1_000
                await asyncio.sleep(0.05)
        assert (await w.one(ORDERS)).state is State.SHIPPED
        (first, said), (again, repeated) = shop.calls[:2]
        assert first["webhook-id"] == again["webhook-id"]
        assert said == repeated
        assert again["webhook-signature"] == signature(
            "s3cret", again["webhook-id"], int(again["webhook-timestamp"]), repeated
        )
        told = json.loads(said)
        assert (told["order"], told["tracking"]) == ("1001", (await w.one(PARCELS)).sscc)
        assert told["lines"] == [{"line": "1", "code": "MUG", "quantity": 2}]


async def test_the_channel_is_told_what_is_available(tmp_path: Path) -> None:
    async with a_shop() as shop, world(tmp_path) as w:
        shop.calls.append(({}, b""))
        await a_warehouse(w)
        await w.do(PutChannel("csv", "csv", url=shop.url))
        await w.do(ReceiveStock(bin="MAIN:A-01-01", sku="MUG", quantity=3))
        async with asyncio.timeout(20):
            while len(shop.calls) < 2:
                w.now += 1_000
                await asyncio.sleep(0.05)
        available = {row["sku"]: row["available"] for row in json.loads(shop.calls[1][1])["available"]}
        assert available == {"MUG": 23, "LAMP": 5}
