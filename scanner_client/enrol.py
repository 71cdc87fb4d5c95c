"""Become one of the site's devices: trade a one-time token for a key, and pin the site's CA."""

from __future__ import annotations

import hashlib
import json
import os
import ssl
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import msgspec

from server.kernel.refusal import Refusal

HOME = Path("~/.pickwave")
FILE = "scanner.json"
PATIENCE_S = 15


class Enrolled(msgspec.Struct, frozen=True):
    """Who this device is. `ca` is the site's certificate authority (PEM), '' = those of the system."""

    server: str
    device: str
    key: str
    ca: str = ""
    name: str = ""


class _Answer(msgspec.Struct, frozen=True):
    device: str
    key: str
    ca: str = ""


class _Problem(msgspec.Struct, frozen=True):
    code: str = "failed"
    facts: dict[str, str | int | bool | None] = {}


def address(server: str) -> str:
    """Give a server's address without a last slash; refusal `bad_value` for one that keys must not go to.

    Keys go over TLS only, but to this very machine.
    """
    parts = urlsplit(server)
    here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or here):
        raise Refusal("bad_value", field="server", value=server)
    return server.rstrip("/")


def trust(ca: str) -> ssl.SSLContext:
    """Make a TLS context that trusts `ca` (PEM) and nothing else, or the system's list where it is ''."""
    return ssl.create_default_context(cadata=ca or None)


def fingerprint(ca: str) -> str:
    """Give the SHA-256 of a certificate (PEM), as the server's enrolment page shows it."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca)).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def enrol(server: str, token: str, name: str, ca: str = "") -> Enrolled:
    """Ask for a key with a one-time token.

    With `ca` (PEM) the server must prove itself by it. Without, one that the system does not know is
    believed this once: compare the fingerprint of the CA it gives. Refusals of the server; OSError.
    """
    server = address(server)
    body = json.dumps({"token": token, "name": name, "kind": "scanner"}).encode()
    try:
        answer = _post(f"{server}/api/enrol", body, trust(ca))
    except URLError as error:
        if ca or not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
        answer = _post(f"{server}/api/enrol", body, _unproven())
        if not answer.ca:
            raise
    return Enrolled(server, answer.device, answer.key, ca or answer.ca, name)


def _unproven() -> ssl.SSLContext:
    """Make a context that takes any certificate: for the one request that fetches the CA."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _post(url: str, body: bytes, context: ssl.SSLContext) -> _Answer:
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
    request = Request(url, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - see address
    try:
        with opener.open(request, timeout=PATIENCE_S) as response:
            return msgspec.json.decode(response.read(), type=_Answer)
    except HTTPError as error:
        raise _refusal(error.read()) from error


def _refusal(body: bytes) -> Refusal:
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem()
    return Refusal(problem.code, **problem.facts)


def save(home: Path, enrolled: Enrolled) -> Path:
    """Write who this device is to `home`, readable by its owner only; whole or not at all."""
    home = home.expanduser()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, fresh = home / FILE, home / f"{FILE}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(enrolled)))
        file.flush()
        os.fsync(file.fileno())
    return fresh.replace(path)


def load(home: Path) -> Enrolled:
    """Read who this device is; refusal `not_signed_in` where it is not enrolled."""
    path = home.expanduser() / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Enrolled)
    except FileNotFoundError as error:
        raise Refusal("not_signed_in", home=str(path.parent)) from error
