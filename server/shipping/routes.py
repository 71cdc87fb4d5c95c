"""Carriers and parcels over HTTP."""

from __future__ import annotations

import msgspec
from litestar import get

from server.shipping.carriers import CARRIERS


class CarrierView(msgspec.Struct, frozen=True):
    """A way to send parcels."""

    id: str
    name: str


@get("/api/carriers", tags=["shipping"], summary="Carriers", opt={"permission": "signed_in"})
async def list_carriers() -> list[CarrierView]:
    """Give the carriers that parcels can go with."""
    return [CarrierView(carrier.id, carrier.name) for carrier in CARRIERS.values()]


HANDLERS = [list_carriers]
