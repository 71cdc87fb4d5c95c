"""The security headers of every answer."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY: Final = "; ".join(  # noqa: FLY002 - one directive a line is what a reader checks
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), serial=(self), hid=(self), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
OVER_TLS: Final = {"strict-transport-security": "max-age=31536000; includeSubDomains"}


async def secure(message: Message, scope: Scope) -> None:
    """Put the security headers on every answer, errors included; answers of the API are never cached."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    wanted = HEADERS | (OVER_TLS if scope["scheme"] == "https" else {})
    if scope["path"].startswith("/api/"):
        wanted |= {"cache-control": "no-store"}
    for name, value in wanted.items():
        headers[name] = value
