"""The HTTP edge of a real application over a real database: who gets in, what is refused, what is never told."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from server.edges import SLICES, create_app
from server.kernel.actor import SYSTEM
from server.orders.model import PutChannel
from server.people.roles import ROLES
from server.people.rules import LIMITS
from server.people.seed import put_person
from server.settings import Settings
from server.sites.model import PutSite

PEOPLE = {"picker": "1111", "packer": "2222", "supervisor": "3333", "office": "4444", "admin": "5555"}


@asynccontextmanager
async def an_edge(folder: Path) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The application with one person of each role, and a client without a cookie."""
    app = create_app(Settings(var=folder, tls="off"))
    async with app.lifespan():
        await app.state.bus.do(SYSTEM, PutSite(id="MAIN", name="Main", country="GB"))
        for role, pin in PEOPLE.items():
            await put_person(app.state.bus, "MAIN", role.title(), role, f"B-{role}", pin)
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://pickwave.local") as client:
            yield app, client


async def sign_in(client: httpx.AsyncClient, role: str) -> None:
    """Sign in, and send the anti-forgery header from now on."""
    answer = await client.post("/api/sign-in", json={"badge": f"B-{role}", "pin": PEOPLE[role], "device": "D1"})
    assert answer.status_code == 200, answer.text
    client.headers["x-csrf-token"] = client.cookies["csrf"]


async def test_a_person_signs_in_and_out(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        assert (await client.get("/api/me")).status_code == 401
        await sign_in(client, "supervisor")
        me = (await client.get("/api/me")).json()
        assert (me["name"], me["site"], me["device"]) == ("Supervisor", "MAIN", "D1")
        token = client.cookies["pickwave"]
        await client.post("/api/sign-out")
        client.cookies.set("pickwave", token)
        assert (await client.get("/api/me")).status_code == 401


async def test_wrong_secrets_are_slowed_down_and_tell_nothing(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for badge in ("B-picker", "B-nobody"):
            for _ in range(LIMITS["badge"].free):
                answer = await client.post("/api/sign-in", json={"badge": badge, "pin": "0"})
                assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")
            locked = await client.post("/api/sign-in", json={"badge": badge, "pin": "1111"})
            assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")


async def test_another_sites_page_cannot_act_with_our_cookie(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "supervisor")
        for header in ("", "guess"):
            client.headers["x-csrf-token"] = header
            answer = await client.post("/api/enrol-tokens", json={"user": "b-picker"})
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_revoked_device_is_out_at_once(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "supervisor")
        token = (await client.post("/api/enrol-tokens", json={"user": "b-picker"})).json()["token"]
        made = await client.post("/api/enrol", json={"token": token, "name": "dock", "kind": "scanner"})
        again = await client.post("/api/enrol", json={"token": token, "name": "thief"})
        assert again.json()["code"] == "bad_credentials"
        device = made.json()
        key = {"authorization": f"Device {device['device']}.{device['key']}"}
        async with httpx.AsyncClient(transport=client._transport, base_url=client.base_url) as scanner:
            assert (await scanner.get("/api/me", headers=key)).json()["user"] == "b-picker"
            await client.post(f"/api/devices/{device['device']}/revoke")
            assert (await scanner.get("/api/me", headers=key)).status_code == 401


def handlers() -> Iterator[tuple[str, str, str | None]]:
    """Walk all handlers of all slices: (method, path, permission; None = public)."""
    for piece in SLICES:
        for handler in piece.HANDLERS:
            if isinstance(handler, HTTPRouteHandler):
                needed = None if handler.opt.get("public") else handler.opt["permission"]
                for path in handler.paths:
                    yield next(iter(handler.http_methods)), path, needed


async def test_every_route_is_closed_to_strangers_and_to_the_wrong_role(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "picker")
        cookies = dict(client.cookies)
        for method, path, needed in handlers():
            if needed is None:
                continue
            url = path.replace("{", "").replace("}", "").replace(":str", "")
            client.cookies.clear()
            assert (await client.request(method, url)).status_code == 401, path
            client.cookies.update(cookies)
            if needed and needed not in ROLES["picker"] | {"signed_in"}:
                assert (await client.request(method, url)).status_code == 403, path


async def test_errors_are_problems_with_security_headers(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for answer in (await client.get("/api/nothing"), await client.post("/api/sign-in", content=b"{")):
            assert answer.headers["content-type"] == "application/problem+json"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert set(answer.json()) == {"type", "title", "status", "code", "facts"}
        assert (await client.get("/../../etc/passwd")).status_code in {404, 503, 200}
        assert b"root:" not in (await client.get("/%2e%2e/%2e%2e/%2e%2e/etc/passwd")).content


async def test_a_signed_webhook_brings_an_order_once_and_a_forged_one_none(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        await app.state.bus.do(SYSTEM, PutChannel(id="shop", kind="shopify", secret="s3cret"))
        line = {"id": 1, "sku": "MUG", "title": "Mug", "quantity": 2, "price": "5.00", "requires_shipping": True}
        body = json.dumps(
            {"id": 77, "name": "#77", "currency": "GBP", "total_price": "10.00", "line_items": [line]}
            | {"financial_status": "paid", "created_at": "2026-01-01T10:00:00Z", "updated_at": "2026-01-01T10:00:00Z"}
        ).encode()
        good = base64.b64encode(hmac.new(b"s3cret", body, hashlib.sha256).digest()).decode()
        url = "/api/channels/shop/webhook"
        forged = await client.post(url, content=body, headers={"x-shopify-hmac-sha256": "nonsense"})
        assert forged.status_code == 401
        for _ in range(2):
            taken = await client.post(url, content=body, headers={"x-shopify-hmac-sha256": good})
            assert taken.json() == {"orders": 1, "returns": 0, "rejected": 0}
        await sign_in(client, "office")
        [order] = (await client.get("/api/orders")).json()
        assert (order["name"], order["state"], order["lines"]) == ("#77", "on_hold", 1)


async def test_the_schema_describes_every_operation(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        paths = (await client.get("/schema/openapi.json")).json()["paths"]
        plain = [f"{m} {p}" for p, ms in paths.items() for m, o in ms.items() if not o.get("description")]
        assert not plain


@pytest.mark.parametrize("name", ["busy writer"])
async def test_ready_says_when_it_cannot_work(tmp_path: Path, name: str) -> None:
    del name
    async with an_edge(tmp_path) as (app, client):
        assert (await client.get("/ready")).json()["status"] == "ready"
        app.state.bus._writer.cancel()
        await asyncio.sleep(0.01)
        assert (await client.get("/ready")).status_code == 503
        app.state.bus.start()
