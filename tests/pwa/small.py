"""A shop with the goods and the orders that a test names, its wave on the floor; places and people are the demo's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from playwright.sync_api import Browser, Page

from server.app import WIRING
from server.catalog.model import PutProduct, Tracking
from server.house import House, open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.orders.incoming import IncomingAddress, IncomingLine, IncomingOrder
from server.orders.model import ImportOrder
from server.people.model import PutUser
from server.people.secrets import hashed
from server.people.seed import put_person
from server.protocol.waves import PlanWave, ReleaseWave
from server.seed import PEOPLE, SITE, gtin, places
from server.settings import Settings
from server.stock.model import DIFFERENCE, ReceiveStock
from tests.pwa.kit import DESKTOP, Shop, open_page, open_shop

Orders = Mapping[str, Sequence[tuple[str, int]]]
"""Lines (SKU, units) by the order's name."""
CANCEL = """order => fetch(`/api/orders/${encodeURIComponent(order)}/cancel`, {
    method: 'POST',
    body: '{"reason": "asked"}',
    headers: {'content-type': 'application/json', 'x-csrf-token': document.cookie.match(/csrf=([^;]+)/)[1]},
}).then(answer => answer.status)"""


class Good(msgspec.Struct, frozen=True):
    """What lies in a bin: its units, and how they are told apart."""

    sku: str
    bin: str
    units: int = 400
    tracking: Tracking = Tracking.NONE
    lot: str = ""


@contextmanager
def small_shop(folder: Path, goods: Sequence[Good], orders: Orders) -> Iterator[Shop]:
    """Run a server with these goods and orders until the block ends."""
    with open_shop(folder, filling(goods, orders)) as shop:
        yield shop


def filling(goods: Sequence[Good], orders: Orders) -> Callable[[Path, str], Awaitable[None]]:
    """Give what lays the shop out before its server starts."""

    async def fill(folder: Path, _scale: str) -> None:
        settings = Settings(database=f"sqlite:///{folder}/pickwave.db", var=folder, tls="off")
        async with open_house(settings, WIRING, now) as house:
            await lay(house, goods)
            await release(house, orders)

    return fill


async def lay(house: House, goods: Sequence[Good]) -> None:
    """Put up the demo's places and people, somebody from the office, and the goods."""
    do = house.bus.do
    for command in places(str(house.settings.var.absolute())):
        await do(SYSTEM, command)
    for person in PEOPLE:
        await put_person(house.bus, SITE, *person)
    secret = await hashed("office-password")
    olga = PutUser("olga", "Olga Office", ("office",), email="olga@example.com", site=SITE, password_hash=secret)
    await do(SYSTEM, olga)
    for number, good in enumerate(goods, 1):
        codes = ((gtin(number), 1),)
        await do(SYSTEM, PutProduct(good.sku, good.sku.title(), codes, 300_000, 2_000, tracking=good.tracking))
        await do(SYSTEM, ReceiveStock(f"{SITE}:{good.bin}", good.sku, good.units, good.lot, source=DIFFERENCE))


async def release(house: House, orders: Orders) -> None:
    """Take the orders in and put them on the floor as one wave."""
    for name, lines in orders.items():
        await house.bus.do(SYSTEM, an_order(name, lines))
    await settled(house)
    plan = await house.bus.do(SYSTEM, PlanWave(SITE))
    await settled(house)
    await house.bus.do(SYSTEM, ReleaseWave(msgspec.json.decode(plan.result)["wave"]))
    await settled(house)


def an_order(name: str, lines: Sequence[tuple[str, int]]) -> ImportOrder:
    """Make an order that is paid."""
    found = tuple(IncomingLine(str(n), sku, sku, units, 500, goods=True) for n, (sku, units) in enumerate(lines, 1))
    address = IncomingAddress(name="Zoe", street="1 High Street", city="Leeds", country="GB")
    return ImportOrder(IncomingOrder("csv", name, "1", name, now(), "GBP", found, 1_000, address=address))


async def settled(house: House) -> None:
    """Wait until no job is due, or about to be tried again."""
    while await house.database.read("SELECT 1 FROM job WHERE state = 'waiting' AND (due <= ? OR attempts > 0)", (now(),)):
        await asyncio.sleep(0.02)


def open_office(browser: Browser, shop: Shop) -> Page:
    """Sign in as somebody from the office."""
    page = open_page(browser, shop, DESKTOP)
    page.get_by_role("button", name="Sign in by e-mail").click()
    page.get_by_label("E-mail").fill("olga@example.com")
    page.get_by_label("Password").fill("office-password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Orders").wait_for()
    return page
