"""The enrolment page: over plain HTTP, self-contained, and nothing but the page and the certificate."""

from __future__ import annotations

import base64
import plistlib
import re
import ssl
from pathlib import Path

import httpx
import pytest

from server.web.joining import joining_app, qr_svg
from server.web.tls import Authority, ensure_authority

APP = "https://dock.local:8443/"
HERE = "http://10.0.0.7:8080"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return ensure_authority(tmp_path, [])


@pytest.fixture
def phone(authority: Authority) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(joining_app(authority, APP))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=HERE)


async def test_the_page_tells_the_address_and_the_fingerprint(phone: httpx.AsyncClient, authority: Authority) -> None:
    shown = await phone.get("/")
    assert shown.status_code == 200
    assert f'href="{APP}"' in shown.text
    assert authority.fingerprint in shown.text


async def test_the_page_needs_nothing_from_elsewhere(phone: httpx.AsyncClient) -> None:
    shown = await phone.get("/")
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    loaded = re.findall(r'(?:src|href)="([^"]*)"', shown.text)
    assert all(target.startswith(("data:", "/pickwave-ca.", APP)) for target in loaded)
    assert "<script" not in shown.text


@pytest.mark.parametrize(
    ("agent", "file"),
    [
        ("Mozilla/5.0 (Linux; Android 14; TC22)", "/pickwave-ca.crt"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "/pickwave-ca.mobileconfig"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "/pickwave-ca.crt"),
    ],
)
async def test_each_device_is_offered_its_own_kind_of_file(phone: httpx.AsyncClient, agent: str, file: str) -> None:
    shown = await phone.get("/", headers={"user-agent": agent})
    assert f'class="go" href="{file}"' in shown.text


async def test_every_form_holds_the_same_certificate(phone: httpx.AsyncClient, authority: Authority) -> None:
    pem = authority.certificate.read_text()
    der = ssl.PEM_cert_to_DER_cert(pem)
    assert (await phone.get("/pickwave-ca.pem")).text == pem
    assert (await phone.get("/pickwave-ca.crt")).content == der
    profile = plistlib.loads((await phone.get("/pickwave-ca.mobileconfig")).content)
    assert profile["PayloadContent"][0]["PayloadContent"] == der


async def test_two_sites_profiles_do_not_replace_each_other(tmp_path: Path) -> None:
    seen = set()
    for site in ("north", "south"):
        app = joining_app(ensure_authority(tmp_path / site, []), APP)
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as client:
            seen.add(plistlib.loads((await client.get("/pickwave-ca.mobileconfig")).content)["PayloadIdentifier"])
    assert len(seen) == 2


async def test_nothing_else_is_there_and_nothing_can_be_written(phone: httpx.AsyncClient) -> None:
    assert (await phone.get("/ca.key")).status_code == 404
    assert (await phone.post("/")).status_code == 405
    head = await phone.head("/")
    assert (head.status_code, head.content) == (200, b"")


async def test_a_forged_host_does_not_reach_the_page(phone: httpx.AsyncClient) -> None:
    shown = await phone.get("/", headers={"host": 'x"><script>'})
    assert "<script" not in shown.text


async def test_the_code_leads_a_phone_to_the_same_place(phone: httpx.AsyncClient) -> None:
    shown = await phone.get("/")
    assert base64.b64encode(qr_svg(f"{HERE}/")).decode() in shown.text
