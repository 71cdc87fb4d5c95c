"""The real server in a process of its own: a fresh database, a free port, its words in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from server.kernel.refusal import Refusal

HOST = "127.0.0.1"
READY_SECONDS = 30.0
END_SECONDS = 30.0
SAID = 400


def environment(folder: Path, port: int) -> dict[str, str]:
    """Give the environment of a server, or of a command beside it, whose state is in `folder`."""
    own = {
        "PICKWAVE_DATABASE": f"sqlite:///{folder / 'pickwave.db'}",
        "PICKWAVE_VAR": str(folder),
        "PICKWAVE_HOST": HOST,
        "PICKWAVE_PORT": str(port),
        "PICKWAVE_TLS": "off",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("PICKWAVE_")}
    return others | own


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def tail(words: bytes) -> str:
    """Give the end of what a process said."""
    return words.decode("utf-8", "replace").strip()[-SAID:]


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[str]:
    """Run a server on the database in `folder` and give its address; it is told to stop at the end."""
    async with running(folder, environment(folder, free_port())) as (url, _):
        yield url


@asynccontextmanager
async def running(folder: Path, env: Mapping[str, str], *options: str) -> AsyncIterator[tuple[str, int]]:
    """Run a server with this environment and give its address and process id; its words go to a file in `folder`."""
    log = folder / "server.log"
    with log.open("wb") as words:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server", "serve", *options), env=env, stdout=words, stderr=words
        )
    url = f"http://{HOST}:{env['PICKWAVE_PORT']}"
    try:
        await _until_ready(url, process, log)
        yield url, process.pid
    finally:
        await _end(process)


async def _until_ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    """Wait until the server answers; Refusal `failed` with its last words where it does not."""
    async with httpx.AsyncClient(base_url=url, trust_env=False) as web:
        for _ in range(int(READY_SECONDS * 10)):
            with suppress(httpx.TransportError):
                if (await web.get("/ready")).is_success:
                    return
            if process.returncode is not None:
                break
            await asyncio.sleep(0.1)
    raise Refusal("failed", command="serve", reason=tail(await asyncio.to_thread(log.read_bytes)))


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
