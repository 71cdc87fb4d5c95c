"""Who is asking: a session cookie, a device's key, or an API key, each turned into an Actor.

Read anew for every request from committed state, so that what was revoked is refused at once, in every process.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from msgspec.structs import replace

from server.db.engine import Database
from server.db.reads import load
from server.kernel.actor import Actor
from server.kernel.refusal import Refusal
from server.people.reads import called, is_revoked, was_signed_in
from server.people.roles import lent, permissions_of
from server.people.rules import lasts
from server.people.secrets import SESSION_COOKIE, digest
from server.people.store import DEVICES, KEYS, SESSIONS, USERS
from server.web.forgery import changes, is_own_origin, require_own_origin, require_own_page
from server.web.limits import require_pace
from server.web.requests import require_storable

LONGEST_KEY = 128
Connection = ASGIConnection[Any, Any, Any, Any]


async def actor_of(connection: Connection) -> Actor | None:
    """Give who is asking, or None."""
    database: Database = connection.app.state.database
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "device":
        return await _device(database, value)
    if scheme.lower() == "bearer":
        return await _api_key(database, value)
    token = connection.cookies.get(SESSION_COOKIE)
    return await _session(database, token, connection.app.state.clock()) if token else None


async def _session(database: Database, token: str, now: int) -> Actor | None:
    found = await load(database, SESSIONS, "id", [digest(token)])
    person = await person_at(database, found[0].user, found[0].device) if found else None
    if person is None or not lasts(found[0], person.permissions, now):
        return None
    return replace(person, session=found[0].id)


async def why_not(connection: Connection) -> str:
    """Give why somebody is nobody: `device_revoked` to who was signed in at a device that is, else `not_signed_in`."""
    database: Database = connection.app.state.database
    token = connection.cookies.get(SESSION_COOKIE, "")
    found = await load(database, SESSIONS, "id", [digest(token)]) if token else []
    return "device_revoked" if found and await is_revoked(database, found[0]) else "not_signed_in"


async def person_at(database: Database, user_id: str, device: str, site: str = "") -> Actor | None:
    """Give a user with what their roles allow now, at `site` if they have none of their own; None if not active."""
    found = await load(database, USERS, "id", [user_id])
    if not found or not found[0].active:
        return None
    return Actor(user_id, device, permissions_of(found[0].roles), found[0].site or site)


async def _device(database: Database, value: str) -> Actor | None:
    """A device speaks for the user it was enrolled for."""
    device_id, _, key = value.partition(".")
    found = await load(database, DEVICES, "id", [device_id])
    if not found or found[0].revoked or not found[0].key_hash:
        return None
    if not hmac.compare_digest(found[0].key_hash, digest(key)):
        return None
    return await person_at(database, found[0].user, device_id, found[0].site)


async def _api_key(database: Database, value: str) -> Actor | None:
    found = await load(database, KEYS, "id", [digest(value)])
    if not found or found[0].revoked:
        return None
    return Actor(f"key:{found[0].name}", "", frozenset({"signed_in", *found[0].permissions}))


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a request pass that is public, or signed in with the permission, or one of those, that its handler declares.

    Refusals `not_signed_in`, `not_allowed`. A handler that declares nothing is closed to everybody: forgetting is safe.
    """
    require_storable(connection)
    require_own_origin(connection)
    if handler.opt.get("public") or not handler.fn.__module__.startswith("server."):
        if changes(connection):
            require_pace(connection, None)
        return
    actor = await actor_of(connection)
    require_pace(connection, actor)
    if actor is None:
        raise Refusal(await why_not(connection))
    connection.scope["actor"] = actor  # type: ignore[typeddict-unknown-key]
    if actor.session:
        require_own_page(connection)
    needed = handler.opt.get("permission")
    any_of = needed if isinstance(needed, tuple) else (needed,)
    if needed is None or not any(actor.may(each or "signed_in") for each in any_of):
        raise Refusal("not_allowed", permission=" or ".join(map(str, any_of)))


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """Give handlers who is asking, as the guard found out."""
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    return actor


def provide_op_id(request: Request[Any, Any, Any]) -> str:
    """Give handlers the operation's id: the caller's Idempotency-Key, bound to who is asking; '' makes a new one."""
    key = request.headers.get("idempotency-key", "")
    if len(key) > LONGEST_KEY:
        raise Refusal("bad_value", what="idempotency-key", most=LONGEST_KEY)
    return f"http:{provide_actor(request).user}:{key}" if key else ""


async def socket_actor(connection: Connection) -> Actor:
    """Give who opens a socket; raises 401. A browser must come from our own origin."""
    if not is_own_origin(connection):
        raise NotAuthorizedException(detail="wrong origin")
    actor = await actor_of(connection)
    if actor is None:
        raise NotAuthorizedException(detail=await why_not(connection))
    return actor


def attribute(database: Database) -> Callable[[Actor, str], Awaitable[Actor]]:
    """Give a function that attributes an operation to who was signed in at that device when it was made.

    What they may do is judged now. Somebody who never signed in there cannot be named: it stays the sender's.
    """

    async def attributed(actor: Actor, by: str) -> Actor:
        if by in {"", actor.user}:
            return actor
        known = await was_signed_in(database, by, actor.device)
        person = await person_at(database, by, actor.device) if known else None
        return replace(person, permissions=lent(person, actor)) if person else actor

    return attributed


async def display_name(database: Database, actor: Actor) -> str:
    """Give the name to show for an actor."""
    return (await called(database, actor.user))[0]
