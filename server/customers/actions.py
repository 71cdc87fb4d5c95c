"""Buyers are remembered with their orders, and forgotten when they ask."""

from __future__ import annotations

from server.customers import rules
from server.customers.model import Buyer, Customer, CustomerErased, EraseCustomer
from server.customers.store import CUSTOMERS
from server.db.unit import Unit
from server.kernel.ids import ulid


async def upsert(unit: Unit, buyer: Buyer) -> str:
    """Give the id of an order's buyer, known or new, with what the order tells of them.

    Known by the channel's number for them, else by e-mail on that channel. An erased one who buys again is
    told anew.
    """
    known = await _known(unit, buyer)
    customer = rules.told(known or _new(unit, buyer), buyer)
    if customer != known:
        unit.put(CUSTOMERS, customer)
    return customer.id


async def _known(unit: Unit, buyer: Buyer) -> Customer | None:
    if buyer.customer_ref:
        return await unit.find(CUSTOMERS, rules.key_of(buyer.channel, buyer.customer_ref))
    address = rules.mail(buyer.email)
    found = await unit.where(CUSTOMERS, email=address, channel=buyer.channel) if address else []
    return found[0] if found else None


def _new(unit: Unit, buyer: Buyer) -> Customer:
    ref = buyer.customer_ref
    key = rules.key_of(buyer.channel, ref) if ref else ulid(unit.at)
    return Customer(key, buyer.channel, ref, "", "", "", unit.at)


async def erase(unit: Unit, command: EraseCustomer) -> None:
    """Carry out EraseCustomer; Refusal `not_found`."""
    customer = await unit.get(CUSTOMERS, command.customer)
    if not customer.erased:
        unit.put(CUSTOMERS, rules.erased(customer))
        unit.emit(CustomerErased(customer.id))
