"""When a sign-in must wait, and what a user must be. Pure."""

from __future__ import annotations

from typing import Final

import msgspec

from server.kernel.actor import Actor
from server.kernel.clock import HOUR, MINUTE
from server.kernel.refusal import Refusal
from server.people.model import DESK_MS, SESSION_MS, Attempts, PutUser, SessionRow, Token
from server.people.roles import FLOOR, PERMISSIONS, ROLES, permissions_of, require_within

LONGEST_LOCK = 60 * MINUTE


class Limit(msgspec.Struct, frozen=True):
    """How many failures cost nothing, and the quiet time (ms) that forgives one."""

    free: int
    forgiven_ms: int


LIMITS: Final = {"badge": Limit(5, HOUR), "address": Limit(50, MINUTE)}
"""A badge has one owner; behind an address (a proxy, a router) may be the whole floor."""


def lasts(session: SessionRow, permissions: frozenset[str], now: int) -> bool:
    """Tell whether a session is not over: it ends when it is revoked, or by itself, sooner for who may do more."""
    longest = SESSION_MS if permissions <= FLOOR else DESK_MS
    return not session.revoked and now <= session.created_at + longest


def counter_of(badge: str, device: str) -> str:
    """Give the counter of tries for a badge or e-mail address: one of its own at each `device` its user is known at.

    So who guesses elsewhere, for however long, does not lock a picker out at the phone they work with.
    """
    return f"badge:{badge}@{device}" if device else f"badge:{badge}"


def limit_of(key: str) -> Limit:
    """Give the limit of a counter, whose key is `badge:...` or `address:...`."""
    return LIMITS[key.partition(":")[0]]


def standing(attempts: Attempts, now: int) -> int:
    """Give how many failures still count."""
    forgiven = max(0, now - attempts.last_at) // limit_of(attempts.id).forgiven_ms
    return max(0, attempts.failed - forgiven)


def wait_ms(attempts: Attempts | None, now: int) -> int:
    """Give how long (ms) to wait: a minute, doubled by every failure past the free ones, an hour at most."""
    over = standing(attempts, now) - limit_of(attempts.id).free if attempts else -1
    if attempts is None or over < 0:
        return 0
    return max(0, attempts.last_at + min(MINUTE << min(over, 6), LONGEST_LOCK) - now)


def require_patience(attempts: Attempts | None, now: int) -> None:
    """Refuse another try before its time: `too_many_attempts` with the seconds to wait."""
    if wait := wait_ms(attempts, now):
        raise Refusal("too_many_attempts", seconds=wait // 1_000 + 1)


def failed_again(attempts: Attempts | None, key: str, now: int) -> Attempts:
    """Count a failure."""
    return Attempts(key, (standing(attempts, now) if attempts else 0) + 1, now)


def require_fresh(token: Token | None, now: int) -> Token:
    """Give a token that lets a device in; Refusals `join_unknown`, `join_used`, `join_expired` for any other."""
    if token is None:
        raise Refusal("join_unknown")
    if token.used:
        raise Refusal("join_used")
    if token.expires_at < now:
        raise Refusal("join_expired")
    return token


def require_sound(command: PutUser, actor: Actor) -> None:
    """Refuse roles that do not exist or exceed one's own, a user without a name, and an admin who locks himself out."""
    if unknown := set(command.roles) - set(ROLES):
        raise Refusal("bad_value", what="role", value=", ".join(sorted(unknown)), known=", ".join(ROLES))
    if not command.id or not command.name:
        raise Refusal("bad_value", what="name", value=command.name)
    granted = permissions_of(command.roles)
    require_within(actor, granted)
    if command.id == actor.user and not (command.active and "*" in granted):
        raise Refusal("bad_value", what="roles", value=", ".join(command.roles), user=command.id)


def require_known(permissions: tuple[str, ...], actor: Actor) -> None:
    """Refuse permissions that do not exist, and more than one's own."""
    if unknown := set(permissions) - set(PERMISSIONS):
        raise Refusal("bad_value", what="permission", value=", ".join(sorted(unknown)), known=", ".join(PERMISSIONS))
    require_within(actor, permissions)


def require_may_end(session: SessionRow, actor: Actor) -> None:
    """Refuse to end a colleague's session without `supervise`."""
    if session.user != actor.user:
        require_within(actor, ("supervise",))
