"""The built app is served safely: caches, compression, and no way out of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.web import pages
from tests.web.edge import an_edge

SCRIPT = "console.log('scan')\n" * 200


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built app, with a secret beside it."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Pickwave</title>")
    (folder / "sw.js").write_text("self.skipWaiting()")
    (folder / "assets" / "main-1a2b.js").write_text(SCRIPT)
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(pages, "static_folder", lambda: folder)
    return folder


async def test_hashed_files_are_kept_and_the_rest_is_asked_for(tmp_path: Path, built: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        asset = await client.get("/assets/main-1a2b.js")
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert (asset.text, asset.headers["content-encoding"]) == (SCRIPT, "gzip")
        assert asset.headers["content-type"] == "text/javascript; charset=utf-8"
        plain = await client.get("/assets/main-1a2b.js", headers={"accept-encoding": "identity"})
        assert (plain.text, plain.headers.get("content-encoding")) == (SCRIPT, None)
        for path in ("/", "/sw.js", "/orders/17"):
            page = await client.get(path)
            assert page.headers["cache-control"] == "no-cache"
            again = await client.get(path, headers={"if-none-match": page.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
        assert (await client.head("/")).status_code == 200
        (built / "index.html").write_text("<!doctype html><title>New</title>")
        assert "New" in (await client.get("/")).text


async def test_what_the_build_made_smaller_is_sent_to_who_can_read_it(tmp_path: Path, built: Path) -> None:
    (built / "assets" / "main-1a2b.js.br").write_bytes(b"smaller")
    async with an_edge(tmp_path) as (_, client):
        asset = await client.get("/assets/main-1a2b.js", headers={"accept-encoding": "gzip, br;q=1.0"})
        assert (asset.content, asset.headers["content-encoding"]) == (b"smaller", "br")
        assert asset.headers["vary"] == "accept-encoding"
        assert (await client.get("/assets/main-1a2b.js")).headers["content-encoding"] == "gzip"
        assert (await client.get("/assets/main-1a2b.js.br")).status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt", "/%00"])
async def test_there_is_no_way_out_of_the_folder(tmp_path: Path, built: Path, path: str) -> None:
    async with an_edge(tmp_path) as (_, client):
        answer = await client.get(path)
        assert answer.status_code in {200, 400, 404}
        assert "secret" not in answer.text


async def test_what_is_not_there_is_not_the_page(tmp_path: Path, built: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for path in ("/assets/old-9z.js", "/api/nothing", "/api"):
            assert (await client.get(path)).headers["content-type"] == "application/problem+json"
        assert (await client.get("/" + "a" * 300)).status_code == 200


async def test_before_the_build_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "static_folder", lambda: tmp_path / "nowhere")
    async with an_edge(tmp_path) as (_, client):
        answer = await client.get("/")
        assert (answer.status_code, "./run" in answer.text) == (503, True)


async def test_the_policy_lets_in_nothing_foreign(tmp_path: Path, built: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        headers = (await client.get("/")).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "camera=(self)" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers
        assert "strict-transport-security" in (await client.get("https://pickwave.local/")).headers
