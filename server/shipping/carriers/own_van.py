"""The house's own van: nothing to book, the SSCC is the tracking number."""

from __future__ import annotations

from server.shipping.carriers.base import Carrier

CARRIER = Carrier("own_van", "Own van", needs_tracking=False, most_grams=60_000, tracking=lambda parcel: parcel.sscc)
