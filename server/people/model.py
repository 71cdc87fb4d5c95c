"""Users, sessions, devices, keys: structs, roles, events, commands. Secrets are kept as hashes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from server.db.event import Event
from server.kernel.clock import DAY, MINUTE
from server.protocol.base import Command

ROLES: Final[dict[str, frozenset[str]]] = {
    "picker": frozenset({"pick"}),
    "packer": frozenset({"pack", "ship"}),
    "receiver": frozenset({"receive"}),
    "stock_controller": frozenset({"pick", "receive", "count", "stock"}),
    "supervisor": frozenset(
        {"pick", "pack", "ship", "receive", "count", "stock", "supervise", "weigh_accept", "weigh_keyed", "office"}
    ),
    "office": frozenset({"office"}),
    "admin": frozenset({"*"}),
}
SESSION_MS = 30 * DAY
FREE_TRIES = 5
LOCK_MS = 1 * MINUTE


class User(msgspec.Struct, frozen=True):
    """A person. `site` is where they work ('' = everywhere)."""

    id: str
    name: str
    email: str
    badge: str
    pin_hash: str
    password_hash: str
    roles: tuple[str, ...]
    site: str
    language: str
    active: bool


class SessionRow(msgspec.Struct, frozen=True):
    """A sign-in at a device; `id` is the hash of its token."""

    id: str
    user: str
    device: str
    created_at: int
    revoked: bool


class Device(msgspec.Struct, frozen=True):
    """A phone, camera scanner or station; `key_hash` is set for one that signs in by itself."""

    id: str
    name: str
    kind: str
    key_hash: str
    user: str
    site: str
    enrolled_at: int
    revoked: bool


class Token(msgspec.Struct, frozen=True):
    """A one-time token to enrol a device for a user; `id` is its hash."""

    id: str
    user: str
    site: str
    expires_at: int
    used: bool


class ApiKey(msgspec.Struct, frozen=True):
    """A key of a machine; `id` is its hash."""

    id: str
    name: str
    permissions: tuple[str, ...]
    revoked: bool


class Attempts(msgspec.Struct, frozen=True):
    """Failed sign-ins of one badge or address since the last good one."""

    id: str
    failed: int
    last_at: int


class PutUser(Command, frozen=True):
    """Make a user as given, new or changed; hashes of '' leave what there is."""

    id: str
    name: str
    roles: tuple[str, ...]
    email: str = ""
    badge: str = ""
    site: str = ""
    language: str = "en"
    active: bool = True
    pin_hash: str = ""
    password_hash: str = ""


class StartSession(Command, frozen=True):
    """A person has proved who they are: `session` is the token's hash."""

    session: str
    user: str
    device: str
    attempt: str


class FailSignIn(Command, frozen=True):
    """Somebody did not prove who they are."""

    attempt: str


class RevokeSession(Command, frozen=True):
    """End a session."""

    session: str


class RevokeDevice(Command, frozen=True):
    """A lost phone, or one that is not trusted any more."""

    device: str


class PutToken(Command, frozen=True):
    """Allow one device to enrol."""

    token: str
    user: str
    site: str
    expires_at: int


class EnrolDevice(Command, frozen=True):
    """A device takes its key by a token."""

    token: str
    device: str
    name: str
    kind: str
    key_hash: str


class PutApiKey(Command, frozen=True):
    """Make a key for a machine."""

    key: str
    name: str
    permissions: tuple[str, ...]


class UserChanged(Event, frozen=True):
    """A user is new or changed: who is signed in is judged anew."""

    user: str


class SignedIn(Event, frozen=True):
    """A person signed in."""

    user: str
    device: str


class SessionRevoked(Event, frozen=True):
    """A session is over."""

    session: str
    user: str


class DeviceRevoked(Event, frozen=True):
    """A device is not trusted any more."""

    device: str


class DeviceEnrolled(Event, frozen=True):
    """A device has its key."""

    device: str
    user: str
    kind: str


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Give what these roles may do together."""
    return frozenset({"signed_in"}.union(*(ROLES.get(role, frozenset()) for role in roles)))
