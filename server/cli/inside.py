"""A house for the length of one command, beside a running server or without one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.app import WIRING
from server.house import House, open_house
from server.kernel.actor import Actor
from server.kernel.clock import now
from server.settings import load

CLI = Actor(user="cli", permissions=frozenset({"*"}))
T = TypeVar("T")
GIVES_WAY = 10
"""Steps of niceness."""


def inside(work: Callable[[House], Awaitable[T]], *, jobs: bool = False) -> T:
    """Open the house that the environment names, do the work, close it. `jobs` also does what it queues.

    The processor goes to the server first, which may run beside it.
    """
    os.nice(GIVES_WAY)

    async def run() -> T:
        async with open_house(load(os.environ), WIRING, now, work=jobs) as house:
            return await work(house)

    return asyncio.run(run())
