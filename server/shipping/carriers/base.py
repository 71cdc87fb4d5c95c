"""What a carrier must answer."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from server.packing.model import Parcel


class Carrier(msgspec.Struct, frozen=True):
    """A way to send parcels.

    `tracking` gives the number known when the label is printed ('' = none yet); `needs_tracking` keeps a parcel from
    the load until somebody entered one; `most_grams` is the heaviest parcel it takes.
    """

    id: str
    name: str
    needs_tracking: bool
    most_grams: int
    tracking: Callable[[Parcel], str]
