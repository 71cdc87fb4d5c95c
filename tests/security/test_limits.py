"""What one caller may take: requests, frames, sockets, bytes, patience. And that the others do not notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect

from server.kernel.ids import ulid
from server.live import session, unsent
from server.live.unsent import Unsent
from server.protocol.frames import Op, Ping, encode
from server.protocol.picking import TakeTask
from server.web import limits, requests
from server.web.limits import BURST_SECONDS, SOCKETS_A_DEVICE, TOGETHER, Bucket, Pace
from server.web.patience import Patient
from tests.security.house import Served, cookies, served, signed_in


def joined(house: Served, headers: dict[str, str]) -> connect:
    """Open a socket."""
    live = house.url.replace("http", "ws", 1) + "/live"
    return connect(live, additional_headers=headers, compression=None, proxy=None)


@asynccontextmanager
async def a_phone(folder: Path) -> AsyncIterator[tuple[Served, ClientConnection]]:
    """Give a server and a picker's socket."""
    async with served(folder) as house, signed_in(house, "picker", "D1") as web, joined(house, cookies(web)) as socket:
        yield house, socket


async def is_alive(socket: ClientConnection) -> bool:
    """Tell whether a ping is answered."""
    await socket.send(encode(Ping(1)), text=True)
    return '"pong"' in str(await asyncio.wait_for(socket.recv(), 5))


async def test_a_session_that_asks_too_often_is_told_when_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "monotonic", lambda: 0.0)
    async with served(tmp_path, max_requests=1) as house, httpx.AsyncClient(base_url=house.url) as stranger:
        async with signed_in(house, "picker", "D1") as greedy, signed_in(house, "packer", "D2") as colleague:
            answers = [await greedy.get("/api/me") for _ in range(BURST_SECONDS + 3)]
            assert answers[0].status_code == 200
            assert answers[-1].status_code == 429
            assert (answers[-1].json()["code"], answers[-1].headers["retry-after"]) == ("too_fast", "1")
            assert (await colleague.get("/api/me")).status_code == 200
        codes = [(await stranger.get("/api/me")).status_code for _ in range(BURST_SECONDS * TOGETHER + 20)]
        assert (codes[0], codes[-1]) == (401, 429)


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(limits, "monotonic", lambda: now[0])
    bucket = Bucket(2)
    assert [bucket.wait() for _ in range(2 * BURST_SECONDS)] == [0] * 2 * BURST_SECONDS
    assert bucket.wait() == 0.5
    now[0] += 0.5
    assert (bucket.wait(), bucket.wait()) == (0, 0.5)


def test_callers_are_forgotten_rather_than_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CALLERS", 10)
    pace = Pace()
    for number in range(1_000):
        pace.require(f"address:{number}", 1)
    assert len(pace._buckets) == 10


async def test_a_devices_newest_sockets_stay_and_the_oldest_goes(tmp_path: Path) -> None:
    async with (
        served(tmp_path) as house,
        signed_in(house, "picker", "D1") as web,
        signed_in(house, "packer", "D2") as other,
        joined(house, cookies(other)) as colleague,
    ):
        sockets = [await joined(house, cookies(web)) for _ in range(SOCKETS_A_DEVICE)]
        assert all([await is_alive(socket) for socket in sockets])
        sockets.append(await joined(house, cookies(web)))
        await sockets[0].wait_closed()
        assert sockets[0].close_code == 1008
        assert all([await is_alive(socket) for socket in [*sockets[1:], colleague]])
        for socket in sockets:
            await socket.close()


async def test_a_full_process_sends_the_next_one_elsewhere(tmp_path: Path) -> None:
    async with served(tmp_path, max_sockets=2) as house, signed_in(house, "picker", "D1") as web:
        async with joined(house, cookies(web)) as first, joined(house, cookies(web)) as second:
            assert await is_alive(first)
            assert await is_alive(second)
            async with joined(house, cookies(web)) as third:
                await third.wait_closed()
                assert third.close_code == 1013
        async with joined(house, cookies(web)) as again:
            assert await is_alive(again)


async def test_a_flood_of_operations_is_not_read_faster_than_it_is_done(tmp_path: Path) -> None:
    async with a_phone(tmp_path) as (house, socket):
        assert await is_alive(socket)
        [phone] = house.app.state.hub.sessions
        for seq in range(1, 1_001):
            await socket.send(encode(Op(ulid(), seq, 0, "", TakeTask("nowhere"))), text=True)
        most = 0
        for _ in range(1_000):
            await asyncio.wait_for(socket.recv(), 5)
            most = max(most, len(phone._running))
        assert 1 < most <= session.MOST_UNDER_WAY


async def test_frames_are_read_no_faster_than_their_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.live.routes.FRAMES_A_SECOND", 20)
    async with (
        served(tmp_path) as house,
        signed_in(house, "picker", "D1") as web,
        joined(house, cookies(web)) as socket,
    ):
        start = asyncio.get_running_loop().time()
        for _ in range(20 * BURST_SECONDS + 10):
            await socket.send(encode(Ping(1)), text=True)
        for _ in range(20 * BURST_SECONDS + 10):
            await asyncio.wait_for(socket.recv(), 5)
        assert asyncio.get_running_loop().time() - start > 0.4


async def test_what_waits_for_a_phone_that_does_not_read_is_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsent, "MOST_BYTES", 1_000)
    waiting = Unsent()
    waiting.put(b"x" * 5_000)
    assert waiting.closing is None
    assert await waiting.next() == b"x" * 5_000
    waiting.put(b"x" * 600)
    waiting.put(b"x" * 600)
    assert waiting.bytes == 600
    assert str(waiting.closing) == "(1013, 'too slow')"


async def said(house: Served, *requests: bytes) -> bytes:
    """Send some bytes, a while apart, and give what is answered until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    for request in requests:
        writer.write(request)
        await asyncio.sleep(0.1)
    answer = await asyncio.wait_for(reader.read(), 4)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return answer


@pytest.mark.parametrize("before", [[], [b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"]])
async def test_a_head_that_trickles_in_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: list[bytes]
) -> None:
    monkeypatch.setattr(Patient, "head_seconds", 0.3)
    async with served(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as web:
        answer = await said(house, *before, b"GET /health HTTP/1.1\r\nHos")
        assert answer.count(b"HTTP/1.1 200") == len(before)
        assert (await web.get("/health")).status_code == 200


async def test_a_body_that_trickles_in_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(Patient, "head_seconds", 0.3)
    async with served(tmp_path) as house:
        head = b"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n"
        answer = await said(house, head, b"{", b" ", b" ", b" ")
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"not whole after" in answer


async def test_a_head_has_its_size(tmp_path: Path) -> None:
    async with served(tmp_path) as house:
        answer = await said(house, b"GET /health HTTP/1.1\r\nHost: " + b"x" * 100_000)
        assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(("path", "size"), [("/api/users", 1_000_001), ("/api/channels/shop/webhook", 4_000_001)])
async def test_bodies_have_their_size(tmp_path: Path, path: str, size: int) -> None:
    async with served(tmp_path) as house, signed_in(house, "admin", "D1") as web:
        await web.post("/api/channels", json={"do": "put_channel", "id": "shop", "kind": "shopify", "secret": "s"})
        answer = await web.post(path, content=b'"' + b"x" * size + b'"')
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
