"""Another site's page must not act with our cookies: origins are compared, and changes need the session's own proof."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from server.kernel.refusal import Refusal
from server.people.secrets import SESSION_COOKIE, csrf_of
from server.settings import Settings

HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Connection = ASGIConnection[Any, Any, Any, Any]


def is_own_origin(connection: Connection) -> bool:
    """Tell whether a browser's request comes from our own pages; other programs send no origin."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    settings: Settings = connection.app.state.settings
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return False
    if not parts.netloc:
        return False
    named = parts.hostname in settings.names and port in {None, settings.port}
    return named or parts.netloc == connection.headers.get("host")


def changes(connection: Connection) -> bool:
    """Tell whether a request may change something."""
    return connection.scope.get("method", "GET") not in SAFE


def require_own_origin(connection: Connection) -> None:
    """Refuse what another site's page wants changed, signing in included."""
    if changes(connection) and not is_own_origin(connection):
        raise Refusal("not_allowed", permission="origin")


def require_own_page(connection: Connection) -> None:
    """Refuse a change that does not carry the session's proof in a header, which only our own pages can read."""
    sent = connection.headers.get(HEADER, "").encode()
    expected = csrf_of(connection.cookies.get(SESSION_COOKIE, "")).encode()
    if changes(connection) and not hmac.compare_digest(sent, expected):
        raise Refusal("not_allowed", permission=HEADER)
