"""What a simulated day is made of, and how often things go wrong in it."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Rates(msgspec.Struct, frozen=True):
    """How often things go wrong, as shares.

    Of scans: `wrong`; of operations: `repeated` and `dropped` (the line breaks before the answer); of lines: `short`
    and `new_tote`; of parcels: `mispacked` and `trusted` (not scanned item by item); of SKUs: `unknown_weight`.
    """

    wrong: float = 0.01
    repeated: float = 0.01
    dropped: float = 0.001
    short: float = 0.0005
    new_tote: float = 0.002
    mispacked: float = 0.01
    trusted: float = 0.5
    unknown_weight: float = 0.01


class DemoOptions(msgspec.Struct, frozen=True):
    """A day to simulate.

    `days` counts calendar days from the first order, 0 = all of the files. `fill` is the share of the ordered
    units that is in stock. `keep` is a folder for database, labels and logs; None = a temporary one.
    """

    orders: tuple[Path, ...]
    channel: str = "csv"
    days: int = 0
    handhelds: int = 20
    stations: int = 8
    fill: float = 0.98
    seed: int = 1
    cameras: int = 1
    keep: Path | None = None
    rates: Rates = Rates()
