"""How a phone joins: one page over plain HTTP with the authority's certificate, its fingerprint, and what to tap."""

from __future__ import annotations

import base64
import io
import plistlib
import re
import ssl
import uuid
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

import segno

from server.web.tls import Authority

Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Send], Awaitable[None]]
Answer = tuple[int, str, bytes]
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
PAGE: Final = Template(Path(__file__).with_name("joining.html").read_text(encoding="utf-8"))
CERTIFICATES: Final = {"android": "crt", "apple": "mobileconfig", "computer": "crt"}
PLATFORMS: Final = {b"Android": "android", b"iPhone": "apple", b"iPad": "apple"}
HOST: Final = re.compile(rb"([\w.-]{1,253}|\[[0-9a-fA-F:]+\])(:\d+)?")


def page(authority: Authority, url: str, here: str, platform: str = "computer") -> bytes:
    """Give the enrolment page for android, apple or computer; `url` is the app's address, `here` this page's own."""
    opened = {name: "open" if name == platform else "" for name in CERTIFICATES}
    qr = base64.b64encode(qr_svg(here)).decode()
    certificate = f"/pickwave-ca.{CERTIFICATES[platform]}"
    fields = {"url": escape(url), "fingerprint": authority.fingerprint, "qr": qr, "certificate": certificate}
    return PAGE.substitute(fields, **opened).encode()


def qr_svg(text: str) -> bytes:
    """Draw a QR code."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, scale=4)
    return out.getvalue()


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
    """Make the small HTTP application that serves the page and the certificate, and nothing else."""
    files = _files(authority)

    def answer(scope: dict[str, Any]) -> Answer:
        headers = dict(scope["headers"])
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, "text/plain", b"This page can only be read."
        if scope["path"] in files:
            return files[scope["path"]]
        if scope["path"] != "/":
            return 404, "text/plain", b"There is only one page here: /"
        return 200, "text/html; charset=utf-8", page(authority, url, _here(headers, url), _platform(headers))

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


def _here(headers: Mapping[bytes, bytes], url: str) -> str:
    """Give this page's address as the reader reached it, so that the QR code leads a phone to the same place."""
    host = headers.get(b"host", b"")
    return f"http://{host.decode()}/" if HOST.fullmatch(host) else url


def _platform(headers: Mapping[bytes, bytes]) -> str:
    """Guess whose steps to show first; the others are one tap away."""
    agent = headers.get(b"user-agent", b"")
    return next((platform for word, platform in PLATFORMS.items() if word in agent), "computer")
