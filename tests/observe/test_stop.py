"""SIGTERM under load: what was acknowledged is stored, what was not can be sent again, sockets are told why."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import httpx
import pytest

from server.db.engine import open_database
from server.demo.process import environment, free_port
from server.demo.process import running as served
from server.people.seed import Person, put_person
from tests.floor import a_released_wave, a_warehouse, ordered
from tests.kit import world
from tests.observe.devices import Device
from tests.servers import new_database

DEVICES = 8
GRACE_SECONDS = 10
ENOUGH = 30
RESTART = 1012


async def a_floor(folder: Path, database: str) -> tuple[Person, list[str]]:
    """A picker, and some tasks on offer."""
    async with world(folder, database) as w:
        await a_warehouse(w)
        for name in ("1001", "1002", "1003"):
            await ordered(w, name, ("MUG", 1), ("LAMP", 1))
        tasks = await a_released_wave(w)
        return await put_person(w.bus, "MAIN", "Ann", "picker", "BADGE-ANN", "1111"), tasks


@asynccontextmanager
async def running(folder: Path, env: Mapping[str, str], *options: str) -> AsyncIterator[tuple[str, Process]]:
    """A server that the test stops itself."""
    command = (sys.executable, "-m", "server", "serve", *options)
    with (folder / "server.log").open("wb") as words:
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=words, stderr=words)
    url = f"http://127.0.0.1:{env['PICKWAVE_PORT']}"
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


async def stored(url: str) -> list[tuple[str, str]]:
    """Give op_id and code of all that is on the disk."""
    database = await open_database(url)
    rows = await database.rows("SELECT op_id, code FROM oplog WHERE seq > 0")
    await database.close()
    return [(op_id, code) for op_id, code in rows]


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_server_told_to_stop_under_load_loses_nothing(tmp_path: Path, workers: int) -> None:
    """One process on SQLite, two on PostgreSQL."""
    database = f"sqlite:///{tmp_path}/pickwave.db" if workers == 1 else await new_database()
    env = environment(tmp_path, free_port()) | {"PICKWAVE_DATABASE": database}
    person, tasks = await a_floor(tmp_path, database)
    async with running(tmp_path, env, "--workers", str(workers)) as (url, process):
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
    on_disk = await stored(database)
    assert len(on_disk) == len({op_id for op_id, _ in on_disk})
    assert acked.items() <= set(on_disk)
    async with served(tmp_path, env) as (url, _):
        answers = [await device.replay(url) for device in devices]
    assert dict(await stored(database)) == {op_id: code for found in answers for op_id, code in found.items()}
