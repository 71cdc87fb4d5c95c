"""A real application over a real database, with one person of each role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from litestar import Litestar

from server.edges import create_app
from server.kernel.actor import SYSTEM
from server.people.seed import put_person
from server.settings import Settings
from server.sites.model import PutSite

PINS = {
    "picker": "1111",
    "packer": "2222",
    "supervisor": "3333",
    "office": "4444",
    "admin": "5555",
    "receiver": "6666",
    "stock_controller": "7777",
}


class Hands:
    """A clock that stands where the test puts it."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


@asynccontextmanager
async def an_edge(folder: Path, clock: Hands | None = None) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The application, and a client without a cookie."""
    app = create_app(Settings(var=folder, tls="off"), clock or Hands())
    async with app.lifespan():
        await app.state.bus.do(SYSTEM, PutSite(id="MAIN", name="Main", country="GB"))
        for role, pin in PINS.items():
            await put_person(app.state.bus, "MAIN", role.title(), role, f"B-{role}", pin)
        async with a_client(app) as client:
            yield app, client


def a_client(app: Litestar, address: str = "10.0.0.1") -> httpx.AsyncClient:
    """A browser of its own, at an address."""
    transport = httpx.ASGITransport(app, client=(address, 4_000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://pickwave.local")


async def sign_in(client: httpx.AsyncClient, role: str, device: str = "D1") -> None:
    """Sign in, and send the anti-forgery header from now on."""
    answer = await client.post("/api/sign-in", json={"badge": f"B-{role}", "pin": PINS[role], "device": device})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = client.cookies["csrf"]


def said(answer: httpx.Response) -> tuple[int, str]:
    """Give status and code of a problem."""
    return answer.status_code, answer.json()["code"]
