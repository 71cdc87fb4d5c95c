"""People and devices as screens show them: never a secret."""

from __future__ import annotations

import msgspec

from server.db.engine import Database
from server.db.reads import load, one
from server.people.model import Attempts, User
from server.people.store import ATTEMPTS, DEVICES, USERS
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
    """A device and who used it last."""

    id: str
    name: str
    kind: str
    user: str
    site: str
    enrolled_at: int
    revoked: bool


async def user(database: Database, user_id: str) -> User:
    """Give a user; Refusal `not_found`."""
    return await one(database, USERS, user_id)


async def by_badge(database: Database, badge: str) -> User | None:
    """Give the user of a badge."""
    found = await load(database, USERS, "badge", [badge]) if badge else []
    return found[0] if found else None


async def by_email(database: Database, email: str) -> User | None:
    """Give the user of an e-mail address."""
    found = await load(database, USERS, "email", [email]) if email else []
    return found[0] if found else None


async def attempts(database: Database, key: str) -> Attempts | None:
    """Give the failed sign-ins of a badge or address."""
    found = await load(database, ATTEMPTS, "id", [key])
    return found[0] if found else None


async def users(database: Database) -> list[UserView]:
    """Give all users."""
    rows = await database.read(f"{USERS.select} ORDER BY name")
    found = [USERS.load(tuple(row.values())) for row in rows]
    return [msgspec.convert(u, UserView, from_attributes=True) for u in found]


async def devices(database: Database) -> list[DeviceView]:
    """Give all devices, the newest first."""
    rows = await database.read(f"{DEVICES.select} ORDER BY enrolled_at DESC")
    found = [DEVICES.load(tuple(row.values())) for row in rows]
    return [msgspec.convert(d, DeviceView, from_attributes=True) for d in found]


def ca_pem(settings: Settings) -> str:
    """Give the site's own CA certificate, '' where it has none."""
    path = settings.var / "tls" / "ca.crt"
    return path.read_text(encoding="ascii") if path.is_file() else ""
