"""The PWA as it was built: hashed assets for ever, the page and the service worker never from a cache unasked."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import MediaType, Request, Response, route
from litestar.exceptions import NotFoundException

from server.web import static_folder

FOREVER, ASK_FIRST = "public, max-age=31536000, immutable", "no-cache"
TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
BROTLI = ".br"
ENOUGH = 0.9
NOT_BUILT = b"The app is not built yet: run ./run, or `npm run build` in pwa/."


class File(msgspec.Struct, frozen=True):
    """A built file, ready to be sent; `smaller` has it by encoding, the best first, where that saves enough."""

    body: bytes
    smaller: dict[str, bytes]
    kind: str
    headers: dict[str, str]


def built() -> dict[str, File]:
    """Give the files of the PWA by their paths, read anew after each build; {} before the first."""
    index = static_folder() / "index.html"
    return _load(index.parent, index.stat().st_mtime_ns) if index.is_file() else {}


@lru_cache(maxsize=1)
def _load(root: Path, _built_at: int) -> dict[str, File]:
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix != BROTLI)
    return {path.relative_to(root).as_posix(): _file(path, root) for path in files}


def _file(path: Path, root: Path) -> File:
    body = path.read_bytes()
    cache = FOREVER if "assets" in path.relative_to(root).parts[:-1] else ASK_FIRST
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"cache-control": cache, "etag": tag, "vary": "accept-encoding"}
    return File(body, _smaller(path, body), TYPES.get(path.suffix, "application/octet-stream"), headers)


def _smaller(path: Path, body: bytes) -> dict[str, bytes]:
    """Compress a file as the build did (Brotli) and as every client understands (gzip)."""
    brotli = path.with_name(path.name + BROTLI)
    found = {"br": brotli.read_bytes()} if brotli.is_file() else {}
    found["gzip"] = gzip.compress(body, mtime=0)
    return {encoding: packed for encoding, packed in found.items() if len(packed) < len(body) * ENOUGH}


@route(["/", "/{path:path}"], http_method=["GET", "HEAD"], opt={"public": True}, include_in_schema=False)
async def page(request: Request[Any, Any, Any], path: str = "") -> Response[bytes]:
    """Give a file of the PWA; any other path is the app's own and gets its page."""
    name = path.lstrip("/")
    if name.partition("/")[0] == "api":
        raise NotFoundException
    files = await asyncio.to_thread(built)
    if not files:
        return Response(NOT_BUILT, media_type=MediaType.TEXT, status_code=503)
    if name not in files and "." in name.rpartition("/")[2]:
        raise NotFoundException
    return _send(files.get(name, files["index.html"]), request)


def _send(file: File, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Send a file, compressed where the browser can read that, and not at all where it has it."""
    if file.headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=file.headers)
    accepted = {each.split(";")[0].strip() for each in request.headers.get("accept-encoding", "").split(",")}
    for encoding, packed in file.smaller.items():
        if encoding in accepted:
            headers = {**file.headers, "content-encoding": encoding}
            return Response(packed, media_type=file.kind, headers=headers)
    return Response(file.body, media_type=file.kind, headers=file.headers)


ROUTES = [page]
