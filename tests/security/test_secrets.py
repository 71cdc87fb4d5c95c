"""What must never be in a log, at any level: badges, PINs, passwords, tokens, keys, secrets of channels."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from server import logs
from server.people import reads, sign_in
from server.protocol.frames import Ping, encode
from tests.security.house import PIN, Served, served, signed_in

PASSWORD, CHANNEL, WRONG, BADGE = "correct horse battery", "whsec-7f3a", "864209753", "BADGE-0XQ7"
CLIENTS = ("httpx", "httpcore", "websockets.client")
"""The test's own end of the line."""


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Keep all that the server logs, from debug up, as JSON lines and as text."""
    out, root = io.StringIO(), logging.getLogger()
    level, handlers = root.level, []
    for form in (logs.JsonLines(), logs.Readable()):
        handler = logging.StreamHandler(out)
        handler.setFormatter(form)
        handler.addFilter(lambda record: not record.name.startswith(CLIENTS))
        root.addHandler(handler)
        handlers.append(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)


async def a_shift(house: Served, secrets: list[str]) -> None:
    """Do everything that a secret takes part in, well and badly."""
    async with signed_in(house, "admin", "D1") as web:
        secrets += [web.cookies["pickwave"], web.cookies["csrf"]]
        ann = {"id": "ann", "name": "Ann", "roles": ["picker"], "badge": BADGE, "pin": PIN, "password": PASSWORD}
        assert (await web.post("/api/users", json=ann)).status_code == 201
        secrets.append((await web.post("/api/users/ann/badge")).json()["badge"])
        key = (await web.post("/api/api-keys", json={"name": "erp", "permissions": ["machine"]})).json()["token"]
        token = (await web.post("/api/enrol-tokens", json={"user": "ann"})).json()["token"]
        device = (await web.post("/api/enrol", json={"token": token})).json()
        code = (await web.post("/api/enrol-tokens", json={"user": "ann"})).json()["token"]
        for join in (code, f"{code}x"):
            await web.post("/api/join", json={"join": join})
            await web.post("/api/sign-in", json={"join": join, "pin": "0000", "device": "D2"})
        secrets += [key, token, code, device["key"]]
        for authorization in (f"Bearer {key}", f"Bearer {key}x", f"Device {device['device']}.{device['key']}"):
            await web.get("/api/me", headers={"authorization": authorization})
        channel = {"do": "put_channel", "id": "shop", "kind": "shopify", "secret": CHANNEL}
        assert (await web.post("/api/channels", json=channel)).status_code == 201
        await a_webhook(web, secrets)
        live = house.url.replace("http", "ws", 1) + "/live"
        backwards = {"Cookie": f"csrf={web.cookies['csrf']}; pickwave={web.cookies['pickwave']}"}
        async with connect(live, additional_headers=backwards, proxy=None) as socket:
            await socket.send(encode(Ping(1)), text=True)
            await socket.recv()


async def a_webhook(web: httpx.AsyncClient, secrets: list[str]) -> None:
    """Deliver one that is signed, and one that is not."""
    for secret in (CHANNEL, "forged"):
        body = b'{"id": 1}'
        signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
        await web.post("/api/channels/shop/webhook", content=body, headers={"x-shopify-hmac-sha256": signature})
        secrets.append(signature)


async def a_stranger(house: Served) -> None:
    """Sign in badly, with what is somebody's and with what is nobody's."""
    async with httpx.AsyncClient(base_url=house.url) as web:
        for badge in ("B-picker", BADGE, "BADGE-NOBODY"):
            answer = await web.post("/api/sign-in", json={"badge": badge, "pin": WRONG})
            assert answer.status_code == 401
        await web.post("/api/sign-in", content=b'{"badge": "' + BADGE.encode() + b'", "pin": ' + WRONG.encode())


async def a_crash(house: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign in while everything falls apart, with the form in the exception's own words."""

    async def broken(_: object, data: object) -> bool:
        raise RuntimeError(f"cannot take {data!r}")

    async def lost(*_: object) -> None:
        raise RuntimeError(f"SELECT ... badge='{BADGE}', token={CHANNEL!r}, authorization: Bearer {CHANNEL}")

    monkeypatch.setattr(sign_in, "_proved", broken)
    async with httpx.AsyncClient(base_url=house.url) as web:
        form = {"badge": "B-picker", "pin": PIN, "email": "", "password": PASSWORD}
        assert (await web.post("/api/sign-in", json=form)).status_code == 500
    monkeypatch.setattr(reads, "by_badge", lost)
    async with httpx.AsyncClient(base_url=house.url) as web:
        assert (await web.post("/api/sign-in", json={"badge": BADGE, "pin": PIN})).status_code == 500


async def test_no_secret_is_ever_in_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = [PIN, PASSWORD, CHANNEL, WRONG, BADGE, "B-picker", "B-admin"]
    async with served(tmp_path) as house:
        with everything_logged() as out:
            await a_shift(house, secrets)
            await a_stranger(house)
            await a_crash(house, monkeypatch)
    logged = out.getvalue()
    assert "sign-in refused" in logged
    assert "cannot take" in logged
    assert [secret for secret in secrets if secret in logged] == []


async def test_no_secret_is_ever_in_the_journal_or_the_answers(tmp_path: Path) -> None:
    secrets = [PASSWORD, CHANNEL]
    async with served(tmp_path) as house:
        await a_shift(house, secrets)
        told = [await house.world.database.read(f"SELECT * FROM {table}") for table in ("journal", "oplog")]
        async with signed_in(house, "admin", "D1") as web:
            told += [(await web.get(f"/api/{name}")).json() for name in ("users", "devices", "api-keys", "sessions")]
        badge = secrets.pop(4)
        assert badge.startswith("BADGE-")
        assert [secret for secret in secrets if secret in str(told)] == []
