"""A label as ZPL II: one graphic field in the printer's own dots, packed by Zebra's run lengths.

Drawing it ourselves makes every printer's label the same, in every script that the font has.
"""

from __future__ import annotations

import re

import numpy as np

from labels.bitmap import draw
from labels.model import Label

RUNS = {**{n: chr(ord("G") + n - 1) for n in range(1, 20)}, **{20 * n: chr(ord("g") + n - 1) for n in range(1, 21)}}
"""How often the next digit repeats: G to Y are 1 to 19, g to z are 20 to 400."""
MOST = 400


def zpl(label: Label, dpi: int) -> bytes:
    """Give a label as ZPL for a printer of this resolution."""
    white = np.array(draw(label, dpi))
    dark = np.packbits(~white, axis=1)
    rows, across = dark.shape
    width = white.shape[1]
    field = _packed([row.tobytes().hex().upper() for row in dark])
    total = rows * across
    return f"^XA^PW{width}^LL{rows}^LH0,0^FO0,0^GFA,{total},{total},{across},{field}^FS^PQ1^XZ\n".encode("ascii")


def _packed(rows: list[str]) -> str:
    """Pack rows of hex: a comma fills with zeros, a colon repeats the row above, runs are counted."""
    out, before = [], ""
    for row in rows:
        out.append(":" if row == before else _row(row))
        before = row
    return "".join(out)


def _row(row: str) -> str:
    kept = row.rstrip("0")
    if not kept:
        return ","
    packed = re.sub(r"(.)\1{2,}", lambda run: _run(len(run[0]), run[1]), kept)
    return packed if len(kept) == len(row) else packed + ","


def _run(length: int, digit: str) -> str:
    """Write `length` times a hex digit."""
    out = ""
    while length > 0:
        part = min(length, MOST)
        tens, ones = part - part % 20, part % 20
        out += (RUNS[tens] if tens else "") + (RUNS[ones] if ones else "") + digit
        length -= part
    return out
