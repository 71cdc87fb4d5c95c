"""Users, devices and keys over HTTP; signing in is in sign_in.py, how a device comes in in joining.py."""

from __future__ import annotations

from litestar import delete, get, post

import labels
from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import Actor
from server.people import joining, reads, sign_in
from server.people.forms import Badge, NewKey, NewPassword, NewPin, NewUser, Secret
from server.people.model import (
    PutApiKey,
    PutUser,
    RevokeApiKey,
    RevokeDevice,
    SetBadge,
    SetPassword,
    SetPin,
)
from server.people.secrets import digest, hashed, new_badge, new_token


@get("/api/users", opt={"permission": "supervise"}, tags=["people"], summary="Users")
async def list_users(database: Database) -> list[reads.UserView]:
    """Give all users, without their secrets."""
    return await reads.users(database)


@post("/api/users", opt={"permission": "admin"}, tags=["people"], summary="Make or change a user")
async def put_user(bus: Bus, actor: Actor, data: NewUser, op_id: str) -> None:
    """Make a user, or change one: roles, badge, site, PIN, password."""
    pin, password = await hashed(data.pin), await hashed(data.password)
    head = (data.id, data.name, data.roles, data.email, data.badge, data.site, data.language, data.active)
    await bus.do(actor, PutUser(*head, pin, password), op_id=op_id)


@post("/api/users/{user:str}/pin", opt={"permission": "supervise"}, tags=["people"], summary="Set a PIN")
async def set_pin(bus: Bus, actor: Actor, user: str, data: NewPin, op_id: str) -> None:
    """Give a user a new PIN: their sessions end, their badge is unlocked. Not for one who may more than you."""
    await bus.do(actor, SetPin(user, await hashed(data.pin)), op_id=op_id)


@post("/api/users/{user:str}/password", opt={"permission": "admin"}, tags=["people"], summary="Set a password")
async def set_password(bus: Bus, actor: Actor, user: str, data: NewPassword, op_id: str) -> None:
    """Give a user a new password: their sessions end."""
    await bus.do(actor, SetPassword(user, await hashed(data.password)), op_id=op_id)


@post("/api/users/{user:str}/badge", opt={"permission": "supervise"}, tags=["people"], summary="Make a new badge")
async def make_badge(bus: Bus, actor: Actor, user: str) -> Badge:
    """Give a user a new badge, for one that was lost; the old one opens nothing any more."""
    badge = new_badge()
    await bus.do(actor, SetBadge(user, badge))
    return Badge(badge)


@get(
    "/api/users/{user:str}/badge.pdf",
    opt={"permission": "supervise"},
    tags=["people"],
    summary="A badge to print",
    media_type="application/pdf",
)
async def print_badge(database: Database, user: str) -> bytes:
    """Give a user's badge as a PDF of a bank card's size: name, roles and the code to scan. 404 for who has none."""
    return labels.render(await reads.badge(database, user), "pdf")


@get("/api/devices", opt={"permission": "supervise"}, tags=["people"], summary="Devices")
async def list_devices(database: Database) -> list[reads.DeviceView]:
    """Give all devices and who used them last."""
    return await reads.devices(database)


@post("/api/devices/{device:str}/revoke", opt={"permission": "supervise"}, tags=["people"], summary="Revoke a device")
async def revoke_device(bus: Bus, actor: Actor, device: str, op_id: str) -> None:
    """End the key and all sessions of a lost device, at once."""
    await bus.do(actor, RevokeDevice(device), op_id=op_id)


@get("/api/api-keys", opt={"permission": "admin"}, tags=["people"], summary="API keys")
async def list_keys(database: Database) -> list[reads.KeyView]:
    """Give the machines that have a key, and what they may do."""
    return await reads.keys(database)


@post("/api/api-keys", opt={"permission": "admin"}, tags=["people"], summary="Make an API key")
async def make_key(bus: Bus, actor: Actor, data: NewKey) -> Secret:
    """Make a key for a machine; it is shown once."""
    token = new_token()
    await bus.do(actor, PutApiKey(digest(token), data.name, data.permissions))
    return Secret(token)


@delete("/api/api-keys/{key:str}", opt={"permission": "admin"}, tags=["people"], summary="Revoke an API key")
async def revoke_key(bus: Bus, actor: Actor, key: str, op_id: str) -> None:
    """End a machine's key, at once."""
    await bus.do(actor, RevokeApiKey(key), op_id=op_id)


HANDLERS = [
    *sign_in.HANDLERS,
    *joining.HANDLERS,
    list_users,
    put_user,
    set_pin,
    set_password,
    make_badge,
    print_badge,
    list_devices,
    revoke_device,
    list_keys,
    make_key,
    revoke_key,
]
