"""pickwave serve, pickwave migrate."""

from __future__ import annotations

import os
import socket

import click
from msgspec.structs import replace

from server.cli.inside import inside
from server.house import House
from server.kernel.refusal import Refusal
from server.settings import load


@click.command()
@click.option("--host", default=None, help="Address to listen on [default: all].")
@click.option("--port", type=int, default=None, help="Port [default: 8443].")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes (PostgreSQL).")
@click.option("--demo", is_flag=True, help="Fill an empty database with a demo warehouse first.")
def serve(host: str | None, port: int | None, workers: int, *, demo: bool) -> None:
    """Serve Pickwave: the app, the API and the websocket, over HTTPS with the site's own certificate."""
    settings = load(os.environ)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    if workers > 1 and settings.database_url.startswith("sqlite"):
        raise Refusal("bad_value", what="workers", value=workers, reason="SQLite has one writer: use PostgreSQL")
    require_free(settings.host, settings.port)
    from server.serving import run  # noqa: PLC0415 - a refused port need not wait for the web framework

    run(settings, demo=demo, workers=workers)


def require_free(host: str, port: int) -> None:
    """Refuse a port that somebody else listens on, before anything is opened."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal("bad_value", what="port", value=port, host=host, reason=str(error.strerror)) from error


@click.command()
def migrate() -> None:
    """Bring the database to this program's schema (after a backup beside it), or say that it is."""

    async def work(house: House) -> str:
        return house.database.name

    click.echo(f"{inside(work)} is at this program's schema")
