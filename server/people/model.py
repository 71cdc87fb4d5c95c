"""Users, sessions, devices, keys: structs, events, commands. Secrets are kept as hashes only."""

from __future__ import annotations

from typing import Literal

import msgspec

from server.db.event import Event
from server.kernel.clock import DAY, HOUR
from server.protocol.base import Command
from server.protocol.people import Language

SESSION_MS = 30 * DAY
"""How long a phone of the floor stays signed in: what it did offline has to arrive."""
DESK_MS = 12 * HOUR
"""How long somebody stays signed in who may do more than the floor's work: a long shift."""
Kind = Literal["phone", "scanner", "station"]


class User(msgspec.Struct, frozen=True):
    """A person. `site` is where they work ('' = everywhere), `language` what they chose ('' = nothing yet)."""

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
    """A phone, camera scanner or station; `key_hash` is set for one that signs in by itself.

    `waiting` operations it had still to send when it was last heard of, at `seen_at`.
    """

    id: str
    name: str
    kind: str
    key_hash: str
    user: str
    site: str
    enrolled_at: int
    revoked: bool
    seen_at: int = 0
    waiting: int = 0


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
    """Failed sign-ins; `id` is `badge:` or `address:` and which, `last_at` the last of them."""

    id: str
    failed: int
    last_at: int


class PutUser(Command, frozen=True):
    """Make a user as given, new or changed; hashes and a language of '' leave what there is."""

    id: str
    name: str
    roles: tuple[str, ...]
    email: str = ""
    badge: str = ""
    site: str = ""
    language: Language | Literal[""] = ""
    active: bool = True
    pin_hash: str = ""
    password_hash: str = ""


class SetPin(Command, frozen=True):
    """Give a user a new PIN; their sessions elsewhere end and their badge is unlocked."""

    user: str
    pin_hash: str


class SetPassword(Command, frozen=True):
    """Give a user a new password; their sessions elsewhere end."""

    user: str
    password_hash: str


class SetBadge(Command, frozen=True):
    """Give a user a new badge; the old one opens nothing any more."""

    user: str
    badge: str


class TrySignIn(Command, frozen=True):
    """Somebody wants to sign in: counted before the secret is looked at, so that haste does not help.

    `counter` counts for the badge; `address` '' is not asked, since the user is known at the device.
    """

    counter: str
    address: str


class FailSignIn(Command, frozen=True):
    """Somebody at this address did not prove who they are."""

    address: str


class StartSession(Command, frozen=True):
    """A person has proved who they are: `session` is the token's hash, `counter` the one to forget.

    `before` is the session that the browser had until now ('' = none): it ends. With a joining code, whose hash is
    `token`, a revoked device is let in again.
    """

    session: str
    user: str
    device: str
    counter: str
    before: str = ""
    token: str = ""


class RevokeSession(Command, frozen=True):
    """End a session."""

    session: str


class RevokeDevice(Command, frozen=True):
    """A lost phone, or one that is not trusted any more."""

    device: str


class SeeDevice(Command, frozen=True):
    """A device was heard of; `waiting` operations it has still to send."""

    device: str
    waiting: int = 0


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
    kind: Kind
    key_hash: str


class PutApiKey(Command, frozen=True):
    """Make a key for a machine."""

    key: str
    name: str
    permissions: tuple[str, ...]


class RevokeApiKey(Command, frozen=True):
    """A machine's key opens nothing any more."""

    key: str


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


class DeviceInvited(Event, frozen=True):
    """One device may join for this user, until then."""

    user: str
    expires_at: int


class DeviceEnrolled(Event, frozen=True):
    """A device came in by a token: with a key of its own, or by a person who signed in there."""

    device: str
    user: str
    kind: str


class ApiKeyChanged(Event, frozen=True):
    """A machine's key was made, or ended."""

    key: str
    name: str
    revoked: bool
