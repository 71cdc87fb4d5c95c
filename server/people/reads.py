"""People and devices as screens show them: never a secret."""

from __future__ import annotations

import msgspec

import labels
from server.db.engine import Database
from server.db.reads import load
from server.kernel.refusal import Refusal
from server.people.model import Attempts, SessionRow, Token, User
from server.people.store import ATTEMPTS, DEVICES, KEYS, SESSIONS, TOKENS, USERS
from server.protocol.base import View
from server.settings import Settings


class UserView(View, frozen=True):
    """A user."""

    id: str
    name: str
    email: str
    badge: str
    roles: tuple[str, ...]
    site: str
    language: str
    active: bool


class DeviceView(View, frozen=True):
    """A device, who used it last, when it was last heard of, and what it had still to send then."""

    id: str
    name: str
    kind: str
    user: str
    site: str
    enrolled_at: int
    revoked: bool
    seen_at: int
    waiting: int
    tasks: int


class SessionView(View, frozen=True):
    """An open session; `current` is the one that asks."""

    id: str
    device: str
    created_at: int
    current: bool


class KeyView(View, frozen=True):
    """A machine's key, by the id that revokes it."""

    id: str
    name: str
    permissions: tuple[str, ...]
    revoked: bool


async def called(database: Database, user_id: str) -> tuple[str, str]:
    """Give the name and language of a user; a machine is called by its id."""
    found = await load(database, USERS, "id", [user_id])
    return (found[0].name, found[0].language) if found else (user_id, "")


async def by_badge(database: Database, badge: str) -> User | None:
    """Give the user of a badge."""
    found = await load(database, USERS, "badge", [badge]) if badge else []
    return found[0] if found else None


async def by_email(database: Database, email: str) -> User | None:
    """Give the user of an e-mail address."""
    found = await load(database, USERS, "email", [email.lower()]) if email else []
    return found[0] if found else None


async def by_token(database: Database, token: str) -> tuple[Token | None, User | None]:
    """Give a token by its hash, and the active user that it lets in."""
    tokens = await load(database, TOKENS, "id", [token])
    found = await load(database, USERS, "id", [tokens[0].user]) if tokens else []
    return (tokens[0] if tokens else None), (found[0] if found and found[0].active else None)


async def badge(database: Database, user_id: str) -> labels.Label:
    """Give the badge of a user; Refusal `not_found` for one who is not known, not active, or has none."""
    found = await load(database, USERS, "id", [user_id])
    if not found or not found[0].badge or not found[0].active:
        raise Refusal("not_found", kind="badge", id=user_id)
    return labels.badge_label(found[0].name, ", ".join(found[0].roles), found[0].badge)


async def attempts(database: Database, *keys: str) -> list[Attempts]:
    """Give the failed sign-ins of a badge and an address."""
    return await load(database, ATTEMPTS, "id", keys)


async def sessions(database: Database, user: str, current: str) -> list[SessionView]:
    """Give a user's sessions that were not ended, the newest first."""
    found = [s for s in await load(database, SESSIONS, "user", [user]) if not s.revoked]
    newest = sorted(found, key=lambda s: s.created_at, reverse=True)
    return [SessionView(s.id, s.device, s.created_at, s.id == current) for s in newest]


async def is_revoked(database: Database, session: SessionRow) -> bool:
    """Tell whether the device of a session is revoked."""
    found = await load(database, DEVICES, "id", [session.device])
    return bool(found and found[0].revoked)


async def keys(database: Database) -> list[KeyView]:
    """Give all API keys."""
    rows = await database.read(f"{KEYS.select} ORDER BY name")
    found = [KEYS.load(tuple(row.values())) for row in rows]
    return [msgspec.convert(k, KeyView, from_attributes=True) for k in found]


async def users(database: Database) -> list[UserView]:
    """Give all users."""
    rows = await database.read(f"{USERS.select} ORDER BY name")
    found = [USERS.load(tuple(row.values())) for row in rows]
    return [msgspec.convert(u, UserView, from_attributes=True) for u in found]


ALL_DEVICES = """
SELECT d.id, d.name, d.kind, coalesce(u.name, d."user") AS "user", d.site, d.enrolled_at, d.revoked, d.seen_at,
       d.waiting, (SELECT count(*) FROM task t WHERE t.device = d.id AND t.state = 'active') AS tasks
FROM device d LEFT JOIN users u ON u.id = d."user" ORDER BY d.revoked, d.seen_at DESC, d.enrolled_at DESC
"""


async def devices(database: Database) -> list[DeviceView]:
    """Give all devices, those last heard of first; `tasks` are in hand on them."""
    rows = await database.read(ALL_DEVICES)
    return [DeviceView(**row | {"revoked": bool(row["revoked"])}) for row in rows]


def ca_pem(settings: Settings) -> str:
    """Give the site's own CA certificate, '' where it has none."""
    path = settings.var / "tls" / "ca.crt"
    return path.read_text(encoding="ascii") if path.is_file() else ""


SIGNED_IN = 'SELECT 1 FROM session WHERE device = ? AND "user" = ? LIMIT 1'


async def was_signed_in(database: Database, user_id: str, device: str) -> bool:
    """Tell whether a user ever signed in at a device."""
    return bool(await database.read(SIGNED_IN, (device, user_id)))
