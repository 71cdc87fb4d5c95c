"""/health and /ready: each reason why a process cannot work is named."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from litestar import Litestar

from server.db.engine import DatabaseError
from server.web import health
from tests.web.edge import an_edge


class Usage(NamedTuple):
    free: int


async def hang(*_: Any) -> None:
    await asyncio.sleep(1)


def writer_dies(app: Litestar, patch: pytest.MonkeyPatch) -> None:
    app.state.bus._task.cancel()


def hub_dies(app: Litestar, patch: pytest.MonkeyPatch) -> None:
    app.state.hub._tasks[0].cancel()


def hub_lags(app: Litestar, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health, "MOST_BEHIND", 0)
    patch.setattr(app.state.hub, "_news", hang)
    app.state.hub.position -= 1


def disk_fills(app: Litestar, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shutil, "disk_usage", lambda _: Usage(1_000))


def database_fails(app: Litestar, patch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise DatabaseError("connection refused")

    app.state.database.read = fail


def database_hangs(app: Litestar, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health, "MOST_SECONDS", 0.05)
    app.state.database.read = hang


async def test_alive_and_ready(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        alive = (await client.get("/health")).json()
        assert (alive["status"], alive["loop_ms"] < 1_000) == ("alive", True)
        answer = await client.get("/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")
        assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == dict.fromkeys(
            ("database", "writer", "hub", "disk"), True
        )


@pytest.mark.parametrize(
    ("trouble", "check", "reason"),
    [
        (writer_dies, "writer", "nothing can be made durable"),
        (hub_dies, "hub", "does not follow"),
        (hub_lags, "hub", " entries behind"),
        (disk_fills, "disk", "1000 bytes free"),
        (database_fails, "database", "connection refused"),
        (database_hangs, "database", "no answer within 0.05 s"),
    ],
)
async def test_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: Callable[..., None], check: str, reason: str
) -> None:
    async with an_edge(tmp_path) as (app, client):
        with monkeypatch.context() as patch:
            trouble(app, patch)
            await asyncio.sleep(0)
            answer = await client.get("/ready")
            app.state.database.__dict__.pop("read", None)
        found = answer.json()
        assert (answer.status_code, found["status"], found["checks"][check]["ok"]) == (503, "not_ready", False)
        assert reason in found["checks"][check]["reason"]
        assert (await client.get("/health")).status_code == 200
