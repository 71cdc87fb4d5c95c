"""Run the server: seed on the first start, certificates, uvicorn, the enrolment page beside it."""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from server.app import WIRING
from server.edges import create_app
from server.house import open_house
from server.kernel.clock import now
from server.seed import PEOPLE, is_empty, seed_demo
from server.settings import Settings

GRACE_SECONDS = 10
MOST_FRAME = 256 * 1024


def run(settings: Settings, *, demo: bool) -> None:
    """Serve until told to stop; on SIGTERM sockets are closed with 1012 and what is queued is finished."""
    if demo:
        asyncio.run(_seed(settings))
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        loop="uvloop",
        ws_per_message_deflate=False,
        ws_max_size=MOST_FRAME,
        timeout_graceful_shutdown=GRACE_SECONDS,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    uvicorn.Server(config).run()


async def _seed(settings: Settings) -> None:
    async with open_house(settings, WIRING, now) as house:
        if await is_empty(house):
            sys.stderr.write("first start: filling the demo warehouse\n")
            await seed_demo(house)


__all__ = ["PEOPLE", "run"]
