"""The site's own certificate authority, limited by name constraints to this site (RFC 5280 4.2.1.10).

A phone must trust the authority, not click a warning away: without trust there is no service worker, and so no offline.
Because of the constraints, a stolen authority key cannot speak for any other name.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS, LEAF_DAYS, RENEW_DAYS = 3_650, 396, 30
LOCAL_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
PRIVATE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
)


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
        made = _authority(private, tuple(names), now or datetime.now(UTC))
        _write_key(key, private)
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return Authority(certificate, key, found.fingerprint(hashes.SHA256()).hex(":").upper())


def _authority(private: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Pickwave {socket.gethostname()}"[:64])])
    permitted: list[x509.GeneralName] = [x509.DNSName(n) for n in dict.fromkeys((*LOCAL_NAMES, *_dns(names)))]
    permitted += [x509.IPAddress(ipaddress.ip_network(n)) for n in PRIVATE]
    permitted += [x509.IPAddress(ipaddress.ip_network(n)) for n in _addresses(names)]
    builder = _builder(subject, subject, private.public_key(), now, CA_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(sign=True), critical=True)
    return builder.add_extension(x509.NameConstraints(permitted, None), critical=True).sign(private, hashes.SHA256())


def ensure_leaf(authority: Authority, names: Iterable[str], now: datetime | None = None) -> tuple[Path, Path]:
    """Give certificate and key for these host names and addresses; renewed when names change or 30 days are left."""
    at, wanted = now or datetime.now(UTC), tuple(dict.fromkeys(names))
    certificate, key = authority.certificate.with_name("server.crt"), authority.key.with_name("server.key")
    if not _is_good(certificate, wanted, at):
        private = ec.generate_private_key(ec.SECP256R1())
        made = _leaf(authority, private, wanted, at)
        _write_key(key, private)
        chain = made.public_bytes(serialization.Encoding.PEM) + authority.certificate.read_bytes()
        certificate.write_bytes(chain)
    return certificate, key


def _leaf(
    authority: Authority, private: ec.EllipticCurvePrivateKey, names: tuple[str, ...], now: datetime
) -> x509.Certificate:
    issuer = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    signer = cast("ec.EllipticCurvePrivateKey", serialization.load_pem_private_key(authority.key.read_bytes(), None))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    builder = _builder(subject, issuer.subject, private.public_key(), now, LEAF_DAYS)
    builder = builder.add_extension(x509.SubjectAlternativeName(_general(names)), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(sign=False), critical=True)
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return builder.add_extension(server, critical=False).sign(signer, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    start = now - timedelta(hours=1)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=days))
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=sign,
        encipher_only=False,
        decipher_only=False,
    )


def _is_good(certificate: Path, names: tuple[str, ...], now: datetime) -> bool:
    """Tell whether a certificate is for just these names and lasts a while yet."""
    if not certificate.exists():
        return False
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = found.not_valid_after_utc - now > timedelta(days=RENEW_DAYS)
    return lasts and list(alternative) == _general(names)


def _addresses(names: Iterable[str]) -> list[str]:
    found = []
    for name in names:
        try:
            found.append(str(ipaddress.ip_address(name)))
        except ValueError:
            continue
    return found


def _dns(names: Iterable[str]) -> list[str]:
    kept = tuple(names)
    return [name for name in kept if name not in _addresses(kept)]


def _general(names: Iterable[str]) -> list[x509.GeneralName]:
    kept = tuple(names)
    addresses = [x509.IPAddress(ipaddress.ip_address(a)) for a in _addresses(kept)]
    return [*(x509.DNSName(name) for name in _dns(kept)), *addresses]


def _write_key(path: Path, private: ec.EllipticCurvePrivateKey) -> None:
    """Write a key that only we can read."""
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)


def own_names() -> list[str]:
    """Give the names and addresses by which this machine is reached: its host name, `.local`, its addresses."""
    host = socket.gethostname().split(".")[0].lower() or "pickwave"
    addresses = {str(info[4][0]).partition("%")[0] for info in _infos(host)} | {_outward()}
    private = sorted(a for a in addresses if a and ipaddress.ip_address(a).is_private and not a.startswith("127."))
    return [*private, f"{host}.local", "localhost", "127.0.0.1"]


def _infos(host: str) -> list[tuple[object, object, object, object, tuple[object, ...]]]:
    try:
        return list(socket.getaddrinfo(host, None))
    except OSError:
        return []


def _outward() -> str:
    """Give the address of the interface that leads outside; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])
