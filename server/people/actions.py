"""Users, devices and keys: who there is and what they hold. Signing in is in sessions.py."""

from __future__ import annotations

from msgspec.structs import replace

from server.bus import Handler
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.people import rules, sessions
from server.people.model import (
    ApiKey,
    ApiKeyChanged,
    Device,
    DeviceEnrolled,
    DeviceInvited,
    DeviceRevoked,
    EnrolDevice,
    PutApiKey,
    PutToken,
    PutUser,
    RevokeApiKey,
    RevokeDevice,
    SeeDevice,
    SetBadge,
    SetPassword,
    SetPin,
    Token,
    User,
    UserChanged,
)
from server.people.roles import permissions_of, require_within
from server.people.store import DEVICES, KEYS, TOKENS, USERS
from server.protocol.people import SetLanguage


async def put_user(unit: Unit, command: PutUser) -> str:
    """Carry out PutUser; gives the user's id. A badge or e-mail address means one user only."""
    rules.require_sound(command, unit.actor)
    known = await unit.find(USERS, command.id)
    if known:
        require_within(unit.actor, permissions_of(known.roles))
    email = command.email.lower()
    await _require_free(unit, command.id, badge=command.badge, email=email)
    pin = command.pin_hash or (known.pin_hash if known else "")
    password = command.password_hash or (known.password_hash if known else "")
    head = (command.id, command.name, email, command.badge, pin, password, command.roles)
    language = command.language or (known.language if known else "")
    unit.put(USERS, User(*head, command.site, language, command.active))
    if known and (command.pin_hash or command.password_hash):
        await sessions.end_all(unit, user=command.id)
    unit.emit(UserChanged(command.id))
    return command.id


async def _require_free(unit: Unit, user: str, **wanted: str) -> None:
    """Refuse a badge or e-mail address that is somebody else's."""
    for column, value in wanted.items():
        if value and any(other.id != user for other in await unit.where(USERS, **{column: value})):
            raise Refusal("bad_value", what=column, value=value)


async def _change(unit: Unit, user_id: str, **fields: str) -> None:
    """Change what a user signs in with: who used the old one is out, and the badge is unlocked."""
    user = await unit.get(USERS, user_id)
    require_within(unit.actor, permissions_of(user.roles))
    unit.put(USERS, replace(user, **fields))
    await sessions.unlock(unit, user.badge)
    await sessions.end_all(unit, user=user_id)
    unit.emit(UserChanged(user_id))


async def set_pin(unit: Unit, command: SetPin) -> None:
    """Carry out SetPin."""
    await _change(unit, command.user, pin_hash=command.pin_hash)


async def set_password(unit: Unit, command: SetPassword) -> None:
    """Carry out SetPassword."""
    await _change(unit, command.user, password_hash=command.password_hash)


async def set_badge(unit: Unit, command: SetBadge) -> None:
    """Carry out SetBadge."""
    await _require_free(unit, command.user, badge=command.badge)
    await _change(unit, command.user, badge=command.badge)


async def set_language(unit: Unit, command: SetLanguage) -> None:
    """Carry out SetLanguage, for whoever asks."""
    user = await unit.get(USERS, unit.actor.user)
    unit.put(USERS, replace(user, language=command.language))


async def revoke_device(unit: Unit, command: RevokeDevice) -> None:
    """Carry out RevokeDevice: its key and all its sessions end. Why comes first: it is what the device is told."""
    device = await unit.get(DEVICES, command.device)
    unit.put(DEVICES, replace(device, revoked=True, key_hash=""))
    unit.emit(DeviceRevoked(device.id))
    await sessions.end_all(unit, device=device.id)


async def see_device(unit: Unit, command: SeeDevice) -> None:
    """Carry out SeeDevice; a device that is not known, or not any more, is nobody."""
    device = await unit.find(DEVICES, command.device)
    if device and not device.revoked:
        unit.put(DEVICES, replace(device, seen_at=unit.at, waiting=command.waiting))


async def put_token(unit: Unit, command: PutToken) -> None:
    """Carry out PutToken: a device never gets to speak for somebody who may more than who lets it in."""
    user = await unit.get(USERS, command.user)
    require_within(unit.actor, permissions_of(user.roles))
    unit.put(TOKENS, Token(command.token, command.user, command.site, command.expires_at, used=False))
    unit.emit(DeviceInvited(command.user, command.expires_at))


async def enrol_device(unit: Unit, command: EnrolDevice) -> None:
    """Carry out EnrolDevice; Refusals `join_unknown`, `join_used`, `join_expired`."""
    token = await sessions.redeem(unit, command.token)
    head = (command.device, command.name, command.kind, command.key_hash)
    unit.put(DEVICES, Device(*head, token.user, token.site, unit.at, revoked=False))
    unit.emit(DeviceEnrolled(command.device, token.user, command.kind))


async def put_api_key(unit: Unit, command: PutApiKey) -> None:
    """Carry out PutApiKey."""
    rules.require_known(command.permissions, unit.actor)
    unit.put(KEYS, ApiKey(command.key, command.name, command.permissions, revoked=False))
    unit.emit(ApiKeyChanged(command.key, command.name, revoked=False))


async def revoke_api_key(unit: Unit, command: RevokeApiKey) -> None:
    """Carry out RevokeApiKey."""
    key = await unit.get(KEYS, command.key)
    unit.put(KEYS, replace(key, revoked=True))
    unit.emit(ApiKeyChanged(key.id, key.name, revoked=True))


COMMANDS: dict[type, Handler] = {
    **sessions.COMMANDS,
    PutUser: Handler(put_user, "admin"),
    SetPin: Handler(set_pin, "supervise"),
    SetPassword: Handler(set_password, "admin"),
    SetBadge: Handler(set_badge, "supervise"),
    SetLanguage: Handler(set_language, "signed_in"),
    RevokeDevice: Handler(revoke_device, "supervise"),
    SeeDevice: Handler(see_device, "system"),
    PutToken: Handler(put_token, "supervise"),
    EnrolDevice: Handler(enrol_device, "system"),
    PutApiKey: Handler(put_api_key, "admin"),
    RevokeApiKey: Handler(revoke_api_key, "admin"),
}
