"""Signing in and out over HTTP, and one's sessions."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie

from server.bus import Bus
from server.db.engine import Database
from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import Clock
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.people import reads, rules
from server.people.forms import Me, SignIn
from server.people.joining import MOST_BYTES, address_of, invited
from server.people.model import SESSION_MS, FailSignIn, RevokeSession, StartSession, TrySignIn, User
from server.people.roles import permissions_of, require_within
from server.people.secrets import CSRF_COOKIE, SESSION_COOKIE, csrf_of, digest, matches, new_token
from server.settings import Settings

log = logging.getLogger(__name__)


@post(
    "/api/sign-in",
    opt={"public": True},
    tags=["people"],
    summary="Sign in",
    status_code=200,
    request_max_body_size=MOST_BYTES,
)
async def sign_in(
    request: Request[Any, Any, Any], bus: Bus, database: Database, settings: Settings, clock: Clock, data: SignIn
) -> Response[Me]:
    """Sign in with badge and PIN, e-mail and password, or a joining code: sets the session's cookie and `csrf`.

    Failures of a badge and of an address are counted; past the free ones every try must wait longer. At a device where
    the user has signed in before they are counted apart, so that nobody is locked out by others.
    """
    address = address_of(request)
    if data.join:
        user: User | None = await invited(bus, database, data.join, address, clock())
    else:
        user = await reads.by_badge(database, data.badge) if data.badge else await reads.by_email(database, data.email)
    known = await reads.was_signed_in(database, user.id if user else "", data.device)
    called = data.badge or data.email.lower() or (user.badge or user.id if user else "")
    counter = rules.counter_of(called, data.device if known else "")
    asked = TrySignIn(counter, "" if known else address)
    for attempts in await reads.attempts(database, asked.counter, asked.address):
        rules.require_patience(attempts, clock())
    await bus.do(SYSTEM, asked)
    if not await _proved(user, data) or user is None:
        log.warning("sign-in refused: %r from %r", user.id if user else "nobody", address)
        await bus.do(SYSTEM, FailSignIn(address))
        raise Refusal("bad_credentials")
    token, device = new_token(), data.device or ulid()
    before = digest(request.cookies.get(SESSION_COOKIE, ""))
    join = digest(data.join) if data.join else ""
    await bus.do(SYSTEM, StartSession(digest(token), user.id, device, counter, before, join))
    secure = settings.tls != "off" or request.url.scheme == "https"
    return Response(_me(user, device), cookies=_cookies(token, secure=secure))


async def _proved(user: User | None, data: SignIn) -> bool:
    """Tell whether this is the secret of an active user; as slow where there is none."""
    if data.join and user and not (user.pin_hash or user.password_hash):
        return True
    by_pin = bool(user and user.pin_hash) if data.join else bool(data.badge)
    stored = (user.pin_hash if by_pin else user.password_hash) if user and user.active else ""
    return await matches(stored, data.pin if by_pin else data.password)


def _cookies(token: str, *, secure: bool) -> list[Cookie]:
    """Make the two cookies, for our own pages only; the session's is not shown to scripts."""
    values = ((SESSION_COOKIE, token, True), (CSRF_COOKIE, csrf_of(token), False))
    seconds = SESSION_MS // 1_000 if token else 0
    return [
        Cookie(key, value=value, path="/", max_age=seconds, secure=secure, httponly=hidden, samesite="strict")
        for key, value, hidden in values
    ]


def _me(user: User, device: str) -> Me:
    return Me(user.id, user.name, user.site, tuple(sorted(permissions_of(user.roles))), device, user.language)


@post("/api/sign-out", opt={"permission": ""}, tags=["people"], summary="Sign out", status_code=204)
async def sign_out(bus: Bus, actor: Actor) -> Response[None]:
    """End this session and take its cookies back."""
    if actor.session:
        await bus.do(actor, RevokeSession(actor.session))
    return Response(None, status_code=204, cookies=_cookies("", secure=False))


@get("/api/me", opt={"permission": ""}, tags=["people"], summary="Who am I")
async def me(database: Database, actor: Actor) -> Me:
    """Give who is signed in and what they may do now."""
    name, language = await reads.called(database, actor.user)
    return Me(actor.user, name, actor.site, tuple(sorted(actor.permissions)), actor.device, language)


@get("/api/sessions", opt={"permission": ""}, tags=["people"], summary="Sessions")
async def list_sessions(database: Database, actor: Actor, user: str = "") -> list[reads.SessionView]:
    """Give one's own open sessions; with `supervise` also those of another user."""
    if user not in {"", actor.user}:
        require_within(actor, ("supervise",))
    return await reads.sessions(database, user or actor.user, actor.session)


@delete("/api/sessions/{session:str}", opt={"permission": ""}, tags=["people"], summary="End a session")
async def revoke_session(bus: Bus, actor: Actor, session: str, op_id: str) -> None:
    """End one's own session, or with `supervise` a colleague's, at once."""
    await bus.do(actor, RevokeSession(session), op_id=op_id)


HANDLERS = [sign_in, sign_out, me, list_sessions, revoke_session]
