"""Where a channel may be told of things: another machine, never this one nor its cloud."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from server.kernel.refusal import Refusal
from server.orders.channels.address import require_elsewhere, require_sound
from tests.web.edge import an_edge, said, sign_in


@pytest.mark.parametrize(
    "url", ["https://shop.example/hook", "http://10.1.2.3:8080/x", "https://[fd00::5]/", "http://erp"]
)
def test_another_machine_is_fine(url: str) -> None:
    require_sound(url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "shop", "ftp://shop.example", "file:///etc/passwd", "gopher://x", "https://", "https://a:b@shop.example"),
        *(
            "http://localhost:6379",
            "http://127.0.0.1",
            "http://127.1",
            "http://2130706433",
            "http://0.0.0.0",
            "http://[::1]/",
        ),
        *(
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest",
            "http://metadata.google.internal",
            "http://x:99999",
        ),
        *("http://[fe80::1%25eth0]/", "http://[::]", "http://[bad", "http://db.localhost"),
    ],
)
def test_this_machine_and_its_cloud_are_not(url: str) -> None:
    with pytest.raises(Refusal):
        require_sound(url)


async def test_a_name_that_leads_here_is_found_out_when_something_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(host: str, port: int, **_: Any) -> list[Any]:
        if host == "gone.example":
            raise socket.gaierror
        return [(0, 0, 0, "", ("127.0.0.1" if host == "rebound.example" else "203.0.113.9", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    with pytest.raises(Refusal):
        await require_elsewhere("https://rebound.example/hook")
    await require_elsewhere("https://shop.example/hook")
    await require_elsewhere("https://gone.example/hook")


async def test_an_admin_is_told_at_once(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, "admin")
        channel = {"do": "put_channel", "id": "shop", "kind": "shopify", "secret": "s"}
        refused = await client.post("/api/channels", json=channel | {"url": "http://127.0.0.1:6379/"})
        assert said(refused) == (400, "bad_value")
        assert (await client.post("/api/channels", json=channel | {"url": "https://shop.example/"})).status_code == 201
