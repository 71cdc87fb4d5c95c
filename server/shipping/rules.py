"""What may be loaded. Pure."""

from __future__ import annotations

from server.kernel.gs1 import parse_gs1
from server.kernel.refusal import Refusal
from server.orders.model import Order, State
from server.packing.model import Parcel, ParcelState
from server.shipping.carriers import carrier
from server.shipping.model import Manifest, ManifestState

SSCC_DIGITS = 18
NOT_YET = {
    ParcelState.OPEN: "not_packed",
    ParcelState.CLOSED: "not_weighed",
    ParcelState.WEIGHED: "no_label",
    ParcelState.LOADED: "already_loaded",
    ParcelState.SHIPPED: "already_shipped",
    ParcelState.VOID: "order_cancelled",
}
"""Why a parcel in this state cannot be loaded."""


def sscc_of(code: str) -> str:
    """Give the SSCC in a scanned code: bare, or behind AI 00."""
    if len(code) == SSCC_DIGITS and code.isdigit():
        return code
    parsed = parse_gs1(code)
    return (parsed.sscc if parsed else None) or code


def require_loadable(parcel: Parcel, manifest: Manifest, order: Order) -> None:
    """Refuse a parcel that does not belong on this load."""
    if manifest.state is not ManifestState.OPEN:
        raise Refusal("not_in_state", machine="manifest", state=str(manifest.state), event="load")
    if parcel.site != manifest.site:
        raise Refusal("wrong_site", parcel=parcel.id, site=parcel.site)
    if parcel.carrier != manifest.carrier:
        raise Refusal("wrong_carrier", expected=manifest.carrier, scanned=parcel.carrier)
    if order.state is State.CANCELLED:
        raise Refusal("order_cancelled", order=parcel.order)
    if order.reason:
        raise Refusal("order_on_hold", order=order.id, reason=order.reason)
    if reason := NOT_YET.get(parcel.state):
        raise Refusal(reason, parcel=parcel.id)
    if carrier(parcel.carrier).needs_tracking and not parcel.tracking:
        raise Refusal("tracking_needed", parcel=parcel.id, carrier=parcel.carrier)


def require_here(manifest: Manifest, parcel: str) -> None:
    """Refuse to touch a parcel of a closed load: it is on the road, although its shipping may not be posted yet."""
    if manifest.state is ManifestState.CLOSED:
        raise Refusal("on_the_road", parcel=parcel, carrier=manifest.carrier)
