"""One function from a picture to the codes in it, whichever engines are behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from scanner_client.engines import FORMATS, available
from server.kernel.gtin import padded
from server.kernel.refusal import Refusal

Frame = NDArray[np.uint8]
Point = tuple[int, int]
COLOURED = 3
"""Dimensions of an array that has colours (blue, green, red)."""
RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE"})


class Read(msgspec.Struct, frozen=True):
    """A code in a picture.

    `engines` are those that agreed on it; `position` its corners in pixels, as the first of them saw it.
    """

    text: str
    symbology: str
    engines: tuple[str, ...]
    position: tuple[Point, ...] = ()


def decode(frame: Frame, formats: Sequence[str] = FORMATS) -> tuple[Read, ...]:
    """Read all codes of these `formats` in a picture (grey or BGR); the one with most engines first."""
    grey = frame if frame.ndim < COLOURED else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
    reads = (
        Read(code.text, code.symbology, (engine,), code.position)
        for engine, scan in available().items()
        for code in scan(grey, formats)
        if is_plausible(code.symbology, code.text)
    )
    return tuple(sorted(_believed(list(_merged(reads))), key=lambda read: -len(read.engines)))


def formats_from(text: str) -> tuple[str, ...]:
    """Split a comma-separated list of symbologies, '' = all; refusal `bad_value` for an unknown one."""
    known = {name.lower(): name for name in FORMATS}
    wanted = [name for part in text.lower().split(",") if (name := part.replace("-", "").replace(" ", ""))]
    for name in wanted:
        if name not in known:
            raise Refusal("bad_value", field="formats", value=name, known=",".join(FORMATS))
    return tuple(known[name] for name in wanted) or FORMATS


def is_plausible(symbology: str, text: str) -> bool:
    """Tell whether a label could say this; what is read from stripes and shadows mostly could not."""
    shortest = SHORTEST.get(symbology, 1)
    return len(text) >= shortest and (symbology != "ITF" or padded(text) is not None)


SHORTEST = {"Code39": 4, "Code128": 2, "Code93": 4, "Codabar": 6}


def _merged(reads: Iterable[Read]) -> Iterator[Read]:
    """Make one of the reads that say the same, whatever an engine calls it (UPC-A is an EAN-13)."""
    same: dict[str, Read] = {}
    for read in reads:
        key = (padded(read.text) if read.symbology in RETAIL else None) or read.text
        first = same.setdefault(key, read)
        engines = dict.fromkeys((*first.engines, *read.engines))
        same[key] = msgspec.structs.replace(first, engines=tuple(engines))
    yield from same.values()


def _believed(reads: Sequence[Read]) -> list[Read]:
    """Leave out what zbar alone saw, but for a QR code where there is no other.

    Alone it invents a linear code in about one photograph of forty; as a second opinion it is welcome.
    """
    sure = [read for read in reads if read.engines != ("zbar",)]
    if any(read.symbology == "QRCode" for read in sure):
        return sure
    return sure + [read for read in reads if read.engines == ("zbar",) and read.symbology == "QRCode"]
