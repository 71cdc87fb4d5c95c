"""People for a demo or a test, with PINs known in advance."""

from __future__ import annotations

import msgspec

from server.bus import Bus
from server.kernel.actor import SYSTEM
from server.people.model import PutUser
from server.people.secrets import hashed


class Person(msgspec.Struct, frozen=True):
    """Somebody who can sign in."""

    name: str
    role: str
    badge: str
    pin: str


async def put_person(bus: Bus, site: str, name: str, role: str, badge: str, pin: str) -> Person:
    """Make a user of one role at a site; the badge is their id too."""
    command = PutUser(id=badge.lower(), name=name, roles=(role,), badge=badge, site=site, pin_hash=await hashed(pin))
    await bus.do(SYSTEM, command)
    return Person(name, role, badge, pin)
