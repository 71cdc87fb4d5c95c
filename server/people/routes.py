"""Sign in, sign out, users, devices."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from msgspec import Meta

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import DAY, Clock
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.people import reads, rules
from server.people.model import (
    SESSION_MS,
    EnrolDevice,
    FailSignIn,
    PutApiKey,
    PutToken,
    PutUser,
    RevokeDevice,
    RevokeSession,
    StartSession,
    User,
    permissions_of,
)
from server.people.secrets import digest, hashed, matches, new_token
from server.settings import Settings

Short = Annotated[str, Meta(max_length=200)]


class SignIn(msgspec.Struct, frozen=True):
    """Badge and PIN on the floor, e-mail and password in the office; `device` is the device's own id."""

    badge: Short = ""
    pin: Short = ""
    email: Short = ""
    password: Short = ""
    device: Short = ""


class Me(msgspec.Struct, frozen=True):
    """Who is signed in, where, and what they may do."""

    user: str
    name: str
    site: str
    permissions: tuple[str, ...]
    device: str
    language: str = "en"


class NewUser(msgspec.Struct, frozen=True):
    """A user to make or change; an empty PIN or password leaves the one there is."""

    id: str
    name: str
    roles: tuple[str, ...]
    email: Short = ""
    badge: Short = ""
    site: str = ""
    language: str = "en"
    active: bool = True
    pin: Short = ""
    password: Short = ""


class Enrol(msgspec.Struct, frozen=True):
    """A device asks for its key with a one-time token."""

    token: Short
    name: Short = ""
    kind: Short = "scanner"


class Enrolled(msgspec.Struct, frozen=True):
    """A device's id and key, and the site's CA (PEM; '' where certificates are public)."""

    device: str
    key: str
    ca: str


class NewToken(msgspec.Struct, frozen=True):
    """For whom a device may enrol, and for how long."""

    user: str
    site: str = ""
    minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)] = 60


class Secret(msgspec.Struct, frozen=True):
    """Shown once."""

    token: str


class NewKey(msgspec.Struct, frozen=True):
    """A machine's key and what it may do."""

    name: Short
    permissions: tuple[str, ...]


