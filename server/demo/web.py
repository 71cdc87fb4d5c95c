"""Signing in over HTTP, as a browser does."""

from __future__ import annotations

import httpx

from server.people.seed import Person


async def sign_in(url: str, person: Person, device: str) -> httpx.AsyncClient:
    """Sign in with badge and PIN at a device; gives the session, which carries its cookies."""
    web = httpx.AsyncClient(base_url=url, timeout=60, trust_env=False)
    answer = await web.post("/api/sign-in", json={"badge": person.badge, "pin": person.pin, "device": device})
    answer.raise_for_status()
    return web


def cookie(web: httpx.AsyncClient) -> str:
    """Give the cookies of a session as a header, for its socket."""
    return "; ".join(f"{name}={value}" for name, value in web.cookies.items())
