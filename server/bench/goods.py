"""The warehouse of a benchmark: bins, goods and people, laid by the commands that lay any other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

import msgspec

from server.bench.load import SITE
from server.catalog.model import PutProduct
from server.house import House
from server.kernel.actor import SYSTEM
from server.kernel.barcode import check_digit
from server.kernel.ids import ulid
from server.people.model import PutUser, StartSession
from server.people.secrets import SESSION_COOKIE, digest, hashed, new_token
from server.protocol.base import Command
from server.sites.model import BinKind, PutBin, PutSite
from server.stock.model import DIFFERENCE, ReceiveStock

KINDS = 500
"""SKUs, each in a bin of its own."""
STOCK = 1_000_000
PIN = "1234"


class Signed(msgspec.Struct, frozen=True):
    """Somebody who is signed in at a device; `cookie` opens their socket."""

    user: str
    device: str
    cookie: str


def sku_of(number: int) -> str:
    """Name a SKU."""
    return f"SKU-{number:04}"


def code_of(number: int) -> str:
    """Give a SKU's GTIN-13, as its label has it."""
    digits = f"400000{number:06}"
    return digits + str(check_digit(digits))


def bin_of(number: int) -> str:
    """Give the code of a SKU's bin."""
    return f"{number // 50:02}-{number % 50:02}-1"


async def lay_goods(house: House) -> None:
    """Make the site, its bins, products and stock."""
    await house.bus.do(SYSTEM, PutSite(id=SITE, name="Main warehouse", country="GB"))
    await do_all(house, (PutBin(SITE, bin_of(n), aisle=bin_of(n)[:2], x_mm=n * 100) for n in range(KINDS)))
    await do_all(house, (PutBin(SITE, "CONS-1", kind=BinKind.CONSOLIDATION),))
    await do_all(house, (_product(n) for n in range(KINDS)))
    await do_all(
        house, (ReceiveStock(f"{SITE}:{bin_of(n)}", sku_of(n), STOCK, source=DIFFERENCE) for n in range(KINDS))
    )


def _product(number: int) -> Command:
    return PutProduct(sku_of(number), f"Product {number}", ((code_of(number), 1),), weight_mg=300_000, price=500)


async def do_all(house: House, commands: Iterable[Command]) -> None:
    """Perform commands together, as bulk work."""
    await asyncio.gather(*(house.bus.do(SYSTEM, command, bulk=True) for command in commands))


async def sign_in(house: House, count: int, role: str = "picker") -> list[Signed]:
    """Hire people and have each signed in at a device, as `POST /api/sign-in` leaves it once the PIN is proved."""
    pin, tokens = await hashed(PIN), [new_token() for _ in range(count)]
    names = [f"{role}-{number}" for number in range(count)]
    await do_all(house, (_user(name, role, pin) for name in names))
    people = [Signed(name, ulid(), f"{SESSION_COOKIE}={t}") for name, t in zip(names, tokens, strict=True)]
    await do_all(house, _sessions(people, tokens))
    return people


def _user(name: str, role: str, pin: str) -> Command:
    return PutUser(id=name, name=name, roles=(role,), badge=f"BADGE-{name}".upper(), site=SITE, pin_hash=pin)


def _sessions(people: list[Signed], tokens: list[str]) -> Iterator[Command]:
    for person, token in zip(people, tokens, strict=True):
        yield StartSession(digest(token), person.user, person.device, f"badge:{person.user}")
