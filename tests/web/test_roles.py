"""Every route of every slice against every role: who may ask is what the handler declares, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.handlers import HTTPRouteHandler

from server.app import WIRING
from server.edges import SLICES
from server.people.roles import PERMISSIONS, ROLES, permissions_of
from tests.web.edge import PINS, an_edge, said, sign_in

PUBLIC = {"/api/sign-in", "/api/enrol", "/api/channels/{channel:str}/webhook", "/health", "/ready", "/metrics"}


def handlers() -> Iterator[tuple[str, str, str | None]]:
    """Walk all handlers of all slices: (method, path, permission; None = public). Signing out comes last."""
    found = [h for piece in SLICES for h in piece.HANDLERS if isinstance(h, HTTPRouteHandler)]
    for handler in sorted(found, key=lambda h: "/api/sign-out" in h.paths):
        needed = None if handler.opt.get("public") else handler.opt["permission"]
        for path in handler.paths:
            yield next(iter(handler.http_methods)), path, needed


def url_of(path: str) -> str:
    """Fill a path's parameters in."""
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def test_only_what_must_be_is_public() -> None:
    assert {path for _, path, needed in handlers() if needed is None} == PUBLIC


def test_every_permission_asked_for_is_one_that_exists() -> None:
    asked = {needed for _, _, needed in handlers() if needed} | {h.permission for h in WIRING.commands.values()}
    assert asked - PERMISSIONS.keys() <= {"", "system"}
    assert set().union(*ROLES.values()) - {"*"} <= PERMISSIONS.keys()


async def test_strangers_are_asked_to_sign_in(tmp_path: Path) -> None:
    async with an_edge(tmp_path) as (_, client):
        for method, path, needed in handlers():
            if needed is not None:
                assert said(await client.request(method, url_of(path))) == (401, "not_signed_in"), path


@pytest.mark.parametrize("role", list(PINS))
async def test_a_role_gets_what_it_may_and_no_more(tmp_path: Path, role: str) -> None:
    may = permissions_of([role])
    async with an_edge(tmp_path) as (_, client):
        await sign_in(client, role)
        for method, path, needed in handlers():
            if needed is None:
                continue
            answer = await client.request(method, url_of(path))
            if needed in {"", *may} or "*" in may:
                assert answer.status_code not in {401, 403, 500}, (path, answer.text)
            else:
                assert said(answer) == (403, "not_allowed"), path
                assert answer.json()["facts"] == {"permission": needed}