@post("/api/sign-in", opt={"public": True}, tags=["people"], summary="Sign in", status_code=200)
async def sign_in(
    request: Request[Any, Any, Any], bus: Bus, database: Database, settings: Settings, clock: Clock, data: SignIn
) -> Response[Me]:
    """Sign in with badge and PIN, or e-mail and password. Refused sign-ins of a badge or address are slowed down."""
    attempt = f"{data.badge or data.email.lower()}@{request.client.host if request.client else ''}"
    if wait := rules.wait_ms(await reads.attempts(database, attempt), clock()):
        raise Refusal("too_many_attempts", seconds=wait // 1_000 + 1)
    user = await _proved(database, data)
    if user is None:
        await bus.do(SYSTEM, FailSignIn(attempt))
        raise Refusal("bad_credentials")
    token, device = new_token(), data.device or ulid()
    await bus.do(SYSTEM, StartSession(digest(token), user.id, device, attempt))
    secure = settings.tls != "off"
    cookies = [_cookie("pickwave", token, secret=True, secure=secure), _cookie("csrf", new_token(), secure=secure)]
    return Response(_me(user, device), cookies=cookies)


def _cookie(key: str, value: str, *, secure: bool, secret: bool = False) -> Cookie:
    """Make a cookie for our own pages only; a secret one is not shown to scripts."""
    return Cookie(
        key=key,
        value=value,
        path="/",
        max_age=SESSION_MS // 1_000,
        secure=secure,
        httponly=secret,
        samesite="strict",
    )


async def _proved(database: Database, data: SignIn) -> User | None:
    """Give the user whose secret this is; as slow where there is none."""
    user = await reads.by_badge(database, data.badge) if data.badge else await reads.by_email(database, data.email)
    stored = (user.pin_hash if data.badge else user.password_hash) if user and user.active else ""
    good = await matches(stored, data.pin if data.badge else data.password)
    return user if good else None


def _me(user: User, device: str) -> Me:
    return Me(user.id, user.name, user.site, tuple(sorted(permissions_of(user.roles))), device, user.language)


@post("/api/sign-out", opt={"permission": ""}, tags=["people"], summary="Sign out", status_code=204)
async def sign_out(bus: Bus, actor: Actor) -> None:
    """End this session."""
    if actor.session:
        await bus.do(actor, RevokeSession(actor.session))


@get("/api/me", opt={"permission": ""}, tags=["people"], summary="Who am I")
async def me(database: Database, actor: Actor) -> Me:
    """Give who is signed in and what they may do now."""
    return _me(await reads.user(database, actor.user), actor.device)


@get("/api/users", opt={"permission": "supervise"}, tags=["people"], summary="Users")
async def list_users(database: Database) -> list[reads.UserView]:
    """Give all users, without their secrets."""
    return await reads.users(database)


@post("/api/users", opt={"permission": "admin"}, tags=["people"], summary="Make or change a user")
async def put_user(bus: Bus, actor: Actor, data: NewUser, op_id: str) -> None:
    """Make a user, or change one: roles, badge, site, PIN, password."""
    pin = await hashed(data.pin) if data.pin else ""
    password = await hashed(data.password) if data.password else ""
    head = (data.id, data.name, data.roles, data.email, data.badge, data.site, data.language, data.active)
    await bus.do(actor, PutUser(*head, pin, password), op_id=op_id)


@get("/api/devices", opt={"permission": "supervise"}, tags=["people"], summary="Devices")
async def list_devices(database: Database) -> list[reads.DeviceView]:
    """Give all devices and who used them last."""
    return await reads.devices(database)


@post("/api/devices/{device:str}/revoke", opt={"permission": "supervise"}, tags=["people"], summary="Revoke a device")
async def revoke_device(bus: Bus, actor: Actor, device: str, op_id: str) -> None:
    """End the key and all sessions of a lost device, at once."""
    await bus.do(actor, RevokeDevice(device), op_id=op_id)


@delete("/api/sessions/{session:str}", opt={"permission": "supervise"}, tags=["people"], summary="Revoke a session")
async def revoke_session(bus: Bus, actor: Actor, session: str) -> None:
    """End a session."""
    await bus.do(actor, RevokeSession(session))


@post("/api/enrol-tokens", opt={"permission": "supervise"}, tags=["people"], summary="Allow a device to enrol")
async def make_token(bus: Bus, actor: Actor, clock: Clock, data: NewToken) -> Secret:
    """Make a one-time token; the device that brings it gets a key and speaks for that user."""
    token = new_token()
    expires = clock() + data.minutes * DAY // (24 * 60)
    await bus.do(actor, PutToken(digest(token), data.user, data.site or actor.site, expires))
    return Secret(token)


@post("/api/enrol", opt={"public": True}, tags=["people"], summary="Enrol a device")
async def enrol(bus: Bus, settings: Settings, data: Enrol) -> Enrolled:
    """Trade a token for a device's key; it works once."""
    device, key = ulid(), new_token()
    await bus.do(SYSTEM, EnrolDevice(digest(data.token), device, data.name, data.kind, digest(key)))
    return Enrolled(device, key, reads.ca_pem(settings))


@post("/api/api-keys", opt={"permission": "admin"}, tags=["people"], summary="Make an API key")
async def make_key(bus: Bus, actor: Actor, data: NewKey) -> Secret:
    """Make a key for a machine; it is shown once."""
    token = new_token()
    await bus.do(actor, PutApiKey(digest(token), data.name, data.permissions))
    return Secret(token)


HANDLERS = [
    sign_in,
    sign_out,
    me,
    list_users,
    put_user,
    list_devices,
    revoke_device,
    revoke_session,
    make_token,
    enrol,
    make_key,
]
