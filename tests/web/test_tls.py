"""The site's own authority: what it may speak for, and what it may not."""

from __future__ import annotations

import asyncio
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.web.joining import joining_app, page
from server.web.tls import LEAF_DAYS, RENEW_DAYS, ensure_authority, ensure_leaf


async def handshake(folder: Path, names: list[str], ask_for: str) -> None:
    """Serve with a leaf for `names` and connect as `ask_for`, trusting the authority only."""
    authority = ensure_authority(folder, [])
    certificate, key = ensure_leaf(authority, names)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]
    client_side = ssl.create_default_context(cafile=str(authority.certificate))
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client_side, server_hostname=ask_for)
        writer.close()
    finally:
        server.close()


async def test_a_device_that_trusts_the_authority_connects(tmp_path: Path) -> None:
    await handshake(tmp_path, ["dock.local", "127.0.0.1"], "dock.local")
    await handshake(tmp_path, ["dock.local", "127.0.0.1"], "127.0.0.1")


async def test_the_authority_cannot_speak_for_the_world(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        await handshake(tmp_path, ["example.com"], "example.com")


def test_a_leaf_is_kept_until_it_is_old_or_names_change(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    authority = ensure_authority(tmp_path, [])
    first = ensure_leaf(authority, ["a.local"], now)[0].read_bytes()
    assert ensure_leaf(authority, ["a.local"], now)[0].read_bytes() == first
    renamed = ensure_leaf(authority, ["b.local"], now)[0].read_bytes()
    assert renamed != first
    late = now + timedelta(days=LEAF_DAYS - RENEW_DAYS + 1)
    assert ensure_leaf(authority, ["b.local"], late)[0].read_bytes() != renamed


def test_keys_are_ours_alone(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path, [])
    _, key = ensure_leaf(authority, ["a.local"])
    assert {stat.S_IMODE(p.stat().st_mode) for p in (authority.key, key)} == {0o600}


async def test_the_page_shows_the_fingerprint_and_gives_the_certificate(tmp_path: Path) -> None:
    authority = ensure_authority(tmp_path, [])
    assert authority.fingerprint in page(authority, "https://dock.local:8443/")
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> None:
        return None

    app = joining_app(authority, "https://dock.local:8443/")
    await app({"type": "http", "path": "/pickwave-ca.crt", "headers": []}, receive, send)
    assert ssl.DER_cert_to_PEM_cert(bytes(sent[1]["body"])).strip() == authority.certificate.read_text().strip()  # type: ignore[arg-type]
