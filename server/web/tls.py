"""The site's own certificate authority, kept in a folder, and the certificate that the server shows.

A phone must trust the authority, not click a warning away: without trust there is no service worker, and so no offline.
Because of its name constraints, a stolen authority key cannot speak for any name but this site's.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from server.kernel.refusal import Refusal
from server.web.certificates import RENEW_DAYS, general_names, new_authority, new_leaf, outside

__all__ = ["Authority", "ensure_authority", "ensure_leaf", "keep_fresh"]

DAY_SECONDS = 86_400


class Authority(msgspec.Struct, frozen=True):
    """Where certificate and key lie, and the fingerprint that people compare."""

    certificate: Path
    key: Path
    fingerprint: str


def ensure_authority(folder: Path, names: Iterable[str], now: datetime | None = None) -> Authority:
    """Give the site's authority, made on first use for local names, private addresses and `names`."""
    certificate, key = folder / "ca.crt", folder / "ca.key"
    if not certificate.exists():
        folder.mkdir(parents=True, exist_ok=True)
        private = ec.generate_private_key(ec.SECP256R1())
        made = new_authority(private, f"Pickwave {socket.gethostname()}", names, now or datetime.now(UTC))
        _write_key(key, private)
        _write(certificate, made.public_bytes(Encoding.PEM))
    fingerprint = _certificate(certificate).fingerprint(hashes.SHA256())
    return Authority(certificate, key, fingerprint.hex(":").upper())


def ensure_leaf(authority: Authority, names: Iterable[str], now: datetime | None = None) -> tuple[Path, Path]:
    """Give certificate and key for these host names and addresses; renewed when names change or 30 days are left.

    Refusal `bad_value` where the authority may not speak for a name: a phone would refuse the certificate.
    """
    at, wanted = now or datetime.now(UTC), list(dict.fromkeys(names))
    issuer = _certificate(authority.certificate)
    for name in outside(issuer, wanted):
        reason = f"the authority in {authority.certificate} was made without it; remove it, and phones join again"
        raise Refusal("bad_value", what="PICKWAVE_NAMES", value=name, reason=reason)
    certificate, key = authority.certificate.with_name("server.crt"), authority.key.with_name("server.key")
    if not _is_good(certificate, key, issuer, wanted, at):
        private = ec.generate_private_key(ec.SECP256R1())
        made = new_leaf(private.public_key(), issuer, _key(authority.key), wanted, at)
        _write_key(key, private)
        _write(certificate, made.public_bytes(Encoding.PEM) + issuer.public_bytes(Encoding.PEM))
    return certificate, key


async def keep_fresh(context: ssl.SSLContext, authority: Authority, names: list[str]) -> None:
    """Look every day whether the certificate has to be renewed; handshakes from then on show the new one."""
    while True:
        await asyncio.sleep(DAY_SECONDS)
        context.load_cert_chain(*ensure_leaf(authority, names))


def _is_good(certificate: Path, key: Path, issuer: x509.Certificate, names: list[str], now: datetime) -> bool:
    """Tell whether a certificate is for just these names, of this authority and this key, and lasts a while yet."""
    if not (certificate.exists() and key.exists()):
        return False
    found = _certificate(certificate)
    alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known_by = found.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return (
        found.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)
        and list(alternative) == general_names(names)
        and known_by == x509.AuthorityKeyIdentifier.from_issuer_public_key(_key_of(issuer))
        and found.public_key() == _key(key).public_key()
    )


def _certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _key_of(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    return cast("ec.EllipticCurvePublicKey", certificate.public_key())


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    return cast("ec.EllipticCurvePrivateKey", load_pem_private_key(path.read_bytes(), None))


def _write_key(path: Path, private: ec.EllipticCurvePrivateKey) -> None:
    _write(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace a file at once; nobody but us ever sees it with a wider mode."""
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)
