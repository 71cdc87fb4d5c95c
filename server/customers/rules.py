"""Who is the same buyer, and what is kept of them. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from server.customers.model import Buyer, Customer


def mail(text: str) -> str:
    """Give an e-mail address as it is compared."""
    return text.strip().casefold()


def key_of(channel: str, ref: str) -> str:
    """Give the id of a buyer whom the channel has a number for."""
    return f"{channel}:{ref}"


def told(customer: Customer, buyer: Buyer) -> Customer:
    """Give the customer with what an order newly tells; what it leaves out is kept."""
    return replace(
        customer,
        name=buyer.customer_name.strip() or customer.name,
        email=mail(buyer.email) or customer.email,
        erased=False,
        phone=(buyer.address.phone.strip() if buyer.address else "") or customer.phone,
    )


def erased(customer: Customer) -> Customer:
    """Forget everything but the id."""
    return replace(customer, external_ref="", name="", email="", phone="", erased=True)
