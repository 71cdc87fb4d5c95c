"""Payment gateways behind one interface: a gateway is one file and one row of this table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from server.kernel.refusal import Refusal
from server.payments.gateways import at_channel, test
from server.payments.gateways.base import Gateway

GATEWAYS: Mapping[str, Gateway] = MappingProxyType({g.id: g for g in (at_channel.GATEWAY, test.GATEWAY)})


def gateway(gateway_id: str) -> Gateway:
    """Give the gateway with this id; Refusal `not_found`."""
    found = GATEWAYS.get(gateway_id)
    if found is None:
        raise Refusal("not_found", kind="gateway", id=gateway_id)
    return found
