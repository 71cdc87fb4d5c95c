"""Run the server: seed on the first start, certificates, uvicorn, the enrolment page beside it."""

from __future__ import annotations

import asyncio
import sys

import click
import segno
import uvicorn

from server.app import WIRING
from server.edges import create_app
from server.house import open_house
from server.kernel.clock import now
from server.kernel.refusal import Refusal
from server.seed import PEOPLE, is_empty, seed_demo
from server.settings import Settings
from server.web.joining import joining_app
from server.web.tls import Authority, ensure_authority, ensure_leaf, own_names

GRACE_SECONDS = 10
MOST_FRAME = 256 * 1024


def run(settings: Settings, *, demo: bool) -> None:
    """Serve until told to stop; on SIGTERM sockets are closed with 1012 and what is queued is finished."""
    asyncio.run(_prepare(settings, demo=demo))
    names = settings.names or own_names()
    authority, files = certificates(settings, names)
    scheme = "http" if settings.tls == "off" else "https"
    url = f"{scheme}://{names[0]}:{settings.port}/"
    config = _config(create_app(settings), settings.host, settings.port)
    if files:
        config.ssl_certfile, config.ssl_keyfile = files
    servers = [uvicorn.Server(config)]
    if authority and settings.http_port:
        servers.append(uvicorn.Server(_config(joining_app(authority, url), settings.host, settings.http_port)))
    welcome(url, f"http://{names[0]}:{settings.http_port}/" if authority else "", demo=demo)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(servers))


def _config(app: object, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        ws="websockets-sansio",
        loop="uvloop",
        ws_per_message_deflate=False,
        ws_max_size=MOST_FRAME,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


async def _serve(servers: list[uvicorn.Server]) -> None:
    """Run them together; when the first ends, end all."""
    main, *others = [asyncio.create_task(server.serve()) for server in servers]
    await main
    for server in servers[1:]:
        server.should_exit = True
    await asyncio.gather(*others, return_exceptions=True)


async def _prepare(settings: Settings, *, demo: bool) -> None:
    """Migrate, and fill an empty demo."""
    async with open_house(settings, WIRING, now, work=demo) as house:
        if demo and await is_empty(house):
            click.echo("first start: filling the demo warehouse", err=True)
            await seed_demo(house)


def certificates(settings: Settings, names: list[str]) -> tuple[Authority | None, tuple[str, str] | None]:
    """Give our own authority (None where another is used) and the certificate and key to serve with (None: no TLS)."""
    if settings.tls == "off":
        return None, None
    if settings.tls_certificate:
        for path in (settings.tls_certificate, settings.tls_key):
            if not path.is_file():
                raise Refusal("not_found", kind="file", id=str(path))
        return None, (str(settings.tls_certificate), str(settings.tls_key))
    authority = ensure_authority(settings.var / "tls", names)
    certificate, key = ensure_leaf(authority, names)
    return authority, (str(certificate), str(key))


def welcome(url: str, joining: str, *, demo: bool) -> None:
    """Print where it is, a QR code for phones, and who can sign in."""
    click.echo(f"\n  Pickwave is at  {url}")
    if joining:
        click.echo(f"  Phones join at  {joining}\n")
    segno.make(joining or url, error="l").terminal(out=sys.stdout, compact=True)
    if demo:
        click.echo("\n  Demo badges:")
        for name, role, badge, pin in PEOPLE:
            click.echo(f"    {role:11} {name:15} {badge:10} PIN {pin}")
    click.echo("")
