"""Which kind of scale an address means."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from scanner_client.scale.port import Scale
from scanner_client.scale.reading import Reading
from scanner_client.scale.stream import Toledo, Usb


class Weighing(Protocol):
    """Whatever shows a weight."""

    def weigh_now(self) -> Reading:
        """Give the weight of this moment, settled or not."""


def open_scale(address: str, patience_s: float) -> AbstractContextManager[Weighing]:
    """Open the scale at an address: MT-SICS unless it begins with `toledo:` or `hid:`. Raises ScaleError."""
    kind, _, rest = address.partition(":")
    if kind == "toledo":
        return Toledo(rest, patience_s)
    if kind == "hid":
        return Usb(rest, patience_s)
    return Scale(address.removeprefix("serial://"), patience_s=patience_s)
