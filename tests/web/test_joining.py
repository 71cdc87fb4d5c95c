"""The joining page: over plain HTTP, self-contained, in four languages, and nothing else beside the certificate."""

from __future__ import annotations

import base64
import gzip
import hashlib
import plistlib
import re
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.web.joining.app import joining_app
from server.web.joining.page import LANGUAGES, PLATFORMS, WORDS, qr_svg
from server.web.joining.pictures import ICONS, parts
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
    assert all(target.startswith(("data:", "/pickwave-ca.", "/?lang=", APP)) for target in loaded)
    [script] = re.findall("<script>(.*)</script>", shown.text)
    print_of_it = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{print_of_it}';" in shown.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("agent", "name", "file"),
    [
        ("Mozilla/5.0 (Linux; Android 10; K)", "Android phone or tablet", "/pickwave-ca.crt"),
        ("Mozilla/5.0 (Linux; Android 13; TC22)", "Zebra handheld", "/pickwave-ca.crt"),
        ("Mozilla/5.0 (Linux; Android 12; CT45P)", "Honeywell handheld", "/pickwave-ca.crt"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "iPhone or iPad", "/pickwave-ca.mobileconfig"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Windows computer", "/pickwave-ca.crt"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "Mac", "/pickwave-ca.crt"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "Linux computer, and Firefox everywhere", "/pickwave-ca.crt"),
    ],
)
async def test_a_device_sees_its_own_steps_first(phone: httpx.AsyncClient, agent: str, name: str, file: str) -> None:
    shown = (await phone.get("/", headers={"user-agent": agent})).text
    assert shown.count("<details open>") == 1
    assert shown.index("<details") == shown.index(f"<details open><summary><h2>{name}</h2>")
    assert re.findall('class="go" href="([^"]*)"', shown)[0] == file
    assert len(re.findall("<details", shown)) == len(PLATFORMS)


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        ("", "", "en"),
        ("de-CH,de;q=0.9,en;q=0.8", "", "de"),
        ("it,fr;q=0.4,es;q=0.7", "", "es"),
        ("pt-BR,pt", "", "en"),
        ("de", "?lang=fr", "fr"),
        ("es", "?lang=xx", "es"),
        ("de;q=0.x.1,fr;q=0.1,;;,", "", "fr"),
    ],
)
async def test_it_speaks_what_is_asked_for(phone: httpx.AsyncClient, accepted: str, query: str, language: str) -> None:
    shown = await phone.get(f"/{query}", headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in shown.text
    assert WORDS[language]["why"] in shown.text
    assert re.findall(r'lang="(\w+)" aria-current', shown.text) == [language]


def shape(words: Any) -> Any:
    """What a catalogue says without its words: keys, steps, and of each picture the kinds and icons of its lines."""
    if isinstance(words, dict):
        return {key: shape(value) for key, value in words.items()}
    if isinstance(words, list):
        return [parts(each)[:2] if isinstance(each, str) else shape(each) for each in words]
    return bool(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_all_that_english_says(language: str) -> None:
    assert shape(WORDS[language]) == shape(WORDS["en"])
    for platform in PLATFORMS:
        for line in (line for step in WORDS[language][platform]["steps"] for line in step.get("see", ())):
            assert parts(line)[1] in {"", *ICONS}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_small(phone: httpx.AsyncClient, language: str) -> None:
    shown = await phone.get(f"/?lang={language}")
    assert len(gzip.compress(shown.content)) < 60_000


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
    shown = await phone.get("/", headers={"host": 'x"><script>alert(1)'})
    assert "alert" not in shown.text


async def test_the_code_leads_a_phone_to_the_same_place(phone: httpx.AsyncClient) -> None:
    shown = await phone.get("/")
    assert base64.b64encode(qr_svg(f"{HERE}/")).decode() in shown.text
