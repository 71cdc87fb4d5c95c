"""A phone joins by a code: badge and device are bound by one scan, once, in time, and with the PIN if there is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import RequestFactory

from server.db import journal
from server.kernel.actor import SYSTEM
from server.kernel.clock import MINUTE
from server.people.model import PutUser
from server.people.rules import LIMITS
from server.people.secrets import hashed
from server.settings import Settings
from server.web.hosts import provide_entrance
from tests.web.edge import Hands, a_client, an_edge, said, sign_in

PICKER = {"pin": "1111"}


@asynccontextmanager
async def a_code(
    folder: Path, user: str = "b-picker", clock: Hands | None = None
) -> AsyncIterator[tuple[Litestar, str]]:
    """A house whose supervisor, or for others than pickers the admin, has just made a code for somebody."""
    async with an_edge(folder, clock) as (app, boss):
        bare = PutUser("bare", "Bare", ("picker",), site="MAIN")
        office = PutUser("olga", "Olga", ("office",), email="o@x.com", password_hash=await hashed("long-password"))
        for command in (bare, office):
            await app.state.bus.do(SYSTEM, command)
        await sign_in(boss, "admin", "DESK")
        yield app, (await boss.post("/api/enrol-tokens", json={"user": user, "minutes": 15})).json()["token"]


async def join(phone: httpx.AsyncClient, code: str, device: str = "P1", **secret: str) -> httpx.Response:
    """Bring a code."""
    return await phone.post("/api/sign-in", json={"join": code, "device": device, **secret})


async def test_one_code_binds_a_person_to_a_device(tmp_path: Path) -> None:
    async with a_code(tmp_path) as (app, code), a_client(app) as phone:
        assert (await phone.post("/api/join", json={"join": code})).json() == {"name": "Picker", "asks": "pin"}
        assert (await join(phone, code, **PICKER)).status_code == 200
        me = (await phone.get("/api/me")).json()
        assert (me["user"], me["device"]) == ("b-picker", "P1")
        entries = await journal.after(app.state.database, 0)
        assert [(e.kind, e.user) for e in entries if e.kind.startswith("Device")] == [
            ("DeviceInvited", "b-admin"),
            ("DeviceEnrolled", SYSTEM.user),
        ]


async def test_the_pin_is_asked_and_a_wrong_one_does_not_use_the_code_up(tmp_path: Path) -> None:
    async with a_code(tmp_path) as (app, code), a_client(app) as phone:
        for wrong in ({}, {"pin": "0000"}, {"password": "1111"}):
            assert said(await join(phone, code, **wrong)) == (401, "bad_credentials")
        assert (await join(phone, code, **PICKER)).status_code == 200


async def test_the_pin_cannot_be_guessed_with_a_code_either(tmp_path: Path) -> None:
    async with a_code(tmp_path) as (app, code), a_client(app) as phone:
        for _ in range(LIMITS["badge"].free):
            await join(phone, code, pin="0000")
        assert said(await join(phone, code, **PICKER)) == (429, "too_many_attempts")


@pytest.mark.parametrize(
    ("user", "asks", "secret"), [("bare", "", {}), ("olga", "password", {"password": "long-password"})]
)
async def test_what_is_asked_is_what_the_person_has(
    tmp_path: Path, user: str, asks: str, secret: dict[str, str]
) -> None:
    async with a_code(tmp_path, user) as (app, code), a_client(app) as phone:
        assert (await phone.post("/api/join", json={"join": code})).json()["asks"] == asks
        assert not asks or said(await join(phone, code)) == (401, "bad_credentials")
        assert (await join(phone, code, **secret)).json()["user"] == user


async def test_a_code_works_once_also_in_haste(tmp_path: Path) -> None:
    async with a_code(tmp_path, "bare") as (app, code), a_client(app) as phone:
        answers = await asyncio.gather(*(join(phone, code, f"P{number}") for number in range(5)))
        assert sorted(said(each)[1] if each.status_code != 200 else "" for each in answers) == ["", *["join_used"] * 4]
        assert said(await phone.post("/api/join", json={"join": code})) == (401, "join_used")


async def test_a_code_is_short_lived_and_leaves_with_its_person(tmp_path: Path) -> None:
    clock = Hands()
    async with a_code(tmp_path, "bare", clock) as (app, code), a_client(app) as phone:
        assert (await phone.post("/api/join", json={"join": code})).status_code == 200
        clock.now += 15 * MINUTE + 1
        assert said(await join(phone, code)) == (401, "join_expired")
    async with a_code(tmp_path / "other", "bare") as (app, code), a_client(app) as phone:
        await app.state.bus.do(SYSTEM, PutUser("bare", "Bare", ("picker",), active=False))
        assert said(await join(phone, code)) == (401, "join_unknown")


async def test_codes_cannot_be_tried_out(tmp_path: Path) -> None:
    async with a_code(tmp_path, "bare") as (app, code), a_client(app, "10.6.6.6") as thief:
        for number in range(LIMITS["address"].free):
            assert said(await thief.post("/api/join", json={"join": f"guess-{number}"})) == (401, "join_unknown")
        assert said(await join(thief, code)) == (429, "too_many_attempts")


async def test_only_a_hash_of_the_code_is_kept(tmp_path: Path) -> None:
    async with a_code(tmp_path) as (app, code):
        kept = await app.state.database.read("SELECT id FROM enrol_token")
        assert len(kept) == 1
        assert code not in kept[0]["id"]
        assert all(code not in entry.body for entry in await journal.after(app.state.database, 0))


async def test_a_revoked_phone_is_told_so_and_comes_back_by_a_new_code(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, boss), a_client(app) as phone:
        await sign_in(boss, "supervisor", "DESK")
        await sign_in(phone, "picker", "P1")
        await boss.post("/api/devices/P1/revoke")
        assert said(await phone.get("/api/me")) == (401, "device_revoked")
        again = {"badge": "B-picker", "pin": "1111", "device": "P1"}
        assert said(await phone.post("/api/sign-in", json=again)) == (401, "device_revoked")
        code = (await boss.post("/api/enrol-tokens", json={"user": "b-picker"})).json()["token"]
        assert (await join(phone, code, **PICKER)).status_code == 200
        assert (await phone.get("/api/me")).json()["device"] == "P1"


@pytest.mark.parametrize(
    ("host", "how", "entrance"),
    [
        ("localhost:8443", {"names": ["10.0.0.7", "dock.local"]}, "http://10.0.0.7:8080/"),
        ("dock.local:8443", {"names": ["fd00::7"]}, "http://[fd00::7]:8080/"),
        ("dock.local:8443", {"http_port": 0}, "https://dock.local:8443/"),
        ("wms.example.com", {"tls_certificate": Path("own.pem")}, "https://wms.example.com/"),
        ("wms.example.com", {"tls": "off"}, "https://wms.example.com/"),
    ],
)
def test_a_code_leads_over_the_joining_page_where_there_is_one(host: str, how: dict[str, Any], entrance: str) -> None:
    asked = RequestFactory().get("/")
    asked.scope["scheme"], asked.scope["headers"] = "https", [(b"host", host.encode())]
    assert provide_entrance(asked, Settings(**how)) == entrance


async def test_the_code_leads_to_the_app_behind_what_is_never_sent(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, boss):
        await sign_in(boss, "supervisor", "DESK")
        made = (await boss.post("/api/enrol-tokens", json={"user": "b-picker"})).json()
        assert made["url"] == f"http://pickwave.local/#/join/{made['token']}"
        assert made["qr"].startswith("data:image/svg+xml")
