"""Two processes behind the proxy that we ship: sockets go through, phones of one that stops go on with the other."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx

from server.app import WIRING
from server.demo.process import environment, free_port, running
from server.house import open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.people.seed import Person, put_person
from server.settings import Settings
from server.sites.model import PutSite
from tests.observe.devices import Device
from tests.servers import new_database, valkey

CADDYFILE = Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile"
CADDY = Path(sys.executable).with_name("caddy")
DEVICES, ENOUGH = 4, 20
RESTART, LOST = 1012, 1006
"""How a socket ends: told of the restart, or (a proxy may hang up before it has passed that on) just gone."""


async def a_picker(database: str, folder: Path) -> Person:
    """A site, and who picks there."""
    async with open_house(Settings(database=database, var=folder), WIRING, now, work=False) as house:
        await house.bus.do(SYSTEM, PutSite(id="MAIN", name="Main", country="GB"))
        return await put_person(house.bus, "MAIN", "Ann", "picker", "BADGE-ANN", "1111")


@asynccontextmanager
async def a_door(folder: Path, processes: list[str]) -> AsyncIterator[str]:
    """The proxy as it is shipped, but without TLS."""
    url = f"http://127.0.0.1:{free_port()}"
    env = {**os.environ, "HOME": str(folder), "PICKWAVE_SITE": url, "PICKWAVE_PROCESSES": " ".join(processes)}
    command = (CADDY, "run", "--adapter", "caddyfile", "--config", CADDYFILE)
    with (folder / "caddy.log").open("wb") as words:
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=words, stderr=words)
    try:
        async with httpx.AsyncClient(trust_env=False) as web, asyncio.timeout(20):
            while not await answers(web, url):
                await asyncio.sleep(0.1)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def answers(web: httpx.AsyncClient, url: str) -> bool:
    with suppress(httpx.TransportError):
        return (await web.get(f"{url}/ready")).is_success
    return False


async def test_phones_of_a_process_that_stops_go_on_with_the_other(tmp_path: Path) -> None:
    database = await new_database()
    person = await a_picker(database, tmp_path)
    async with AsyncExitStack() as stack:
        found = []
        for n in range(2):
            (folder := tmp_path / str(n)).mkdir()
            env = environment(folder, free_port()) | {"PICKWAVE_DATABASE": database, "PICKWAVE_BELL": valkey()}
            found.append(await stack.enter_async_context(running(folder, env)))
        door = await stack.enter_async_context(a_door(tmp_path, [url.removeprefix("http://") for url, _ in found]))
        web = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        assert (await web.get(f"{door}/metrics")).status_code == 404
        assert (await web.get(f"{found[0][0]}/metrics")).status_code == 200
        devices = [Device(f"phone-{n}", door, person, n) for n in range(DEVICES)]
        working = {d: asyncio.create_task(d.work(await d.connect(), ["T1", "T2"])) for d in devices}
        while min(len(device.acked) for device in devices) < ENOUGH:
            await asyncio.sleep(0.02)
            assert [task.exception() for task in working.values() if task.done()] == []
        os.kill(found[0][1], signal.SIGTERM)
        done, going = await asyncio.wait(working.values(), timeout=10)
        assert (len(done), len(going)) == (DEVICES / 2, DEVICES / 2)
        moved = [device for device, task in working.items() if task in done]
        assert {device.code for device in moved} <= {RESTART, LOST}
        for device in moved:
            assert len(await device.replay(door)) == len(device.sent)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
