"""How hard the server is tortured."""

from __future__ import annotations

import msgspec


class Rates(msgspec.Struct, frozen=True):
    """What becomes of frames on their way, as shares of them; the rest passes.

    A `delayed` frame holds up those behind it, a `reordered` one is overtaken by them; `cut` breaks the socket.
    """

    dropped: float = 0.01
    repeated: float = 0.02
    delayed: float = 0.04
    reordered: float = 0.02
    cut: float = 0.002


CALM = Rates(0, 0, 0, 0, 0)


class Options(msgspec.Struct, frozen=True):
    """One run. It ends after `kills` (0 = any number) or `minutes` (0 = any time), whichever comes first.

    `database` is a PostgreSQL in which a database of its own is made; '' = a fresh SQLite file.
    """

    seed: int = 1
    minutes: float = 1.0
    kills: int = 0
    handhelds: int = 8
    database: str = ""
    rates: Rates = Rates()
