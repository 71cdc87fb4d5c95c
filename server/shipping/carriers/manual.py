"""A carrier that gives its tracking number on paper: somebody types it in before the parcel is loaded."""

from __future__ import annotations

from server.shipping.carriers.base import Carrier

CARRIER = Carrier(
    "manual", "Manual tracking", needs_tracking=True, most_grams=31_500, tracking=lambda parcel: parcel.tracking
)
