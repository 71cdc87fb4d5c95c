"""Signing in: secrets tell nothing, tries are counted, sessions end when they are ended."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import httpx
import pytest
from argon2 import PasswordHasher

from server.kernel.clock import DAY, MINUTE
from server.people import secrets
from server.people.model import DESK_MS, SESSION_MS
from server.people.rules import LIMITS
from tests.web.edge import Hands, a_client, an_edge, said, sign_in

FREE = LIMITS["badge"].free


async def guess(client: httpx.AsyncClient, badge: str, pin: str = "0000") -> tuple[int, str]:
    """Try a PIN."""
    return said(await client.post("/api/sign-in", json={"badge": badge, "pin": pin}))


async def test_wrong_secrets_are_slowed_down_and_tell_nothing(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for badge in ("B-picker", "B-nobody"):
            assert {await guess(client, badge) for _ in range(FREE)} == {(401, "bad_credentials")}
            assert await guess(client, badge, "1111") == (429, "too_many_attempts")


async def test_haste_does_not_help(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        answers = await asyncio.gather(*(guess(client, "B-picker", f"{pin:04}") for pin in range(30)))
        assert answers.count((401, "bad_credentials")) == FREE
        assert answers.count((429, "too_many_attempts")) == 30 - FREE


async def test_a_lock_opens_with_time_and_closes_for_longer(tmp_path: Path) -> None:
    clock = Hands()
    async with an_edge(tmp_path, clock) as (_, client):
        for _ in range(FREE):
            await guess(client, "B-picker")
        locked = await client.post("/api/sign-in", json={"badge": "B-picker", "pin": "1111"})
        assert locked.headers["retry-after"] == str(locked.json()["facts"]["seconds"]) == "61"
        clock.now += MINUTE
        assert await guess(client, "B-picker") == (401, "bad_credentials")
        clock.now += MINUTE
        assert await guess(client, "B-picker", "1111") == (429, "too_many_attempts")
        clock.now += MINUTE
        await sign_in(client, "picker")
        assert await guess(client, "B-picker") == (401, "bad_credentials")


async def test_trying_badge_after_badge_locks_the_address_but_nobody_else(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, client):
        for number in range(LIMITS["address"].free):
            assert await guess(client, f"B-{number}") == (401, "bad_credentials")
        assert await guess(client, "B-picker", "1111") == (429, "too_many_attempts")
        async with a_client(app, "10.0.0.2") as colleague:
            await sign_in(colleague, "picker")


async def test_who_guesses_elsewhere_locks_nobody_out_at_their_own_phone(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, phone), a_client(app, "10.0.0.66") as thief:
        await sign_in(phone, "picker", "D1")
        for _ in range(FREE + 1):
            await guess(thief, "B-picker")
        assert await guess(thief, "B-picker", "1111") == (429, "too_many_attempts")
        await sign_in(phone, "picker", "D1")


async def test_a_colleague_who_locks_the_address_locks_nobody_out_at_their_own_phone(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, phone), a_client(app) as colleague:
        await sign_in(phone, "picker", "D1")
        for number in range(LIMITS["address"].free + 1):
            await guess(colleague, f"B-{number}")
        assert await guess(colleague, "B-picker", "1111") == (429, "too_many_attempts")
        await sign_in(phone, "picker", "D1")


async def test_a_phone_that_was_taken_guesses_no_faster(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, boss), a_client(app) as phone:
        await sign_in(boss, "supervisor", "D0")
        await sign_in(phone, "picker", "D1")
        wrong = {"badge": "B-picker", "pin": "0000", "device": "D1"}
        answers = [said(await phone.post("/api/sign-in", json=wrong))[0] for _ in range(FREE + 1)]
        assert answers == [401] * FREE + [429]
        await boss.post("/api/users/b-picker/pin", json={"pin": "1111"})
        await sign_in(phone, "picker", "D1")


async def test_signing_in_makes_a_new_session_and_ends_the_one_before(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, phone), a_client(app) as thief:
        await sign_in(phone, "picker")
        first = phone.cookies["pickwave"]
        await sign_in(phone, "packer")
        assert phone.cookies["pickwave"] != first
        thief.cookies.set("pickwave", first)
        assert said(await thief.get("/api/me")) == (401, "not_signed_in")


async def test_a_session_that_somebody_planted_is_never_used(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, phone), a_client(app) as thief:
        planted = {"cookie": f"pickwave={'A' * 43}"}
        answer = await phone.post("/api/sign-in", json={"badge": "B-picker", "pin": "1111"}, headers=planted)
        assert "A" * 43 not in answer.headers["set-cookie"]
        assert said(await thief.get("/api/me", headers=planted)) == (401, "not_signed_in")


async def test_an_unknown_user_costs_the_same_work_as_a_wrong_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    known, checked = await secrets.hashed("1234"), []

    class Hasher(PasswordHasher):
        def verify(self, stored: str | bytes, secret: str | bytes) -> Literal[True]:
            checked.append(stored)
            return super().verify(stored, secret)

    monkeypatch.setattr(secrets, "HASHER", Hasher())
    monkeypatch.setattr(secrets, "nobody", lambda: known)
    assert [await secrets.matches(stored, "0000") for stored in (known, "")] == [False, False]
    assert checked == [known, known]
    assert not await secrets.matches("", "1234")


async def test_cookies_are_for_our_own_pages_only(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        answer = await client.post("/api/sign-in", json={"badge": "B-picker", "pin": "1111", "device": "D1"})
        session, csrf = sorted(answer.headers.get_list("set-cookie"), key=lambda c: c.startswith("csrf"))
        assert all(word in session for word in ("pickwave=", "HttpOnly", "SameSite=strict", "Path=/"))
        assert "HttpOnly" not in csrf
        secure = await client.post("https://pickwave.local/api/sign-in", json={"badge": "B-picker", "pin": "1111"})
        assert all("Secure" in cookie for cookie in secure.headers.get_list("set-cookie"))


async def test_sessions_are_seen_and_ended_by_their_owner_or_a_supervisor(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, boss), a_client(app) as phone, a_client(app) as tablet:
        await sign_in(boss, "supervisor", "D0")
        await sign_in(phone, "picker", "D1")
        await sign_in(tablet, "picker", "D2")
        [here] = [s for s in (await phone.get("/api/sessions")).json() if s["current"]]
        [there] = [s for s in (await phone.get("/api/sessions")).json() if not s["current"]]
        assert (here["device"], there["device"]) == ("D1", "D2")
        assert said(await phone.get("/api/sessions?user=b-supervisor")) == (403, "not_allowed")
        assert (await phone.delete(f"/api/sessions/{there['id']}")).status_code == 204
        assert said(await tablet.get("/api/me")) == (401, "not_signed_in")
        [last] = (await boss.get("/api/sessions?user=b-picker")).json()
        assert (await boss.delete(f"/api/sessions/{last['id']}")).status_code == 204
        assert said(await phone.get("/api/me")) == (401, "not_signed_in")


async def test_a_colleagues_session_is_not_ours_to_end(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, boss), a_client(app) as phone:
        await sign_in(boss, "supervisor", "D0")
        await sign_in(phone, "picker", "D1")
        [session] = (await boss.get("/api/sessions")).json()
        assert said(await phone.delete(f"/api/sessions/{session['id']}")) == (403, "not_allowed")


async def test_a_session_ends_by_itself_after_a_month(tmp_path: Path) -> None:
    clock = Hands()
    async with an_edge(tmp_path, clock) as (_, client):
        await sign_in(client, "picker")
        clock.now += SESSION_MS - DAY
        assert (await client.get("/api/me")).status_code == 200
        clock.now += DAY + 1
        assert said(await client.get("/api/me")) == (401, "not_signed_in")


async def test_who_may_do_more_than_the_floor_signs_in_each_shift(tmp_path: Path) -> None:
    clock = Hands()
    async with an_edge(tmp_path, clock) as (_, client):
        await sign_in(client, "office")
        clock.now += DESK_MS
        assert (await client.get("/api/me")).status_code == 200
        clock.now += 1
        assert said(await client.get("/api/me")) == (401, "not_signed_in")


async def test_a_new_pin_signs_out_and_unlocks(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, boss), a_client(app) as phone:
        await sign_in(boss, "supervisor", "D0")
        await sign_in(phone, "picker", "D1")
        for _ in range(FREE + 1):
            await guess(phone, "B-picker")
        assert (await boss.post("/api/users/b-picker/pin", json={"pin": "9876"})).status_code == 201
        assert said(await phone.get("/api/me")) == (401, "not_signed_in")
        answer = await phone.post("/api/sign-in", json={"badge": "B-picker", "pin": "9876"})
        assert answer.status_code == 200


async def test_an_office_password_is_set_and_used_in_any_case_of_the_address(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, admin), a_client(app) as desk:
        await sign_in(admin, "admin", "D0")
        olga = {"id": "olga", "name": "Olga", "roles": ["office"], "email": "Olga@Example.com"}
        assert said(await admin.post("/api/users", json=olga | {"password": "short"})) == (400, "bad_value")
        assert (await admin.post("/api/users", json=olga | {"password": "long enough"})).status_code == 201
        answer = await desk.post("/api/sign-in", json={"email": "oLGA@example.COM", "password": "long enough"})
        assert answer.json()["name"] == "Olga"
        assert (await admin.post("/api/users/olga/password", json={"password": "another one"})).status_code == 201
        assert said(await desk.get("/api/me")) == (401, "not_signed_in")


async def test_a_lost_badge_is_replaced(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (app, boss), a_client(app) as phone:
        await sign_in(boss, "supervisor", "D0")
        badge = (await boss.post("/api/users/b-picker/badge")).json()["badge"]
        assert badge.startswith("BADGE-")
        assert await guess(phone, "B-picker", "1111") == (401, "bad_credentials")
        assert (await phone.post("/api/sign-in", json={"badge": badge, "pin": "1111"})).status_code == 200
