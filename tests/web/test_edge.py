"""The HTTP edge of a real application over a real database: who gets in, what is refused, what is never told."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from pathlib import Path

import pytest

from server.kernel.actor import SYSTEM
from server.orders.model import PutChannel
from server.people import reads
from tests.web.edge import a_client, an_edge, said, sign_in


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


async def test_a_revoked_device_is_out_at_once(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        await sign_in(client, "supervisor")
        token = (await client.post("/api/enrol-tokens", json={"user": "b-picker"})).json()["token"]
        made = await client.post("/api/enrol", json={"token": token, "name": "dock", "kind": "scanner"})
        again = await client.post("/api/enrol", json={"token": token, "name": "thief"})
        assert again.json()["code"] == "join_used"
        device = made.json()
        key = {"authorization": f"Device {device['device']}.{device['key']}"}
        async with a_client(app) as scanner:
            assert (await scanner.get("/api/me", headers=key)).json()["user"] == "b-picker"
            await client.post(f"/api/devices/{device['device']}/revoke")
            assert (await scanner.get("/api/me", headers=key)).status_code == 401


async def test_errors_are_problems_with_security_headers(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for answer in (await client.get("/api/nothing"), await client.post("/api/sign-in", content=b"{")):
            assert answer.headers["content-type"] == "application/problem+json"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert set(answer.json()) == {"type", "title", "status", "code", "facts"}
        assert (await client.get("/../../etc/passwd")).status_code in {404, 503, 200}
        assert b"root:" not in (await client.get("/%2e%2e/%2e%2e/%2e%2e/etc/passwd")).content


async def test_a_signed_webhook_brings_an_order_once_and_a_forged_one_none(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("server.orders.routes").addHandler(caplog.handler)
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
        assert "webhook of shop refused" in caplog.text
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


async def test_ready_says_when_it_cannot_work(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        assert (await client.get("/ready")).json()["status"] == "ready"
        app.state.bus._task.cancel()
        await asyncio.sleep(0.01)
        assert (await client.get("/ready")).status_code == 503
        app.state.bus.start()


async def test_a_change_sent_twice_is_done_once(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        await sign_in(client, "admin")
        ann = {"id": "ann", "name": "Ann", "roles": ["picker"]}
        for name in ("Ann", "Anna"):
            answer = await client.post("/api/users", json=ann | {"name": name}, headers={"idempotency-key": "k1"})
            assert answer.status_code == 201
        assert "Ann" in {user["name"] for user in (await client.get("/api/users")).json()}
        made = await app.state.database.read("SELECT 1 FROM journal WHERE kind = 'UserChanged' AND subject = 'ann'")
        assert len(made) == 1
        answer = await client.post("/api/users", json=ann, headers={"idempotency-key": "k" * 129})
        assert said(answer) == (400, "bad_value")


async def test_a_body_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        answer = await client.post("/api/sign-in", json={"badge": "B", "pin": "1", "email": "x" * 5_000})
        assert said(answer) == (413, "too_large")


async def test_who_tries_what_they_may_not_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "picker")
        assert said(await client.get("/api/users")) == (403, "not_allowed")
    assert "GET '/api/users' refused to 'b-picker' at '10.0.0.1': not_allowed: permission=supervise" in caplog.text


async def test_a_fault_of_ours_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("at line 17 with secret 4711")

    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "supervisor")
        monkeypatch.setattr(reads, "users", broken)
        answer = await client.get("/api/users")
        assert said(answer) == (500, "failed")
        assert "4711" not in answer.text


@pytest.mark.parametrize(
    ("body", "what"),
    [(b"{", "body"), (b'{"badge": 5}', "badge"), (b'{"badge": "\xff"}', "body"), (b'{"badge": "\\ud800"}', "body")],
)
async def test_a_body_that_cannot_be_names_what_is_wrong(tmp_path: Path, body: bytes, what: str) -> None:
    async with an_edge(tmp_path) as (_, client):
        answer = await client.post("/api/sign-in", content=body)
        assert said(answer) == (400, "bad_value")
        assert answer.json()["facts"]["what"] == what
        assert answer.json()["facts"]["reason"]
