"""Who buys: structs, events, commands. Addresses are stored on the orders they belong to."""

from __future__ import annotations

from typing import Protocol

import msgspec

from server.db.event import Event
from server.protocol.base import Command


class Customer(msgspec.Struct, frozen=True):
    """A buyer as a channel knows them. An erased one keeps only the id, so that history stays whole."""

    id: str
    channel: str
    external_ref: str
    name: str
    email: str
    phone: str
    created_at: int
    erased: bool = False


class Reachable(Protocol):
    """What is asked of an address here."""

    @property
    def phone(self) -> str:
        """A number to call, or ''."""


class Buyer(Protocol):
    """What is asked of an incoming order: the channel, and the buyer as far as it tells ('' = not told)."""

    @property
    def channel(self) -> str:
        """The channel's name."""

    @property
    def customer_ref(self) -> str:
        """The channel's id of the buyer."""

    @property
    def customer_name(self) -> str:
        """The buyer's name."""

    @property
    def email(self) -> str:
        """The buyer's e-mail address."""

    @property
    def address(self) -> Reachable | None:
        """Where to ship."""


class EraseCustomer(Command, frozen=True):
    """Forget a buyer's name, e-mail and phone."""

    customer: str


class CustomerErased(Event, frozen=True):
    """A buyer asked to be forgotten: whoever holds their address forgets it too."""

    customer: str
