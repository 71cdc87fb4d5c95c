"""The PWA as it was built: hashed assets for ever, the page and the service worker never from a cache."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from litestar import MediaType, Response, get
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import NotFoundException
from litestar.types import Message, Scope

from server.web import static_folder

FOREVER, NEVER = "public, max-age=31536000, immutable", "no-cache"
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
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
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), serial=(self), hid=(self), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


async def secure(message: Message, scope: Scope) -> None:
    """Put the security headers on every answer, errors included; answers of the API are never cached."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers[name] = value
    if scope["path"].startswith("/api/"):
        headers["cache-control"] = "no-store"


@get(["/", "/{path:path}"], opt={"public": True}, include_in_schema=False)
async def page(path: str = "") -> Response[bytes]:
    """Give a file of the PWA; any other path is the app's own and gets its page."""
    root = static_folder()
    found = (root / path.lstrip("/")).resolve()
    if not found.is_relative_to(root.resolve()) or path.startswith("/api/"):
        raise NotFoundException
    if not found.is_file():
        if found.suffix and found.suffix != ".html":
            raise NotFoundException
        found = root / "index.html"
    if not found.is_file():
        return Response(NOT_BUILT, media_type=MediaType.TEXT, status_code=503)
    cache = FOREVER if "assets" in found.relative_to(root).parts[:-1] else NEVER
    kind = TYPES.get(found.suffix, "application/octet-stream")
    return Response(_read(found), media_type=kind, headers={"cache-control": cache})


NOT_BUILT = b"The app is not built yet: run ./run, or `npm run build` in pwa/."


def _read(path: Path) -> bytes:
    return path.read_bytes()


ROUTES = [page]
