"""People come to work: each signs in over HTTP and opens a socket from a device of their own."""

from __future__ import annotations

from contextlib import AsyncExitStack

import httpx

from server.demo.floor import Floor
from server.demo.link import Link, Tally
from server.demo.options import Rates
from server.demo.web import cookie, sign_in
from server.people.seed import Person


class Staff:
    """Signs people in at a server, and out at the end of the stack."""

    def __init__(self, url: str, floor: Floor, tally: Tally, rates: Rates, stack: AsyncExitStack) -> None:
        self.url, self.floor, self.tally, self.rates, self.stack = url, floor, tally, rates, stack

    async def arrive(self, person: Person, device: str = "") -> tuple[Link, httpx.AsyncClient]:
        """Sign a person in; gives their socket and their HTTP session."""
        web = await sign_in(self.url, person, device or f"device-{person.pin}")
        self.stack.push_async_callback(web.aclose)
        user = person.badge.lower()
        link = Link(self.url, cookie(web), user, self.tally, self.floor.dice(person.badge), self.rates)
        await link.open()
        self.stack.push_async_callback(link.close)
        return link, web
