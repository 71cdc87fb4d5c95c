"""How a device comes in over HTTP: a supervisor makes a token, a machine or a person's phone brings it."""

from __future__ import annotations

from typing import Any

import segno
from litestar import Request, post

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import MINUTE, Clock
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.people import reads, rules
from server.people.forms import Enrol, Enrolled, Invitation, Invited, JoiningCode, NewToken
from server.people.model import EnrolDevice, FailSignIn, PutToken, User
from server.people.secrets import digest, new_token
from server.settings import Settings

MOST_BYTES = 4_096


@post("/api/enrol-tokens", opt={"permission": "supervise"}, tags=["people"], summary="Allow a device to enrol")
async def make_token(bus: Bus, actor: Actor, clock: Clock, entrance: str, data: NewToken) -> Invitation:
    """Make a one-time token. A machine that brings it gets a key and speaks for that user; a phone signs them in.

    The address carries it behind the `#`, which browsers keep to themselves: no server, proxy or log sees it.
    """
    token = new_token()
    expires = clock() + data.minutes * MINUTE
    await bus.do(actor, PutToken(digest(token), data.user, data.site or actor.site, expires))
    url = f"{entrance}#/join/{token}"
    return Invitation(token, url, segno.make(url, error="m").svg_data_uri(border=2, scale=4))


@post(
    "/api/join",
    status_code=200,
    opt={"public": True},
    tags=["people"],
    summary="Whose code is this",
    request_max_body_size=MOST_BYTES,
)
async def look(
    request: Request[Any, Any, Any], bus: Bus, database: Database, clock: Clock, data: JoiningCode
) -> Invited:
    """Give whom a joining code lets in, and what they are asked for; the code stays good."""
    user = await invited(bus, database, data.join, address_of(request), clock())
    return Invited(user.name, "pin" if user.pin_hash else "password" if user.password_hash else "")


async def invited(bus: Bus, database: Database, join: str, address: str, now: int) -> User:
    """Give the person a joining code lets in. One that does not is counted against who sent it.

    Refusals `join_unknown`, `join_used`, `join_expired`, `too_many_attempts`.
    """
    for attempts in await reads.attempts(database, address):
        rules.require_patience(attempts, now)
    token, user = await reads.by_token(database, digest(join))
    try:
        rules.require_fresh(token if user else None, now)
    except Refusal:
        await bus.do(SYSTEM, FailSignIn(address))
        raise
    assert user  # noqa: S101 - without one no token is fresh
    return user


def address_of(request: Request[Any, Any, Any]) -> str:
    """Give the counter of who asks."""
    return f"address:{request.client.host if request.client else ''}"


@post("/api/enrol", opt={"public": True}, tags=["people"], summary="Enrol a device", request_max_body_size=MOST_BYTES)
async def enrol(bus: Bus, settings: Settings, data: Enrol) -> Enrolled:
    """Trade a token for a device's key; it works once."""
    device, key = ulid(), new_token()
    await bus.do(SYSTEM, EnrolDevice(digest(data.token), device, data.name, data.kind, digest(key)))
    return Enrolled(device, key, reads.ca_pem(settings))


HANDLERS = [make_token, look, enrol]
