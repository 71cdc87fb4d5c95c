"""Who is asking: a session cookie, a device's key, or an API key, each turned into an Actor.

Read anew for every request from committed state, so that what was revoked is refused at once.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from server.db.engine import Database
from server.db.reads import load
from server.kernel.actor import Actor
from server.kernel.clock import now
from server.people.model import SESSION_MS, permissions_of
from server.people.secrets import digest
from server.people.store import DEVICES, KEYS, SESSIONS, USERS

COOKIE, CSRF_COOKIE, CSRF_HEADER = "pickwave", "csrf", "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Connection = ASGIConnection[Any, Any, Any, Any]


async def actor_of(connection: Connection) -> Actor | None:
    """Give who is asking, or None. A cookie session must prove, for what changes things, that our own page asks."""
    database: Database = connection.app.state.database
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "device":
        return await _device(database, value)
    if scheme.lower() == "bearer":
        return await _api_key(database, value)
    token = connection.cookies.get(COOKIE)
    return await _session(database, token) if token else None


async def _session(database: Database, token: str) -> Actor | None:
    found = await load(database, SESSIONS, "id", [digest(token)])
    if not found or found[0].revoked or found[0].created_at + SESSION_MS < now():
        return None
    session = found[0]
    person = await person_at(database, session.user, session.device)
    return person and Actor(person.user, person.device, person.permissions, person.site, session.id)


async def person_at(database: Database, user_id: str, device: str) -> Actor | None:
    """Give a user with what their roles allow now; None where they are not active any more."""
    found = await load(database, USERS, "id", [user_id])
    if not found or not found[0].active:
        return None
    return Actor(user_id, device, permissions_of(found[0].roles), found[0].site)


async def _device(database: Database, value: str) -> Actor | None:
    """A device speaks for the user it was enrolled for."""
    device_id, _, key = value.partition(".")
    found = await load(database, DEVICES, "id", [device_id])
    if not found or found[0].revoked or not found[0].key_hash:
        return None
    if not hmac.compare_digest(found[0].key_hash, digest(key)):
        return None
    return await person_at(database, found[0].user, device_id)


async def _api_key(database: Database, value: str) -> Actor | None:
    found = await load(database, KEYS, "id", [digest(value)])
    if not found or found[0].revoked:
        return None
    return Actor(f"key:{found[0].name}", "", frozenset({"signed_in", *found[0].permissions}))


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let a request pass that is public, or signed in with the permission its handler declares.

    Raises 401 and 403. A handler that declares nothing is closed to everybody: forgetting is safe.
    """
    if handler.opt.get("public"):
        return
    if not handler.fn.__module__.startswith("server."):
        return
    actor = await actor_of(connection)
    if actor is None:
        raise NotAuthorizedException(detail="not_signed_in")
    if actor.session and connection.scope.get("method", "GET") not in SAFE:
        require_own_page(connection)
    needed = handler.opt.get("permission")
    if needed is None or not actor.may(needed or "signed_in"):
        raise PermissionDeniedException(detail="not_allowed")
    connection.scope["actor"] = actor  # type: ignore[typeddict-unknown-key]


def require_own_page(connection: Connection) -> None:
    """Refuse a request that another site's page made with our cookie (double submit)."""
    cookie, header = connection.cookies.get(CSRF_COOKIE, ""), connection.headers.get(CSRF_HEADER, "")
    if not cookie or not hmac.compare_digest(cookie, header):
        raise PermissionDeniedException(detail="not_allowed")


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """Give handlers who is asking, as the guard found out."""
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    return actor


def provide_op_id(request: Request[Any, Any, Any]) -> str:
    """Give handlers the operation's id: the caller's Idempotency-Key, bound to who is asking; '' makes a new one."""
    key = request.headers.get("idempotency-key", "")
    actor = request.scope.get("actor")
    return f"http:{getattr(actor, 'user', '')}:{key[:128]}" if key else ""


async def socket_actor(connection: Connection) -> Actor:
    """Give who opens a socket; raises 401. A browser must come from our own origin."""
    origin = connection.headers.get("origin")
    if origin and urlsplit(origin).netloc != connection.headers.get("host"):
        raise NotAuthorizedException(detail="wrong origin")
    actor = await actor_of(connection)
    if actor is None:
        raise NotAuthorizedException(detail="not_signed_in")
    return actor


def attribute(database: Database) -> Callable[[Actor, str], Awaitable[Actor]]:
    """Give a function that attributes an operation to who was signed in at that device when it was made.

    What they may do is judged now. Somebody who never signed in there cannot be named: it stays the sender's.
    """

    async def attributed(actor: Actor, by: str) -> Actor:
        if by in {"", actor.user}:
            return actor
        rows = await database.read('SELECT 1 FROM session WHERE device = ? AND "user" = ? LIMIT 1', (actor.device, by))
        person = await person_at(database, by, actor.device) if rows else None
        return person or actor

    return attributed


async def display_name(database: Database, actor: Actor) -> str:
    """Give the name to show for an actor."""
    found = await load(database, USERS, "id", [actor.user])
    return found[0].name if found else actor.user
