"""The small HTTP application behind the joining page: the page, the certificate in its forms, and nothing else."""

from __future__ import annotations

import plistlib
import re
import ssl
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from server.web.joining.page import SCRIPT_HASH, Site, language_of, page, platform_of
from server.web.tls import Authority

Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Send], Awaitable[None]]
Answer = tuple[int, str, bytes]
POLICY: Final = (
    f"default-src 'none'; script-src 'sha256-{SCRIPT_HASH}'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "vary": "accept-language, user-agent",
    "x-content-type-options": "nosniff",
}
HOST: Final = re.compile(r"([\w.-]{1,253}|\[[0-9a-fA-F:]+\])(:\d+)?", re.ASCII)


def mobileconfig(der: bytes) -> bytes:
    """Wrap a certificate as a configuration profile, the way Apple devices take it; two sites' do not meet."""
    site = uuid.uuid5(uuid.NAMESPACE_OID, der.hex())
    certificate = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"pickwave.{site}.ca",
        "PayloadUUID": str(site),
        "PayloadDisplayName": "Pickwave certificate",
        "PayloadContent": der,
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"pickwave.{site}",
        "PayloadUUID": str(uuid.uuid5(site, "profile")),
        "PayloadDisplayName": "Pickwave",
        "PayloadDescription": "Lets this device trust the Pickwave of this site, and nothing else.",
        "PayloadContent": [certificate],
    }
    return plistlib.dumps(profile)


def joining_app(authority: Authority, url: str) -> App:
    """Make the application; `url` is the app's address."""
    files = _files(authority)

    def answer(scope: dict[str, Any]) -> Answer:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, "text/plain", b"This page can only be read."
        if scope["path"] in files:
            return files[scope["path"]]
        if scope["path"] != "/":
            return 404, "text/plain", b"There is only one page here: /"
        chosen = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
        language = language_of(chosen, headers.get(b"accept-language", ""))
        site = Site(url, _here(headers.get(b"host", ""), url), authority.fingerprint)
        return 200, "text/html; charset=utf-8", page(site, platform_of(headers.get(b"user-agent", "")), language)

    async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        del receive
        if scope["type"] != "http":
            return
        status, kind, body = answer(scope)
        head = HEADERS | {"content-type": kind, "content-length": str(len(body))}
        headers = [(name.encode(), value.encode()) for name, value in head.items()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return app


def _files(authority: Authority) -> Mapping[str, Answer]:
    """Give the certificate in the forms that devices take."""
    pem = authority.certificate.read_text()
    der = ssl.PEM_cert_to_DER_cert(pem)
    return {
        "/pickwave-ca.crt": (200, "application/x-x509-ca-cert", der),
        "/pickwave-ca.pem": (200, "application/x-pem-file", pem.encode()),
        "/pickwave-ca.mobileconfig": (200, "application/x-apple-aspen-config", mobileconfig(der)),
    }


def _here(host: str, url: str) -> str:
    """Give this page's address as the reader reached it, so that the QR code leads a phone to the same place."""
    return f"http://{host}/" if HOST.fullmatch(host) else url
