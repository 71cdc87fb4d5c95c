"""How many totes the goods of a shipment need, and how many walks those totes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import msgspec

from server.waves.plan import PlanLine, Refused, Trolley

OPEN_TOTES = 8
"""How many of the last totes are looked into for room; more would cost time and save little."""

MM3_PER_CM3, MG_PER_G = 1_000, 1_000

Piece = tuple[PlanLine, int]
"""A line, and how many of its units."""


class Tote(msgspec.Struct):
    """A tote being filled: what lies in it, and what it still takes."""

    volume_mm3: int
    weight_mg: int
    stops: int
    pieces: list[Piece] = msgspec.field(default_factory=list)


def fill(lines: Iterable[PlanLine], trolley: Trolley) -> tuple[list[Tote], list[Refused]]:
    """Lay one shipment's lines into totes, each into the first open one with room; give also the refused.

    A line goes whole into a tote where a tote can take it, else by the toteful.
    """
    totes: list[Tote] = []
    refused: list[Refused] = []
    for line in lines:
        toteful = _room(_empty(trolley), line)
        if toteful == 0:
            refused.append(Refused(line.shipment, line.line, line.quantity, "unit_too_large"))
            continue
        for start in range(0, line.quantity, toteful):
            units = min(toteful, line.quantity - start)
            tote = next((tote for tote in totes[-OPEN_TOTES:] if _room(tote, line) >= units), None)
            if tote is None:
                tote = _empty(trolley)
                totes.append(tote)
            _put(tote, line, units)
    return totes, refused


def trips(totes: Sequence[Tote], trolley: Trolley) -> list[list[Tote]]:
    """Share a shipment's totes out over walks, in the order given, as a trolley's slots and stops allow."""
    result: list[list[Tote]] = []
    stops = 0
    for tote in totes:
        stops += len(tote.pieces)
        if not result or len(result[-1]) == trolley.totes or stops > (trolley.lines or sys.maxsize):
            result.append([])
            stops = len(tote.pieces)
        result[-1].append(tote)
    return result


def _empty(trolley: Trolley) -> Tote:
    return Tote(
        trolley.tote_volume_cm3 * MM3_PER_CM3 or sys.maxsize,
        trolley.tote_weight_g * MG_PER_G or sys.maxsize,
        trolley.lines or sys.maxsize,
    )


def _room(tote: Tote, line: PlanLine) -> int:
    """Give how many of a line's units the tote still takes."""
    by_volume = tote.volume_mm3 // line.volume_mm3 if line.volume_mm3 > 0 else line.quantity
    by_weight = tote.weight_mg // line.weight_mg if line.weight_mg > 0 else line.quantity
    return min(line.quantity, by_volume, by_weight) if tote.stops else 0


def _put(tote: Tote, line: PlanLine, units: int) -> None:
    tote.volume_mm3 -= max(0, line.volume_mm3) * units
    tote.weight_mg -= max(0, line.weight_mg) * units
    tote.stops -= 1
    tote.pieces.append((line, units))
