"""Carriers behind one interface: a carrier is one file and one row of this table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.kernel.refusal import Refusal
from server.shipping.carriers import manual, own_van
from server.shipping.carriers.base import Carrier

CARRIERS: Mapping[str, Carrier] = MappingProxyType({c.id: c for c in (own_van.CARRIER, manual.CARRIER)})
DEFAULT = own_van.CARRIER.id


def carrier(carrier_id: str) -> Carrier:
    """Give the carrier with this id; Refusal `not_found`."""
    found = CARRIERS.get(carrier_id)
    if found is None:
        raise Refusal("not_found", kind="carrier", id=carrier_id)
    return found
