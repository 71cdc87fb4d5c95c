"""The job that prints a parcel's label: reads what is committed, renders, hands it to the printer."""

from __future__ import annotations

from functools import partial
from typing import Any

import labels
from server.bus import Bus
from server.db.engine import Database
from server.db.reads import load, one
from server.jobs.senders.printer import Unprinted, print_document
from server.kernel.actor import SYSTEM
from server.kernel.refusal import Refusal
from server.orders.incoming import IncomingAddress
from server.orders.store import ORDERS
from server.packing.model import Parcel, ParcelState
from server.packing.store import PARCELS
from server.shipping.carriers import carrier
from server.shipping.model import TellStuck
from server.sites.model import Site
from server.sites.store import SITES

LONGEST_ERROR = 200
WITH_LABEL = frozenset({ParcelState.LABELLED, ParcelState.LOADED, ParcelState.SHIPPED})


async def print_label(bus: Bus, payload: dict[str, Any]) -> None:
    """Do the job `print_label`; raises Unprinted where the printer does not take it, to be tried again.

    Who asked is told of that once. A parcel that was opened, or whose label was voided meanwhile, gets none; nor does
    one whose label was asked for again since: that one is printed, perhaps elsewhere.
    """
    database = bus.database
    parcel = await one(database, PARCELS, payload["parcel"])
    if parcel.state not in WITH_LABEL or payload.get("number", parcel.prints) != parcel.prints:
        return
    label = await label_of(database, parcel)
    name = f"{parcel.sscc}-{parcel.prints}"
    try:
        await print_document(payload["printer"], name, partial(labels.render, label))
    except (Unprinted, Refusal) as error:
        stuck = TellStuck(parcel.id, payload["station"], payload.get("user", ""), str(error)[:LONGEST_ERROR])
        await bus.do(SYSTEM, stuck, op_id=f"stuck:{payload['job']}")
        raise


async def label_of(database: Database, parcel: Parcel) -> labels.Label:
    """Make a parcel's label: from, to, carrier, order, weight, SSCC."""
    order, site = await one(database, ORDERS, parcel.order), await one(database, SITES, parcel.site)
    found: list[Parcel] = await load(database, PARCELS, "shipment", [parcel.shipment])
    together = sorted(p.opened_at for p in found if p.state is not ParcelState.VOID or p.id == parcel.id)
    address = order.address or IncomingAddress()
    return labels.parcel_label(
        labels.Parcel(
            sscc=parcel.sscc,
            sender=sender(site),
            receiver=receiver(address),
            country=address.country[:2].upper(),
            carrier=carrier(parcel.carrier).name,
            order=order.name,
            tracking=parcel.tracking,
            grams=max(0, parcel.weight_g),
            number=together.index(parcel.opened_at) + 1,
            of=len(together),
        )
    )


def sender(site: Site) -> str:
    """Give a site's address in lines."""
    return _lines(site.name, site.street, f"{site.postcode} {site.city}", site.country)


def receiver(address: IncomingAddress) -> str:
    """Give a buyer's address in lines."""
    town = f"{address.postcode} {address.city}"
    return _lines(address.name, address.company, address.street, town, address.region, address.country)


def _lines(*parts: str) -> str:
    return "\n".join(part.strip() for part in parts if part.strip()) or "-"
