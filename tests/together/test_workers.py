"""`pickwave serve --workers 2`: one port, two processes, each started again when it dies, all ended together."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from server.demo.process import environment, free_port
from tests.servers import new_database

READY_SECONDS = 30.0


def children(process: asyncio.subprocess.Process) -> set[int]:
    """The server processes below the supervisor."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return {int(pid) for pid in found.split() if "resource_tracker" not in words(pid)}


def words(pid: str) -> str:
    """What a process was started with; '' once it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


@asynccontextmanager
async def served(folder: Path, url: str, workers: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "serve", "--port", str(port), "--workers", str(workers)),
        env=environment(folder, port) | {"PICKWAVE_DATABASE": url},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_ready(url: str, process: asyncio.subprocess.Process, count: int) -> set[int]:
    """Wait until so many processes answer; gives them."""
    async with asyncio.timeout(READY_SECONDS):
        while not await ready(url, count) or len(children(process)) < count:
            await asyncio.sleep(0.1)
    return children(process)


async def ready(url: str, times: int) -> bool:
    """Ask on connections of their own, which the system shares out."""
    for _ in range(4 * times):
        async with httpx.AsyncClient(trust_env=False) as web:
            try:
                if not (await web.get(f"{url}/ready")).is_success:
                    return False
            except httpx.TransportError:
                return False
    return True


async def test_a_worker_that_dies_is_started_again_and_all_end_in_order(tmp_path: Path) -> None:
    async with served(tmp_path, await new_database(), 2) as (process, url):
        before = await until_ready(url, process, 2)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        while victim in children(process):
            await asyncio.sleep(0.02)
        after = await until_ready(url, process, 2)
        assert victim not in after
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(READY_SECONDS):
            assert await process.wait() == 0
        assert {words(str(pid)) for pid in after} == {""}


async def test_sqlite_has_one_writer_and_so_one_worker(tmp_path: Path) -> None:
    async with served(tmp_path, f"sqlite:///{tmp_path}/a.db", 2) as (process, _):
        assert process.stderr
        assert "workers" in (await process.stderr.read()).decode()
        assert await process.wait() == 1
