"""A whole server on a real port in this process: a warehouse at work, one person of each role, and what went wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvicorn
from litestar import Litestar

from server import logs
from server.demo.process import HOST, free_port
from server.edges import create_app
from server.people.roles import ROLES
from server.people.seed import put_person
from server.serving import _config
from server.settings import Settings
from tests.floor import a_released_wave, a_warehouse, an_order
from tests.kit import START, World
from tests.servers import database_for

PIN = "471100829"
FAULTS = ("failed", "rolled back")


class Served(msgspec.Struct, frozen=True):
    """Where the server is, its inside, and the faults it logged so far."""

    url: str
    app: Litestar
    world: World
    faults: list[str]


class Faults(logging.Handler):
    """Keeps every line that tells of a fault of ours, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or any(word in record.getMessage() for word in FAULTS):
            self.lines.append(self.format(record))


@asynccontextmanager
async def served(folder: Path, **settings: Any) -> AsyncIterator[Served]:
    """Run a server with a warehouse in it; what it logs of faults is kept."""
    box: list[World] = []
    faults = Faults()
    logs.hush()
    logging.getLogger().addHandler(faults)
    port = free_port()
    where = Settings(database=await database_for(folder), var=folder, tls="off", **settings)
    app = create_app(where, lambda: box[0].clock() if box else START)
    server = uvicorn.Server(_config(app, HOST, port))
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        box.append(World(app.state.house))
        for role in ROLES:
            await put_person(app.state.bus, "MAIN", role.title(), role, f"B-{role}", PIN)
        yield Served(f"http://{HOST}:{port}", app, box[0], faults.lines)
    finally:
        server.should_exit = True
        await running
        logging.getLogger().removeHandler(faults)


async def a_days_work(w: World) -> None:
    """Goods on the shelves, three orders, their wave released."""
    await a_warehouse(w)
    for name in ("1001", "1002", "1003"):
        await w.do(an_order(name, ("MUG", 2), ("LAMP", 1)))
    await w.settle()
    await a_released_wave(w)


@asynccontextmanager
async def signed_in(house: Served, role: str, device: str) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser of somebody of this role, at a device."""
    async with httpx.AsyncClient(base_url=house.url, timeout=30, trust_env=False) as web:
        answer = await web.post("/api/sign-in", json={"badge": f"B-{role}", "pin": PIN, "device": device})
        answer.raise_for_status()
        web.headers["x-csrf-token"] = web.cookies["csrf"]
        yield web


def cookies(web: httpx.AsyncClient) -> dict[str, str]:
    """Give the headers that open this browser's socket."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in web.cookies.items())}
