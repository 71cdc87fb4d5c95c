"""Enrolling over real TLS: the key is kept for its owner only, and only the site's CA is trusted afterwards."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.error import URLError

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from scanner_client.dial import socket_url
from scanner_client.enrol import Enrolled, address, enrol, fingerprint, load, save, trust
from server.kernel.refusal import Refusal

Key = ec.EllipticCurvePrivateKey


def certificate(name: str, key: Key, issuer: str, issuer_key: Key, *, is_ca: bool) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        address = x509.IPAddress(ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def pem(made: x509.Certificate) -> str:
    return made.public_bytes(serialization.Encoding.PEM).decode()


class Site:
    """A server with its own CA that lets one token enrol."""

    def __init__(self, folder: Path) -> None:
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.ca = pem(certificate("Site CA", ca_key, "Site CA", ca_key, is_ca=True))
        (folder / "leaf.pem").write_text(pem(certificate("server", key, "Site CA", ca_key, is_ca=False)))
        form = serialization.PrivateFormat.PKCS8
        secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        (folder / "leaf.key").write_bytes(secret)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "leaf.pem", folder / "leaf.key")
        self.tokens = {"once"}
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def answer(self, asked: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(asked)
        if asked["token"] not in self.tokens:
            return 401, {"type": "about:blank", "status": 401, "code": "bad_credentials", "facts": {"token": "used"}}
        self.tokens.discard(asked["token"])
        return 201, {"device": "CAM", "key": "secret", "ca": self.ca}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = made.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status if self.path == "/api/enrol" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = made.context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    made.url = f"https://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def test_a_token_is_traded_for_a_key_and_the_ca_is_pinned(site: Site) -> None:
    enrolled = enrol(f"{site.url}/", "once", "door camera")
    assert enrolled == Enrolled(site.url, "CAM", "secret", site.ca, "door camera")
    assert site.asked == [{"token": "once", "name": "door camera", "kind": "scanner"}]
    [known] = trust(enrolled.ca).get_ca_certs()
    assert known["subject"] == ((("commonName", "Site CA"),),)


def test_a_used_token_is_refused_in_the_servers_words(site: Site) -> None:
    enrol(site.url, "once", "camera")
    with pytest.raises(Refusal, match="bad_credentials: token=used"):
        enrol(site.url, "once", "camera")


def test_with_a_ca_at_hand_no_other_server_gets_the_token(site: Site, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        enrol(site.url, "once", "camera", ca=Site(tmp_path / "other").ca)
    assert site.asked == []
    assert enrol(site.url, "once", "camera", ca=site.ca).ca == site.ca


def test_the_key_is_for_its_owner_only_and_comes_back(tmp_path: Path) -> None:
    enrolled = Enrolled("https://pickwave.local:8443", "CAM", "secret", "", "camera")
    home = tmp_path / "new" / "home"
    for _ in range(2):
        path = save(home, enrolled)
        assert (path.stat().st_mode & 0o777, path.name) == (0o600, "scanner.json")
    assert load(home) == enrolled
    assert [each.name for each in home.iterdir()] == ["scanner.json"]


def test_who_is_not_enrolled_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not_signed_in"):
        load(tmp_path)


def test_a_fingerprint_is_what_openssl_shows(site: Site) -> None:
    expected = x509.load_pem_x509_certificate(site.ca.encode()).fingerprint(hashes.SHA256())
    assert fingerprint(site.ca).replace(":", "") == expected.hex().upper()


def test_keys_go_over_tls_only_but_to_this_machine() -> None:
    assert socket_url("https://pickwave.local:8443/") == "wss://pickwave.local:8443/live"
    assert socket_url("http://127.0.0.1:9") == "ws://127.0.0.1:9/live"
    for server in ("http://pickwave.local", "pickwave.local", "", "ftp://x"):
        with pytest.raises(Refusal, match="bad_value"):
            address(server)
