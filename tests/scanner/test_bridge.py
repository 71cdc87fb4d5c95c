"""A scale at its station's machine, a real server between: what it shows is on the station's screen, and only that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from scanner_client.dial import Dial, dialler
from scanner_client.enrol import Enrolled
from scanner_client.pulse import Timing
from scanner_client.scale.bridge import Bridge
from scanner_client.scale.platform import Make
from scanner_client.scale.simulator import Simulator
from server.kernel.actor import SYSTEM, Actor
from server.kernel.refusal import Refusal
from server.packing.bridged import FRESH_SECONDS, Bridged
from server.protocol.frames import Weight
from tests.floor import a_warehouse
from tests.security.house import Served, served, signed_in

QUICK = Timing(pause_s=0.01)
EXACT = Make(spread_g=0)


async def dialling(house: Served, role: str = "packer") -> Dial:
    """Enrol a machine for somebody of this role."""
    async with signed_in(house, "supervisor", "D-lead") as lead:
        token = (await lead.post("/api/enrol-tokens", json={"user": f"b-{role}"})).json()
        device = (await lead.post("/api/enrol", json=token | {"name": "bench", "kind": "station"})).json()
    return dialler(Enrolled(house.url, device["device"], device["key"]))


@asynccontextmanager
async def bridged(house: Served, scale: str) -> AsyncIterator[None]:
    """Run a bridge beside the station until the block ends."""
    bridge = Bridge(scale, "S1", await dialling(house), lambda _: None, QUICK)
    running = asyncio.create_task(bridge.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(ask: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(15):
        while not await ask():
            await asyncio.sleep(0.02)


async def shown(web: httpx.AsyncClient) -> dict[str, Any]:
    """Give what the station's screen shows."""
    answer: dict[str, Any] = (await web.get("/api/stations/S1/weight")).json()
    return answer


def weighs(web: httpx.AsyncClient, grams: int) -> Callable[[], Awaitable[bool]]:
    """Ask whether the station's screen shows this weight, at rest."""

    async def ask() -> bool:
        now = await shown(web)
        return (now.get("grams"), now.get("stable")) == (grams, True)

    return ask


async def test_the_stations_screen_shows_what_the_scale_shows_after_a_loss_too(tmp_path: Path) -> None:
    with Simulator(make=EXACT) as scale:
        async with served(tmp_path) as house, signed_in(house, "packer", "D-pack") as web:
            await a_warehouse(house.world)
            assert (await web.get("/api/stations/S1/weight")).status_code == 404
            async with bridged(house, scale.path):
                scale.put(1_250)
                await until(weighs(web, 1_250))
                assert (await shown(web))["status"] == "ok"
                [socket] = house.app.state.hub.of("b-packer")
                socket.close(1011, "lost")
                scale.put(480)
                await until(weighs(web, 480))
                assert [socket] != [*house.app.state.hub.of("b-packer")]
            await until(lambda: gone(web))
        assert house.faults == []


async def gone(web: httpx.AsyncClient) -> bool:
    """Tell whether the station has no scale any more."""
    return (await web.get("/api/stations/S1/weight")).status_code == 404


async def test_a_scale_that_is_away_is_said_to_be_away(tmp_path: Path) -> None:
    async with served(tmp_path) as house, signed_in(house, "packer", "D-pack") as web:
        await a_warehouse(house.world)
        async with bridged(house, "/dev/no-such-scale"):

            async def offline() -> bool:
                return (await shown(web)).get("status") == "offline"

            await until(offline)


@pytest.mark.parametrize(("role", "station", "code"), [("picker", "S1", "not_allowed"), ("packer", "S9", "not_found")])
async def test_a_bridge_that_nobody_wants_ends_and_says_why(tmp_path: Path, role: str, station: str, code: str) -> None:
    with Simulator() as scale:
        async with served(tmp_path) as house:
            await a_warehouse(house.world)
            bridge = Bridge(scale.path, station, await dialling(house, role), lambda _: None, QUICK)
            with pytest.raises(Refusal, match=code):
                await asyncio.wait_for(bridge.run(), 15)


async def test_a_bridge_that_is_silent_does_not_know_any_more(tmp_path: Path) -> None:
    now = 0.0
    async with served(tmp_path) as house:
        await a_warehouse(house.world)
        told = Bridged(lambda: now)
        await told.take(
            house.world.database, SYSTEM, "socket", Weight("S1", "bench", 700, stable=True, raw="S S 700 g")
        )
        assert told.of("S1")
        now = FRESH_SECONDS
        assert told.of("S1") is None
        stranger = Actor("zed", "", frozenset({"pack"}), "ELSEWHERE")
        with pytest.raises(Refusal, match="wrong_site"):
            await told.take(house.world.database, stranger, "socket", Weight("S1", "x", 1, stable=True, raw=""))
