"""Buyers are known again, and forgotten when they ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.customers import actions, reads
from server.customers.model import EraseCustomer
from server.customers.store import CUSTOMERS, CustomerTable
from server.db.unit import Unit
from tests.wired import wired

pytestmark = pytest.mark.asyncio


class Address(msgspec.Struct, frozen=True):
    phone: str = ""


class Buy(msgspec.Struct, frozen=True):
    channel: str
    customer_ref: str = ""
    customer_name: str = ""
    email: str = ""
    address: Address | None = None


async def buy(unit: Unit, command: Buy) -> str:
    return await actions.upsert(unit, command)


COMMANDS: dict[type, Any] = {Buy: buy, EraseCustomer: actions.erase}


async def test_a_buyer_is_known_by_number_or_by_mail(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (CustomerTable,)) as world:
        assert await world.do(Buy("shop", "17", "Ann", "Ann@x.org", Address("07"))) == "shop:17"
        assert await world.do(Buy("shop", "17", "Ann B.")) == "shop:17"
        customer = await world.row(CUSTOMERS, "shop:17")
        assert (customer.name, customer.email, customer.phone) == ("Ann B.", "ann@x.org", "07")
        guest = await world.do(Buy("shop", "", "Ben", "ben@x.org"))
        assert await world.do(Buy("shop", "", "Ben", " BEN@x.org ")) == guest
        assert await world.do(Buy("other", "", "Ben", "ben@x.org")) != guest
        assert await world.do(Buy("shop")) != await world.do(Buy("shop"))
        assert [c.id for c in await reads.search(world.database, "Ann")] == ["shop:17"]


async def test_a_buyer_is_forgotten_and_may_come_again(tmp_path: Path) -> None:
    async with wired(tmp_path, COMMANDS, (CustomerTable,)) as world:
        guest = await world.do(Buy("shop", "", "Ben", "ben@x.org", Address("07")))
        for _ in range(2):
            await world.do(EraseCustomer(guest))
        gone = await world.row(CUSTOMERS, guest)
        assert (gone.name, gone.email, gone.phone, gone.erased) == ("", "", "", True)
        assert await world.events() == [("CustomerErased", guest, "")]
        assert await world.do(Buy("shop", "", "Ben", "ben@x.org")) != guest
        await world.do(Buy("shop", "17", "Ann"))
        await world.do(EraseCustomer("shop:17"))
        await world.do(Buy("shop", "17", "Ann"))
        assert not (await world.row(CUSTOMERS, "shop:17")).erased
        assert (await world.refused(EraseCustomer("nobody"))).code == "not_found"
