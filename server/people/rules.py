"""When a sign-in is locked, and what a user must be. Pure."""

from __future__ import annotations

from server.kernel.refusal import Refusal
from server.people.model import FREE_TRIES, LOCK_MS, ROLES, Attempts, PutUser


def wait_ms(attempts: Attempts | None, now: int) -> int:
    """Give how long (ms) a badge or address must wait: doubled by every failure past the free ones, an hour at most."""
    if attempts is None or attempts.failed < FREE_TRIES:
        return 0
    lock = min(LOCK_MS << min(attempts.failed - FREE_TRIES, 6), 60 * LOCK_MS)
    return max(0, attempts.last_at + lock - now)


def require_sound(command: PutUser) -> None:
    """Refuse roles that do not exist, and a user without a name."""
    if unknown := set(command.roles) - set(ROLES):
        raise Refusal("bad_value", what="role", value=", ".join(sorted(unknown)), known=", ".join(ROLES))
    if not command.id or not command.name:
        raise Refusal("bad_value", what="name", value=command.name)
