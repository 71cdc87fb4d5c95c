"""Every route, frame and command, tried by every role: what happens is what docs/roles.md says, no more and no less."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, get_args

import httpx
import msgspec
from litestar.connection import ASGIConnection
from litestar.routes import HTTPRoute
from msgspec import inspect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.app import WIRING
from server.kernel.actor import Actor
from server.kernel.ids import ulid
from server.live.model import DeclareLoss
from server.people.roles import PERMISSIONS, ROLES
from server.protocol.frames import (
    ClientFrame,
    Committed,
    Error,
    LiveCommand,
    Op,
    Ping,
    Pong,
    Rejected,
    decode_server,
    encode,
)
from server.web import auth
from tests.security.house import Served, cookies, served, signed_in
from tests.security.samples import Sampler
from tests.security.table import allowed

Headers = dict[str, str]
Asker = tuple[str, Headers]
"""A role, and the headers by which it is known."""
ON_THE_SOCKET = get_args(LiveCommand)
SAMPLES = Sampler(random.Random(3), ["nowhere"])


@asynccontextmanager
async def askers(house: Served) -> AsyncIterator[list[Asker]]:
    """Give one of each role, a machine, a picker's scanner, and a stranger."""
    async with AsyncExitStack() as stack:
        webs = {role: await stack.enter_async_context(signed_in(house, role, f"D-{role}")) for role in ROLES}
        people = [(role, cookies(web) | {"x-csrf-token": web.cookies["csrf"]}) for role, web in webs.items()]
        key = await webs["admin"].post("/api/api-keys", json={"name": "erp", "permissions": ["machine"]})
        token = await webs["supervisor"].post("/api/enrol-tokens", json={"user": "b-picker"})
        device = (await webs["supervisor"].post("/api/enrol", json=token.json())).json()
        machine = {"authorization": f"Bearer {key.json()['token']}"}
        scanner = {"authorization": f"Device {device['device']}.{device['key']}"}
        yield [*people, ("machine", machine), ("device", scanner), ("anyone", {})]


def routes(house: Served) -> list[str]:
    """Give every route of the application, as the document names it; signing out comes last."""
    every = [route for route in house.app.routes if isinstance(route, HTTPRoute)]
    found = [f"{method} {r.path_format}" for r in every for method in set(r.methods) - {"OPTIONS"}]
    return sorted(found, key="POST /api/sign-out".__eq__)


async def may_call(web: httpx.AsyncClient, route: str, headers: Headers) -> bool:
    """Call a route of things that do not exist, and tell whether it was allowed; it is never a fault."""
    method, path = route.split(" ")
    answer = await web.request(method, re.sub("{.*?}", "x", path), headers=headers)
    assert answer.status_code < 500 or path in {"/", "/{path}"}, (route, answer.text)  # the app need not be built
    return answer.status_code not in {401, 403}


def tag_of(kind: type[Any]) -> str:
    """Give the name a command has on the wire, and in the document."""
    return str(kind.__struct_config__.tag)


def sample(kind: type[Any], actor: Actor) -> Any:
    """Make a command about things that do not exist; who speaks of a device speaks of their own."""
    made = SAMPLES.of(inspect.type_info(kind))
    return msgspec.convert(made | ({"device": actor.device} if kind is DeclareLoss else {}), kind)


async def actor_of(house: Served, headers: Headers) -> Actor | None:
    """Give who the server takes these headers for."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {"type": "websocket", "headers": raw, "app": house.app, "litestar_app": house.app}
    return await auth.actor_of(ASGIConnection(scope))


async def may_say(house: Served, frame: Any, headers: Headers) -> bool:
    """Say a frame on a socket of its own, and tell whether it was allowed: the socket stays, nothing is refused."""
    live = house.url.replace("http", "ws", 1) + "/live"
    async with connect(live, additional_headers=headers, compression=None, proxy=None) as socket:
        try:
            await socket.send(msgspec.json.encode(frame), text=True)
            await socket.send(encode(Ping(7)), text=True)
            while not isinstance(said := decode_server(await socket.recv()), Pong):
                if isinstance(said, Error) and said.code == "not_allowed":
                    return False
        except ConnectionClosed:
            assert socket.close_code == 4401
            return False
    return True


async def test_routes(tmp_path: Path) -> None:
    async with served(tmp_path) as house, askers(house) as everyone, httpx.AsyncClient(base_url=house.url) as web:
        every = routes(house)
        found = {route: {role for role, headers in everyone if await may_call(web, route, headers)} for route in every}
    assert found == allowed("HTTP")


async def test_frames(tmp_path: Path) -> None:
    async with served(tmp_path) as house, askers(house) as everyone:
        kinds = inspect.type_info(ClientFrame).types  # type: ignore[attr-defined]
        found = {
            k.tag: {who for who, headers in everyone if await may_say(house, SAMPLES.of(k), headers)} for k in kinds
        }
    assert found == allowed("Frames of the socket")


async def test_commands(tmp_path: Path) -> None:
    async with served(tmp_path) as house, askers(house) as everyone:
        actors = {role: actor for role, headers in everyone if (actor := await actor_of(house, headers))}
        found: dict[str, set[str]] = {tag_of(kind): set() for kind in WIRING.commands}
        for role, actor in actors.items():
            for kind in WIRING.commands:
                outcome = await house.app.state.bus.perform(actor, sample(kind, actor))
                found[tag_of(kind)] |= {role} if outcome.code != "not_allowed" else set()
        assert house.faults == []
    assert found == allowed("Commands")


async def allowed_on_a_socket(house: Served, headers: Headers, commands: list[Any]) -> set[str]:
    """Send commands as operations over a socket; gives the names of those that were not refused as not allowed."""
    live = house.url.replace("http", "ws", 1) + "/live"
    found = set()
    async with connect(live, additional_headers=headers, compression=None, proxy=None) as socket:
        for seq, command in enumerate(commands, 1):
            await socket.send(encode(Op(ulid(), seq, 0, "", command)), text=True)
            while not isinstance(said := decode_server(await socket.recv()), Committed | Rejected):
                pass
            if isinstance(said, Committed) or said.code != "not_allowed":
                found.add(tag_of(type(command)))
    return found


async def test_commands_over_a_socket(tmp_path: Path) -> None:
    """What the socket takes is judged there as it is judged everywhere."""
    wanted = allowed("Commands")
    async with served(tmp_path) as house, askers(house) as everyone:
        for role, headers in everyone[:-1]:
            actor = await actor_of(house, headers)
            assert actor
            found = await allowed_on_a_socket(house, headers, [sample(kind, actor) for kind in ON_THE_SOCKET])
            assert found == {tag_of(kind) for kind in ON_THE_SOCKET if role in wanted[tag_of(kind)]}, role


def test_every_permission_asked_for_is_one_that_exists() -> None:
    asked = {handler.permission for handler in WIRING.commands.values()}
    assert asked - PERMISSIONS.keys() <= {"", "system"}
    assert set().union(*ROLES.values()) - {"*"} <= PERMISSIONS.keys()
