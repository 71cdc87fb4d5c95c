"""Users, sessions, devices and keys."""

from __future__ import annotations

from msgspec.structs import replace

from server.bus import Handler
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.people import rules
from server.people.model import (
    ApiKey,
    Attempts,
    Device,
    DeviceEnrolled,
    DeviceRevoked,
    EnrolDevice,
    FailSignIn,
    PutApiKey,
    PutToken,
    PutUser,
    RevokeDevice,
    RevokeSession,
    SessionRevoked,
    SessionRow,
    SignedIn,
    StartSession,
    Token,
    User,
    UserChanged,
)
from server.people.store import ATTEMPTS, DEVICES, KEYS, SESSIONS, TOKENS, USERS


async def put_user(unit: Unit, command: PutUser) -> str:
    """Carry out PutUser; gives the user's id. A badge or e-mail address means one user only."""
    rules.require_sound(command)
    known = await unit.find(USERS, command.id)
    for column in ("badge", "email"):
        value = getattr(command, column)
        if value and any(user.id != command.id for user in await unit.where(USERS, **{column: value})):
            raise Refusal("bad_value", what=column, value=value)
    pin = command.pin_hash or (known.pin_hash if known else "")
    password = command.password_hash or (known.password_hash if known else "")
    head = (command.id, command.name, command.email, command.badge, pin, password, command.roles)
    unit.put(USERS, User(*head, command.site, command.language, command.active))
    unit.emit(UserChanged(command.id))
    return command.id


async def start_session(unit: Unit, command: StartSession) -> None:
    """Carry out StartSession: the device is known from now on, failures are forgotten."""
    user = await unit.get(USERS, command.user)
    device = await unit.find(DEVICES, command.device)
    if device is not None and device.revoked:
        raise Refusal("not_allowed", permission="device", device=device.id)
    fresh = Device(command.device, "", "phone", "", user.id, user.site, unit.at, revoked=False)
    unit.put(DEVICES, replace(device, user=user.id) if device else fresh)
    unit.put(SESSIONS, SessionRow(command.session, user.id, command.device, unit.at, revoked=False))
    unit.drop(ATTEMPTS, command.attempt)
    unit.emit(SignedIn(user.id, command.device))


async def fail_sign_in(unit: Unit, command: FailSignIn) -> None:
    """Carry out FailSignIn."""
    known = await unit.find(ATTEMPTS, command.attempt)
    unit.put(ATTEMPTS, Attempts(command.attempt, (known.failed if known else 0) + 1, unit.at))


async def revoke_session(unit: Unit, command: RevokeSession) -> None:
    """Carry out RevokeSession."""
    session = await unit.get(SESSIONS, command.session)
    unit.put(SESSIONS, replace(session, revoked=True))
    unit.emit(SessionRevoked(session.id, session.user))


async def revoke_device(unit: Unit, command: RevokeDevice) -> None:
    """Carry out RevokeDevice: its key and all its sessions end."""
    device = await unit.get(DEVICES, command.device)
    unit.put(DEVICES, replace(device, revoked=True, key_hash=""))
    for session in await unit.where(SESSIONS, device=device.id):
        unit.put(SESSIONS, replace(session, revoked=True))
    unit.emit(DeviceRevoked(device.id))


async def put_token(unit: Unit, command: PutToken) -> None:
    """Carry out PutToken."""
    await unit.get(USERS, command.user)
    unit.put(TOKENS, Token(command.token, command.user, command.site, command.expires_at, used=False))


async def enrol_device(unit: Unit, command: EnrolDevice) -> None:
    """Carry out EnrolDevice; Refusal `bad_credentials` for a token that is unknown, used or too old."""
    token = await unit.find(TOKENS, command.token)
    if token is None or token.used or token.expires_at < unit.at:
        raise Refusal("bad_credentials")
    unit.put(TOKENS, replace(token, used=True))
    device = Device(
        command.device, command.name, command.kind, command.key_hash, token.user, token.site, unit.at, revoked=False
    )
    unit.put(DEVICES, device)
    unit.emit(DeviceEnrolled(device.id, device.user, device.kind))


async def put_api_key(unit: Unit, command: PutApiKey) -> None:
    """Carry out PutApiKey."""
    unit.put(KEYS, ApiKey(command.key, command.name, command.permissions, revoked=False))


COMMANDS: dict[type, Handler] = {
    PutUser: Handler(put_user, "admin"),
    StartSession: Handler(start_session, "system"),
    FailSignIn: Handler(fail_sign_in, "system"),
    RevokeSession: Handler(revoke_session, "signed_in"),
    RevokeDevice: Handler(revoke_device, "supervise"),
    PutToken: Handler(put_token, "supervise"),
    EnrolDevice: Handler(enrol_device, "system"),
    PutApiKey: Handler(put_api_key, "admin"),
}
