"""Histories of users, devices and keys on a real database."""

from __future__ import annotations

from pathlib import Path

from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import HOUR
from server.people.model import (
    EnrolDevice,
    PutApiKey,
    PutToken,
    PutUser,
    RevokeDevice,
    RevokeSession,
    SetBadge,
    SetPin,
    StartSession,
)
from server.people.roles import permissions_of
from server.people.secrets import digest, hashed, matches, new_badge, new_token
from server.people.store import DEVICES, SESSIONS, USERS
from tests.kit import World, world

ANN = PutUser("ann", "Ann", ("picker",), email="Ann@Example.com", badge="B1", site="MAIN", pin_hash="pin")
ADA = PutUser("ada", "Ada", ("admin",), badge="B9")
BOSS = Actor("eve", "D0", permissions_of(["supervisor"]), "MAIN", "own")


async def signed_in(w: World, user: str, device: str, session: str) -> None:
    """Somebody has proved who they are."""
    await w.do(StartSession(session, user, device, "badge:B"))


async def test_a_user_is_changed_and_keeps_the_secret(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        assert await w.do(ANN) == "ann"
        await w.do(PutUser("ann", "Ann B.", ("packer",), email="ann@example.com", badge="B1", site="MAIN"))
        user = await w.one(USERS, "id = 'ann'")
        assert (user.name, user.roles, user.pin_hash, user.email) == ("Ann B.", ("packer",), "pin", "ann@example.com")


async def test_a_badge_and_an_address_mean_one_user(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.do(ANN)
        for other in (PutUser("x", "X", ("picker",), badge="B1"), PutUser("x", "X", (), email="ANN@example.com")):
            assert (await w.refused(other)).code == "bad_value"
        await w.do(ADA)
        assert (await w.refused(SetBadge("ada", "B1"))).facts["what"] == "badge"


async def test_an_enrolled_device_works_once_per_token_and_in_time(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.do(ANN)
        await w.do(PutToken("t1", "ann", "MAIN", w.now + HOUR), BOSS)
        await w.do(EnrolDevice("t1", "CAM1", "dock", "scanner", "hash"))
        device = await w.one(DEVICES, "id = 'CAM1'")
        assert (device.user, device.kind, device.site, device.revoked) == ("ann", "scanner", "MAIN", False)
        await w.do(PutToken("t2", "ann", "MAIN", w.now + HOUR), BOSS)
        w.now += HOUR + 10
        for token, code in (("t1", "join_used"), ("t2", "join_expired"), ("never", "join_unknown")):
            assert (await w.refused(EnrolDevice(token, "CAM2", "", "scanner", "hash"))).code == code


async def test_nobody_climbs(tmp_path: Path) -> None:
    """A supervisor cannot become admin by a token, a PIN, a badge or a key; nor can a key that makes users."""
    async with world(tmp_path) as w:
        await w.do(ADA)
        for command in (PutToken("t", "ada", "", w.now + HOUR), SetPin("ada", "pin"), SetBadge("ada", "B2")):
            assert (await w.refused(command, BOSS)).code == "not_allowed"
        key = Actor("key:erp", permissions=frozenset({"signed_in", "admin"}))
        for made in (PutUser("me", "Me", ("admin",)), PutApiKey("k", "k", ("supervise",)), SetPin("ada", "pin")):
            assert (await w.refused(made, key)).code == "not_allowed"
        assert (await w.refused(PutApiKey("k", "k", ("*",)))).code == "bad_value"


async def test_at_a_device_with_a_key_nobody_else_signs_in(tmp_path: Path) -> None:
    """Else its key would speak for whoever signed in there last."""
    async with world(tmp_path) as w:
        await w.do(ANN)
        await w.do(ADA)
        await w.do(PutToken("t", "ann", "MAIN", w.now + HOUR))
        await w.do(EnrolDevice("t", "CAM1", "dock", "scanner", "hash"))
        assert (await w.refused(StartSession("s", "ada", "CAM1", "badge:B9"))).code == "not_allowed"
        assert (await w.one(DEVICES, "id = 'CAM1'")).user == "ann"


async def test_a_revoked_device_loses_its_sessions_and_lets_nobody_in(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.do(ANN)
        for device, session in (("D1", "s1"), ("D1", "s2"), ("D2", "s3")):
            await signed_in(w, "ann", device, session)
        await w.do(RevokeDevice("D1"), BOSS)
        assert [s.id for s in await w.all(SESSIONS, "revoked")] == ["s1", "s2"]
        assert [e.subject for e in await w.events("SessionRevoked")] == ["s1", "s2"]
        assert (await w.refused(StartSession("s4", "ann", "D1", "badge:B1"))).code == "device_revoked"


async def test_a_revoked_device_comes_back_by_a_new_code_and_only_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.do(ANN)
        await signed_in(w, "ann", "D1", "s1")
        await w.do(RevokeDevice("D1"), BOSS)
        await w.do(PutToken("t1", "ann", "MAIN", w.now + HOUR), BOSS)
        await w.do(StartSession("s2", "ann", "D1", "badge:B1", token="t1"))
        assert not (await w.one(DEVICES, "id = 'D1'")).revoked
        assert (await w.refused(StartSession("s3", "ann", "D2", "badge:B1", token="t1"))).code == "join_used"
        told = [(e.kind, e.user) for kind in ("DeviceInvited", "DeviceEnrolled") for e in await w.events(kind)]
        assert told == [("DeviceInvited", BOSS.user), ("DeviceEnrolled", SYSTEM.user)]


async def test_a_new_pin_ends_sessions_but_the_one_that_sets_it(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.do(ANN)
        for session in ("s1", "s2"):
            await signed_in(w, "ann", "D1", session)
        ann = Actor("ann", "D1", permissions_of(["supervisor"]), "MAIN", "s1")
        await w.do(SetPin("ann", "new"), ann)
        assert [s.id for s in await w.all(SESSIONS, "revoked")] == ["s2"]
        assert (await w.one(USERS, "id = 'ann'")).pin_hash == "new"


async def test_one_ends_ones_own_session_only(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.do(ANN)
        await signed_in(w, "ann", "D1", "s1")
        colleague = Actor("ben", "D2", permissions_of(["picker"]))
        assert (await w.refused(RevokeSession("s1"), colleague)).code == "not_allowed"
        await w.do(RevokeSession("s1"), Actor("ann", "D1", permissions_of(["picker"])))
        assert (await w.one(SESSIONS)).revoked


async def test_the_journal_tells_what_happened_and_no_secret(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        pin, token = await hashed("4711"), new_token()
        await w.do(PutUser("ann", "Ann", ("picker",), badge=new_badge(), pin_hash=pin))
        await w.do(PutToken(digest(token), "ann", "", w.now + HOUR), SYSTEM)
        told = "".join(e.body for e in await w.events())
        assert not any(secret in told for secret in (pin, token, digest(token)))
        assert await matches(pin, "4711")
        assert not await matches(pin, "4712")
