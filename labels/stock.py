"""Label stocks: sheets with their grids, rolls with one label a page. All in mm."""

from __future__ import annotations

import msgspec


class Stock(msgspec.Struct, frozen=True):
    """Where labels lie on a page: `columns` x `rows` from the margins, at the pitch from one to the next."""

    width: float
    height: float
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    pitch_x: float = 0
    pitch_y: float = 0


A4, LETTER = (210.0, 297.0), (215.9, 279.4)
STOCKS: dict[str, Stock] = {
    "a4-2x7": Stock(*A4, columns=2, rows=7, left=4.7, top=15.1, pitch_x=101.6, pitch_y=38.1),
    "a4-3x8": Stock(*A4, columns=3, rows=8, left=0, top=0.5, pitch_x=70, pitch_y=37),
    "a4-2x4": Stock(*A4, columns=2, rows=4, left=4.7, top=13.1, pitch_x=101.6, pitch_y=67.7),
    "a4": Stock(*A4),
    "letter-2x5": Stock(*LETTER, columns=2, rows=5, left=4.8, top=12.7, pitch_x=106.4, pitch_y=50.8),
    "letter-3x10": Stock(*LETTER, columns=3, rows=10, left=4.8, top=12.7, pitch_x=69.9, pitch_y=25.4),
    "letter": Stock(*LETTER),
}
ROLL = "roll"
"""Each label is a page of its own size."""
