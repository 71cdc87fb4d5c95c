"""The site's own authority: what it may speak for, and what it may not."""

from __future__ import annotations

import asyncio
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from server.kernel.refusal import Refusal
from server.web import tls
from server.web.certificates import LEAF_DAYS, RENEW_DAYS, new_leaf
from server.web.hosts import own_names
from server.web.tls import Authority, ensure_authority, ensure_leaf, keep_fresh

NOW = datetime.now(UTC)


def showing(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def handshake(authority: Authority, context: ssl.SSLContext, name: str) -> bytes:
    """Connect as `name` the way a strict device does that trusts the authority only; give the certificate it saw."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    device = ssl.create_default_context(cafile=str(authority.certificate))
    device.verify_flags |= ssl.VERIFY_X509_STRICT
    port = server.sockets[0].getsockname()[1]
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=device, server_hostname=name)
        seen: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        return seen
    finally:
        server.close()


def forged(authority: Authority, folder: Path, name: str) -> ssl.SSLContext:
    """Sign for any name, as somebody would who stole the authority's key."""
    signer = load_pem_private_key(authority.key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    certificate, key = folder / "forged.crt", folder / "forged.key"
    certificate.write_bytes(new_leaf(own.public_key(), issuer, signer, [name], NOW).public_bytes(Encoding.PEM))
    key.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return showing(certificate, key)


@pytest.mark.parametrize("name", ["dock.local", "127.0.0.1", "pick.example.com"])
async def test_a_device_that_trusts_the_authority_connects(tmp_path: Path, name: str) -> None:
    authority = ensure_authority(tmp_path, ["pick.example.com"])
    leaf = ensure_leaf(authority, ["dock.local", "127.0.0.1", "pick.example.com"])
    assert await handshake(authority, showing(*leaf), name)


@pytest.mark.parametrize("name", ["example.com", "8.8.8.8"])
async def test_a_stolen_authority_key_cannot_speak_for_the_world(tmp_path: Path, name: str) -> None:
    authority = ensure_authority(tmp_path, ["pick.example.com"])
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        await handshake(authority, forged(authority, tmp_path, name), name)


def test_a_name_the_authority_was_not_made_for_is_refused_at_the_start(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path, ["10.0.0.7"])
    with pytest.raises(Refusal, match=r"value=pick\.example\.com"):
        ensure_leaf(authority, ["10.0.0.7", "pick.example.com"])


def test_a_certificate_is_kept_until_it_is_old_or_names_change(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path, [])
    first = ensure_leaf(authority, ["a.local"], NOW)[0].read_bytes()
    assert ensure_leaf(authority, ["a.local"], NOW)[0].read_bytes() == first
    renamed = ensure_leaf(authority, ["b.local"], NOW)[0].read_bytes()
    assert renamed != first
    late = NOW + timedelta(days=LEAF_DAYS - RENEW_DAYS + 1)
    assert ensure_leaf(authority, ["b.local"], late)[0].read_bytes() != renamed
    assert x509.load_pem_x509_certificate(renamed).not_valid_after_utc <= NOW + timedelta(days=396)


def test_a_start_that_was_cut_short_is_made_good(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path, [])
    certificate, key = ensure_leaf(authority, ["a.local"])
    key.write_bytes(authority.key.read_bytes())  # the new key was written, its certificate not yet
    showing(*ensure_leaf(authority, ["a.local"]))
    authority.certificate.unlink()
    renewed = ensure_authority(tmp_path, [])
    assert renewed.fingerprint != authority.fingerprint
    before = certificate.read_bytes()
    assert ensure_leaf(renewed, ["a.local"])[0].read_bytes() != before


async def test_a_server_that_runs_for_a_year_renews_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "DAY_SECONDS", 0.01)
    authority = ensure_authority(tmp_path, [])
    old = NOW - timedelta(days=LEAF_DAYS - RENEW_DAYS + 1)
    context = showing(*ensure_leaf(authority, ["a.local"], old))
    before = await handshake(authority, context, "a.local")
    async with asyncio.TaskGroup() as work:
        renewing = work.create_task(keep_fresh(context, authority, ["a.local"]))
        async with asyncio.timeout(5):
            while await handshake(authority, context, "a.local") == before:
                await asyncio.sleep(0.01)
        renewing.cancel()


def test_keys_are_ours_alone(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path, [])
    _, key = ensure_leaf(authority, ["a.local"])
    assert {stat.S_IMODE(path.stat().st_mode) for path in (authority.key, key)} == {0o600}
    assert not list(tmp_path.glob("*.new"))


def test_the_machine_knows_names_that_its_authority_may_speak_for(tmp_path: Path) -> None:
    names = own_names()
    assert names[-2:] == ["localhost", "127.0.0.1"]
    assert ":" not in names[0], "the first stands in the printed address"
    ensure_leaf(ensure_authority(tmp_path, []), names)
