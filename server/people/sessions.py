"""Signing in and out, as commands: tries are counted, sessions begin and end."""

from __future__ import annotations

from msgspec.structs import replace

from server.bus import Handler
from server.db.unit import Unit
from server.kernel.clock import DAY
from server.kernel.refusal import Refusal
from server.people import rules
from server.people.model import (
    Device,
    DeviceEnrolled,
    FailSignIn,
    RevokeSession,
    SessionRevoked,
    SessionRow,
    SignedIn,
    StartSession,
    Token,
    TrySignIn,
)
from server.people.store import ATTEMPTS, DEVICES, SESSIONS, TOKENS, USERS


async def try_sign_in(unit: Unit, command: TrySignIn) -> None:
    """Carry out TrySignIn; Refusal `too_many_attempts` while the badge or the address must wait."""
    known = await unit.many(ATTEMPTS, (command.counter, command.address))
    for attempts in known.values():
        rules.require_patience(attempts, unit.at)
    unit.put(ATTEMPTS, rules.failed_again(known.get(command.counter), command.counter, unit.at))


async def fail_sign_in(unit: Unit, command: FailSignIn) -> None:
    """Carry out FailSignIn; counters that were quiet for a day are forgotten."""
    known = await unit.find(ATTEMPTS, command.address)
    unit.put(ATTEMPTS, rules.failed_again(known, command.address, unit.at))
    for old in await unit.query(ATTEMPTS, '"last_at" < ?', unit.at - DAY):
        unit.drop(ATTEMPTS, old.id)


async def start_session(unit: Unit, command: StartSession) -> None:
    """Carry out StartSession: the device is known from now on, the failures are forgotten, the session before ends.

    Refusal `device_revoked` at a device that is, without a joining code; `not_allowed` at one that has a key and so is
    somebody already.
    """
    user = await unit.get(USERS, command.user)
    device = await unit.find(DEVICES, command.device)
    if device and device.key_hash:
        raise Refusal("not_allowed", permission="device", device=device.id)
    if device and device.revoked and not command.token:
        raise Refusal("device_revoked", device=device.id)
    if command.token:
        await redeem(unit, command.token)
        unit.emit(DeviceEnrolled(command.device, user.id, "phone"))
    fresh = Device(command.device, "", "phone", "", user.id, user.site, unit.at, revoked=False)
    unit.put(DEVICES, replace(device, user=user.id, revoked=False) if device else fresh)
    unit.put(SESSIONS, SessionRow(command.session, user.id, command.device, unit.at, revoked=False))
    unit.drop(ATTEMPTS, command.counter)
    before = await unit.find(SESSIONS, command.before)
    if before and not before.revoked:
        _end(unit, before)
    unit.emit(SignedIn(user.id, command.device))


async def redeem(unit: Unit, token: str) -> Token:
    """Use up a token, which works once: whoever comes second is refused."""
    found = rules.require_fresh(await unit.find(TOKENS, token), unit.at)
    unit.put(TOKENS, replace(found, used=True))
    return found


async def revoke_session(unit: Unit, command: RevokeSession) -> None:
    """Carry out RevokeSession: one's own, or with `supervise` a colleague's."""
    session = await unit.get(SESSIONS, command.session)
    rules.require_may_end(session, unit.actor)
    _end(unit, session)


async def unlock(unit: Unit, badge: str) -> None:
    """Forget the failures of a badge, wherever they happened."""
    anywhere = rules.counter_of(badge, "")
    for counter in await unit.query(
        ATTEMPTS, '"id" = ? OR substr("id", 1, ?) = ?', anywhere, len(anywhere) + 1, f"{anywhere}@"
    ):
        unit.drop(ATTEMPTS, counter.id)


async def end_all(unit: Unit, **whose: str) -> None:
    """End all sessions of a `user` or a `device`, but the one that asks for it."""
    for session in await unit.where(SESSIONS, **whose):
        if not session.revoked and session.id != unit.actor.session:
            _end(unit, session)


def _end(unit: Unit, session: SessionRow) -> None:
    unit.put(SESSIONS, replace(session, revoked=True))
    unit.emit(SessionRevoked(session.id, session.user))


COMMANDS: dict[type, Handler] = {
    TrySignIn: Handler(try_sign_in, "system"),
    FailSignIn: Handler(fail_sign_in, "system"),
    StartSession: Handler(start_session, "system"),
    RevokeSession: Handler(revoke_session, "signed_in"),
}
