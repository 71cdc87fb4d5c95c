"""How a phone joins: one page over plain HTTP with the authority's certificate, its fingerprint, and what to tap."""

from __future__ import annotations

import base64
import io
import plistlib
import uuid
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any

import segno

from server.web.tls import Authority

Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Callable[[], Awaitable[Any]], Send], Awaitable[None]]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Join Pickwave</title>
<style>
:root {{ color-scheme: light dark; font: 18px/1.5 system-ui, sans-serif }}
body {{ max-width: 34rem; margin: 0 auto; padding: 1.5rem }}
h1 {{ font-size: 1.8rem; margin: 0 0 .5rem }} h2 {{ font-size: 1.2rem; margin: 2rem 0 .5rem }}
a.step {{ display: block; padding: 1rem 1.2rem; margin: .6rem 0; border-radius: .8rem; background: #0b6e4f; color: #fff;
  text-decoration: none; font-weight: 600 }}
code {{ font-size: .8rem; word-break: break-all }} li {{ margin: .4rem 0 }}
img {{ width: 12rem; background: #fff; padding: .5rem; border-radius: .5rem }}
</style>
<h1>Join Pickwave</h1>
<p>Two steps, once for each device. Without the first the app cannot work in dead zones.</p>
<a class="step" href="/pickwave-ca.{kind}">1. Install this site's certificate</a>
<a class="step" href="{url}">2. Open Pickwave, then add it to the home screen</a>
<h2>Android</h2><ol><li>Tap 1. Open Settings, search for “CA certificate”, choose the downloaded file.</li>
<li>Tap 2 in Chrome. Menu, “Add to home screen”.</li></ol>
<h2>iPhone, iPad</h2><ol><li>Tap 1 in Safari and allow the profile. Settings, “Profile downloaded”, Install.</li>
<li>Settings, General, About, Certificate Trust Settings: switch Pickwave on.</li>
<li>Tap 2 in Safari. Share, “Add to Home Screen”.</li></ol>
<h2>Computer</h2><ol><li>Download 1 and import it as a trusted authority for websites: in the browser's certificate
settings, or in the system's keychain.</li></ol>
<h2>Is it ours?</h2><p>The device shows a SHA-256 fingerprint when it installs the certificate. It must be:</p>
<p><code>{fingerprint}</code></p>
<p>The certificate can speak for this site's names and private addresses only.</p>
<p><img alt="QR code of the app's address" src="data:image/svg+xml;base64,{qr}"></p></html>"""


def page(authority: Authority, url: str, *, apple: bool = False) -> str:
    """Give the enrolment page."""
    qr = base64.b64encode(qr_svg(url)).decode()
    kind = "mobileconfig" if apple else "crt"
    return PAGE.format(url=escape(url, quote=True), fingerprint=authority.fingerprint, qr=qr, kind=kind)


def qr_svg(text: str) -> bytes:
    """Draw a QR code."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, scale=4)
    return out.getvalue()


def mobileconfig(der: bytes) -> bytes:
    """Wrap a certificate as a configuration profile, the way Apple devices take it."""
    inner = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": "pickwave.ca",
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_URL, der.hex())),
        "PayloadDisplayName": "Pickwave certificate",
        "PayloadContent": der,
    }
    outer = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": "pickwave",
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_URL, der.hex() + "profile")),
        "PayloadDisplayName": "Pickwave",
        "PayloadContent": [inner],
    }
    return plistlib.dumps(outer)


def joining_app(authority: Authority, url: str) -> App:
    """Make the small HTTP application that serves the page and the certificate, and nothing else."""
    pem = authority.certificate.read_bytes()
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    files: Mapping[str, tuple[str, bytes]] = {
        "/pickwave-ca.crt": ("application/x-x509-ca-cert", der),
        "/pickwave-ca.pem": ("application/x-pem-file", pem),
        "/pickwave-ca.mobileconfig": ("application/x-apple-aspen-config", mobileconfig(der)),
    }

    async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
        del receive
        if scope["type"] != "http":
            return
        agent = dict(scope["headers"]).get(b"user-agent", b"")
        apple = any(word in agent for word in (b"iPhone", b"iPad", b"Macintosh"))
        fallback = ("text/html; charset=utf-8", page(authority, url, apple=apple).encode())
        kind, body = files.get(scope["path"], fallback)
        head = {"content-type": kind, "content-security-policy": POLICY, "x-content-type-options": "nosniff"}
        headers = [(name.encode(), value.encode()) for name, value in head.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app
