"""What another site's page tries with our cookies, over HTTP and over the socket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from msgspec.structs import replace

from server.kernel.refusal import Refusal
from server.web.auth import socket_actor
from tests.web.edge import a_client, an_edge, said, sign_in

OWN, OTHER = "http://pickwave.local", "https://evil.example"


@pytest.mark.parametrize("proof", ["", "guess", "é"])
async def test_a_change_needs_the_sessions_own_proof(tmp_path: Path, proof: str) -> None:
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "supervisor")
        client.cookies.set("csrf", "guess")
        client.headers = httpx.Headers([(b"x-csrf-token", proof.encode("latin-1"))])
        answer = await client.post("/api/enrol-tokens", json={"user": "b-picker"})
        assert said(answer) == (403, "not_allowed")


async def test_anothers_proof_is_none(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client), a_client(app) as colleague:
        await sign_in(client, "supervisor")
        await sign_in(colleague, "supervisor", "D2")
        client.headers["x-csrf-token"] = colleague.cookies["csrf"]
        assert said(await client.post("/api/users/b-picker/pin", json={"pin": "1234"})) == (403, "not_allowed")


async def test_changes_from_another_origin_are_refused_even_signing_in(tmp_path: Path) -> None:
    credentials = {"badge": "B-picker", "pin": "1111"}
    async with an_edge(tmp_path) as (_, client):
        for origin in (OTHER, "null", "http://pickwave.local:8080", "http://[bad"):
            answer = await client.post("/api/sign-in", json=credentials, headers={"origin": origin})
            assert said(answer) == (403, "not_allowed"), origin
        answer = await client.post("/api/sign-in", json=credentials, headers={"origin": OWN})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://pick.example", 401),
        ("https://pick.example:8443", 401),
        ("https://pick.example:9000", 403),
        ("https://pick.example.evil", 403),
        ("https://pick.example:x", 403),
    ],
)
async def test_behind_a_proxy_the_named_host_is_ours_but_not_its_other_ports(
    tmp_path: Path, origin: str, status: int
) -> None:
    async with an_edge(tmp_path) as (app, client):
        app.state.settings = replace(app.state.settings, names=["pick.example"])
        answer = await client.post("/api/sign-in", json={"badge": "B"}, headers={"origin": origin})
        assert answer.status_code == status


async def test_a_machine_needs_no_proof(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client), a_client(app) as machine:
        await sign_in(client, "admin")
        made = await client.post("/api/api-keys", json={"name": "erp", "permissions": ["office", "admin"]})
        machine.headers["authorization"] = f"Bearer {made.json()['token']}"
        me = (await machine.get("/api/me")).json()
        assert (me["name"], me["permissions"]) == ("key:erp", ["admin", "office", "signed_in"])
        assert said(await machine.get("/api/users")) == (403, "not_allowed")
        [key] = (await machine.get("/api/api-keys")).json()
        assert (await machine.delete(f"/api/api-keys/{key['id']}")).status_code == 204
        assert said(await machine.get("/api/me")) == (401, "not_signed_in")


async def test_a_socket_is_opened_by_our_own_page_or_a_machine(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        await sign_in(client, "picker", "D7")

        def connection(**headers: str) -> ASGIConnection[Any, Any, Any, Any]:
            sent = {"host": "pickwave.local", "cookie": f"pickwave={client.cookies['pickwave']}", **headers}
            raw = [(name.encode(), value.encode()) for name, value in sent.items()]
            scope: Any = {"type": "websocket", "headers": raw, "app": app, "litestar_app": app}
            return ASGIConnection(scope)

        for headers in ({}, {"origin": OWN}):
            actor = await socket_actor(connection(**headers))
            assert (actor.user, actor.device, actor.site) == ("b-picker", "D7", "MAIN")
        for headers in ({"origin": OTHER}, {"origin": "null"}, {"cookie": "pickwave=stolen"}):
            with pytest.raises((NotAuthorizedException, Refusal)):
                await socket_actor(connection(**headers))
