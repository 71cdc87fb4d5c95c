"""Run the server: seed on the first start, certificates, uvicorn, the enrolment page beside it."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Coroutine
from typing import Any

import click
import segno
import uvicorn

from server import logs
from server.app import WIRING
from server.edges import create_app
from server.house import open_house
from server.kernel.clock import now
from server.kernel.refusal import Refusal
from server.seed import PEOPLE, is_empty, seed_demo
from server.settings import Settings
from server.web.hosts import own_names
from server.web.joining.app import joining_app
from server.web.patience import Patient
from server.web.tls import Authority, ensure_authority, ensure_leaf, keep_fresh
from server.workers import supervise

GRACE_SECONDS = 10
KEEP_SECONDS = 20
"""An idle connection is kept longer than clients keep theirs (5 s mostly): one that both close loses a request."""
RARELY = (50_000, 20, 100)
"""Python's look for cycles of garbage: there are few, and a whole one stops all scans for a tenth of a second."""
MOST_FRAME = 256 * 1024


def run(settings: Settings, *, demo: bool, workers: int = 1) -> None:
    """Serve until told to stop, with so many processes on the one port."""
    logs.setup(settings.log_level, settings.log_format)
    asyncio.run(_prepare(settings, demo=demo))
    names = settings.names or own_names()
    welcome(settings, names[0], certificates(settings, names)[0], demo=demo)
    if workers == 1:
        serve_one(settings)
    else:
        supervise(workers, serve_one, settings)


def serve_one(settings: Settings, number: int = 0, *, beside: bool = False) -> None:
    """Be one server; on SIGTERM sockets are closed with 1012 and what is queued is finished.

    One `beside` others shares the port with them; number 0 has the enrolment page.
    """
    logs.setup(settings.log_level, settings.log_format)
    names = settings.names or own_names()
    authority, files = certificates(settings, names)
    config = _config(create_app(settings), settings.host, settings.port)
    if files:
        config.ssl_certfile, config.ssl_keyfile = files
    config.load()
    servers = [uvicorn.Server(config)]
    if authority and settings.http_port and number == 0:
        joining = joining_app(authority, address(settings, names[0]))
        servers.append(uvicorn.Server(_config(joining, settings.host, settings.http_port)))
    fresh = keep_fresh(config.ssl, authority, names) if authority and config.ssl else None
    gc.freeze()
    gc.set_threshold(*RARELY)
    doors = [door(settings.host, settings.port)] if beside else None
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)  # uvicorn hears them, and raises them again once all has stopped
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(servers, doors, fresh=fresh))


def door(host: str, port: int) -> socket.socket:
    """Listen on a port that other processes listen on too: the system shares the connections out."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    return listener


def _config(app: object, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        http=Patient,
        ws="websockets-sansio",
        loop="uvloop",
        ws_per_message_deflate=False,
        ws_max_size=MOST_FRAME,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_SECONDS,
        log_config=None,
        access_log=False,
        server_header=False,
    )


async def _serve(
    servers: list[uvicorn.Server], doors: list[socket.socket] | None, *, fresh: Coroutine[Any, Any, None] | None
) -> None:
    """Run them together, the certificate kept `fresh`; when the first ends, end all."""
    renewal = asyncio.create_task(fresh) if fresh else None
    main = asyncio.create_task(servers[0].serve(doors))
    others = [asyncio.create_task(server.serve()) for server in servers[1:]]
    await main
    if renewal:
        renewal.cancel()
    for server in servers[1:]:
        server.should_exit = True
    await asyncio.gather(*others, *([renewal] if renewal else []), return_exceptions=True)


async def _prepare(settings: Settings, *, demo: bool) -> None:
    """Migrate, and fill an empty demo."""
    async with open_house(settings, WIRING, now, work=demo) as house:
        if demo and await is_empty(house):
            click.echo("first start: filling the demo warehouse", err=True)
            await seed_demo(house)


def address(settings: Settings, name: str) -> str:
    """Give where the app is."""
    scheme = "http" if settings.tls == "off" else "https"
    return f"{scheme}://{name}:{settings.port}/"


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


def welcome(settings: Settings, name: str, authority: Authority | None, *, demo: bool) -> None:
    """Print where it is, a QR code for phones, and who can sign in."""
    url = address(settings, name)
    joining = f"http://{name}:{settings.http_port}/" if authority and settings.http_port else ""
    click.echo(f"\n  Pickwave is at  {url}")
    if joining:
        click.echo(f"  Phones join at  {joining}")
    if authority:
        click.echo(f"  Certificate     {authority.fingerprint}")
    click.echo("")
    segno.make(joining or url, error="l").terminal(out=sys.stdout, compact=True)
    if demo:
        click.echo("\n  Demo badges:")
        for person, role, badge, pin in PEOPLE:
            click.echo(f"    {role:11} {person:15} {badge:10} PIN {pin}")
    click.echo("")
