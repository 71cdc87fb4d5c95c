"""SIGTERM under load: what was acknowledged is stored, what was not can be sent again, sockets are told why."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import httpx

from server.demo.process import environment, free_port, server
from server.people.seed import Person, put_person
from tests.floor import a_released_wave, a_warehouse, ordered
from tests.kit import world
from tests.observe.devices import Device

DEVICES = 8
GRACE_SECONDS = 10
ENOUGH = 30
RESTART = 1012


async def a_floor(folder: Path) -> tuple[Person, list[str]]:
    """A picker, and some tasks on offer."""
    async with world(folder) as w:
        await a_warehouse(w)
        for name in ("1001", "1002", "1003"):
            await ordered(w, name, ("MUG", 1), ("LAMP", 1))
        tasks = await a_released_wave(w)
        return await put_person(w.bus, "MAIN", "Ann", "picker", "BADGE-ANN", "1111"), tasks


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[str, Process]]:
    """A server that the test stops itself."""
    port = free_port()
    command = (sys.executable, "-m", "server", "serve", "--port", str(port))
    with (folder / "server.log").open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment(folder, port), stdout=words, stderr=words
        )
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(trust_env=False) as web:
            await until_ready(web, url)
        yield url, process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_ready(web: httpx.AsyncClient, url: str) -> None:
    """Wait until it says that it is."""
    async with asyncio.timeout(30):
        while True:
            try:
                if (await web.get(url + "/ready")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


def stored(folder: Path) -> list[tuple[str, str]]:
    """Give op_id and code of all that is on the disk."""
    with sqlite3.connect(folder / "pickwave.db") as database:
        return database.execute("SELECT op_id, code FROM oplog WHERE seq > 0").fetchall()


async def test_a_server_told_to_stop_under_load_loses_nothing(tmp_path: Path) -> None:
    person, tasks = await a_floor(tmp_path)
    async with running(tmp_path) as (url, process):
        devices = [Device(f"phone-{n}", url, person, n) for n in range(DEVICES)]
        working = [asyncio.create_task(device.work(await device.connect(), tasks)) for device in devices]
        while min(len(device.acked) for device in devices) < ENOUGH:
            await asyncio.sleep(0.02)
            assert [task.exception() for task in working if task.done()] == []
        start = perf_counter()
        process.send_signal(signal.SIGTERM)
        await asyncio.gather(*working)
        assert await asyncio.wait_for(process.wait(), GRACE_SECONDS) == 0
        assert perf_counter() - start < GRACE_SECONDS
    assert {device.code for device in devices} == {RESTART}
    acked = {op_id: code for device in devices for op_id, code in device.acked.items()}
    on_disk = stored(tmp_path)
    assert len(on_disk) == len({op_id for op_id, _ in on_disk})
    assert acked.items() <= set(on_disk)
    async with server(tmp_path) as url:
        answers = [await device.replay(url) for device in devices]
    assert dict(stored(tmp_path)) == {op_id: code for found in answers for op_id, code in found.items()}
