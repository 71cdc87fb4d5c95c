"""What is sent to and answered by the routes of people."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.people.model import Kind
from server.protocol.people import Language

Short = Annotated[str, Meta(max_length=200)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Pin = Annotated[str, Meta(pattern="^[0-9]{4,12}$", description="4 to 12 digits")]
Password = Annotated[str, Meta(min_length=10, max_length=200)]


class SignIn(msgspec.Struct, frozen=True):
    """Badge and PIN on the floor, e-mail and password in the office; `device` is the device's own id.

    A joining code stands for the badge or the e-mail address, and where its person has no PIN or password for both.
    """

    badge: Short = ""
    pin: Short = ""
    email: Short = ""
    password: Short = ""
    device: Short = ""
    join: Short = ""


class Me(msgspec.Struct, frozen=True):
    """Who is signed in, where, and what they may do."""

    user: str
    name: str
    site: str
    permissions: tuple[str, ...]
    device: str
    language: str = ""


class NewUser(msgspec.Struct, frozen=True):
    """A user to make or change; a PIN, a password or a language that is not given stays as it is."""

    id: Name
    name: Name
    roles: tuple[str, ...]
    email: Short = ""
    badge: Short = ""
    site: Short = ""
    language: Language | Literal[""] = ""
    active: bool = True
    pin: Pin | None = None
    password: Password | None = None


class NewPin(msgspec.Struct, frozen=True):
    """A PIN."""

    pin: Pin


class NewPassword(msgspec.Struct, frozen=True):
    """A password."""

    password: Password


class Badge(msgspec.Struct, frozen=True):
    """A badge's code, to be printed as a QR code."""

    badge: str


class Enrol(msgspec.Struct, frozen=True):
    """A device asks for its key with a one-time token."""

    token: Short
    name: Short = ""
    kind: Kind = "scanner"


class Enrolled(msgspec.Struct, frozen=True):
    """A device's id and key, and the site's CA (PEM; '' where certificates are public)."""

    device: str
    key: str
    ca: str


class NewToken(msgspec.Struct, frozen=True):
    """For whom a device may enrol, and for how long."""

    user: str
    site: str = ""
    minutes: Annotated[int, Meta(ge=1, le=7 * 24 * 60)] = 60


class Invitation(msgspec.Struct, frozen=True):
    """Shown once: a token, the address that a phone opens to join with it, and that address as a QR code (data URI)."""

    token: str
    url: str
    qr: str


class Invited(msgspec.Struct, frozen=True):
    """Whom a joining code lets in, and what they are asked for besides ('' = nothing)."""

    name: str
    asks: Literal["pin", "password", ""]


class JoiningCode(msgspec.Struct, frozen=True):
    """The token of a joining code."""

    join: Short


class Secret(msgspec.Struct, frozen=True):
    """Shown once."""

    token: str


class NewKey(msgspec.Struct, frozen=True):
    """A machine's key and what it may do."""

    name: Name
    permissions: tuple[str, ...]
