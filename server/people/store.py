"""Tables of people and machines."""

from __future__ import annotations

from piccolo.columns import BigInt, Boolean, Text
from piccolo.table import Table

from server.db.rows import Rows
from server.people.model import ApiKey, Attempts, Device, SessionRow, Token, User


class UserTable(Table, tablename="users"):
    """People."""

    id = Text(primary_key=True)
    name = Text()
    email = Text(index=True)
    badge = Text(index=True)
    pin_hash = Text(secret=True)
    password_hash = Text(secret=True)
    roles = Text()
    site = Text()
    language = Text()
    active = Boolean()


class SessionTable(Table, tablename="session"):
    """Sign-ins."""

    id = Text(primary_key=True)
    user = Text(index=True)
    device = Text(index=True)
    created_at = BigInt()
    revoked = Boolean()


class DeviceTable(Table, tablename="device"):
    """Devices."""

    id = Text(primary_key=True)
    name = Text()
    kind = Text()
    key_hash = Text(secret=True)
    user = Text()
    site = Text()
    enrolled_at = BigInt()
    revoked = Boolean()
    seen_at = BigInt(default=0)
    waiting = BigInt(default=0)


class TokenTable(Table, tablename="enrol_token"):
    """One-time tokens."""

    id = Text(primary_key=True)
    user = Text()
    site = Text()
    expires_at = BigInt()
    used = Boolean()


class ApiKeyTable(Table, tablename="api_key"):
    """Keys of machines."""

    id = Text(primary_key=True)
    name = Text()
    permissions = Text()
    revoked = Boolean()


class AttemptsTable(Table, tablename="sign_in_attempts"):
    """Failed sign-ins."""

    id = Text(primary_key=True)
    failed = BigInt()
    last_at = BigInt()


USERS = Rows(UserTable, User)
SESSIONS = Rows(SessionTable, SessionRow)
DEVICES = Rows(DeviceTable, Device)
TOKENS = Rows(TokenTable, Token)
KEYS = Rows(ApiKeyTable, ApiKey)
ATTEMPTS = Rows(AttemptsTable, Attempts)
