"""Certificates as values: the site's authority, limited by name constraints (RFC 5280 4.2.1.10), and its leaves."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_DAYS, LEAF_DAYS, RENEW_DAYS = 3_650, 396, 30
LOCAL_NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
CLOCK_SKEW = timedelta(hours=1)


def new_authority(key: EllipticCurvePrivateKey, title: str, names: Iterable[str], now: datetime) -> x509.Certificate:
    """Make an authority that may speak for local names, private addresses and `names`, and for nothing else."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in LOCAL_NAMES]
    permitted += [x509.IPAddress(network) for network in PRIVATE]
    permitted += [_subtree(name) for name in general_names(names) if not _is_within(name, permitted)]
    builder = _builder(subject, subject, key.public_key(), now, CA_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(sign=True), critical=True)
    return builder.add_extension(x509.NameConstraints(permitted, None), critical=True).sign(key, hashes.SHA256())


def new_leaf(
    public: EllipticCurvePublicKey,
    issuer: x509.Certificate,
    signer: EllipticCurvePrivateKey,
    names: list[str],
    now: datetime,
) -> x509.Certificate:
    """Make a server's certificate for `names`, host names or addresses, valid for 396 days."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    builder = _builder(subject, issuer.subject, public, now, LEAF_DAYS)
    known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(known_by, critical=False)  # strict verifiers (Python 3.13) ask for it
    builder = builder.add_extension(x509.SubjectAlternativeName(general_names(names)), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(sign=False), critical=True)
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return builder.add_extension(server, critical=False).sign(signer, hashes.SHA256())


def outside(authority: x509.Certificate, names: Iterable[str]) -> list[str]:
    """Give those of `names` that the authority may not speak for."""
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return [str(name.value) for name in general_names(names) if not _is_within(name, limits)]


def general_names(names: Iterable[str]) -> list[x509.GeneralName]:
    """Tell addresses from host names."""
    return [_general(name) for name in names]


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _subtree(name: x509.GeneralName) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _is_within(name: x509.GeneralName, limits: Iterable[x509.GeneralName]) -> bool:
    values = [limit.value for limit in limits if isinstance(limit, type(name))]
    if isinstance(name, x509.IPAddress):
        return any(name.value in network for network in values)
    return any(name.value == value or str(name.value).endswith(f".{value}") for value in values)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    start = now - CLOCK_SKEW
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
