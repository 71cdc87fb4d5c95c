"""The bad network is as bad as it is told to be."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from server.demo.process import HOST
from server.torture.options import CALM, Rates
from server.torture.proxy import LONGEST_DELAY, Proxy

FRAMES = 40


async def echoed(rates: Rates) -> tuple[list[str], Counter[str]]:
    """Send frames through the proxy to somebody who sends them back, and give what arrives."""

    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    counts: Counter[str] = Counter()
    heard: list[str] = []
    async with serve(echo, HOST, 0) as server:
        proxy = Proxy(f"ws://{HOST}:{server.sockets[0].getsockname()[1]}", 1, rates, counts)
        async with proxy.open() as url, connect(f"{url}/live", proxy=None) as phone:
            try:
                for n in range(FRAMES):
                    await phone.send(str(n))
                while counts.total() < FRAMES and phone.close_code is None:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(LONGEST_DELAY * 4)
                proxy.rates = CALM
                await phone.send("end")
                while (message := str(await phone.recv())) != "end":
                    heard.append(message)
            except ConnectionClosed:
                heard.append("cut")
    return heard, counts


async def test_a_good_line_carries_all_in_order() -> None:
    heard, counts = await echoed(CALM)
    assert heard == [str(n) for n in range(FRAMES)]
    assert counts["passed"] == 2 * (FRAMES + 1)


@pytest.mark.parametrize(
    ("rates", "fate"),
    [
        (Rates(1 / 2, 0, 0, 0, 0), "dropped"),
        (Rates(0, 1 / 2, 0, 0, 0), "repeated"),
        (Rates(0, 0, 1 / 2, 0, 0), "delayed"),
        (Rates(0, 0, 0, 1 / 2, 0), "reordered"),
        (Rates(0, 0, 0, 0, 1 / 2), "cut"),
    ],
)
async def test_a_bad_line_does_what_it_is_told(rates: Rates, fate: str) -> None:
    heard, counts = await echoed(rates)
    assert counts[fate]
    sent = [str(n) for n in range(FRAMES)]
    assert (heard == sent) is (fate == "delayed")
