"""Words into a box: the largest size at which they fit, wrapped where that helps, never cut."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from labels.model import LabelError, Text

FOLDER = Path(__file__).parent / "fonts"
FILES = {False: FOLDER / "DejaVuSans.ttf", True: FOLDER / "DejaVuSans-Bold.ttf"}
CAPITAL = 0.729
"""Height of a capital letter in DejaVu Sans, per em."""
LEADING = 1.2
LEAST_MM = 1.2
STEP = 0.93
MEASURED_AT = 100


@lru_cache(maxsize=2)
def _measure(*, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FILES[bold]), MEASURED_AT)


def width(text: str, em: float, *, bold: bool) -> float:
    """Give how wide a line is, in the unit of `em`."""
    return _measure(bold=bold).getlength(text) * em / MEASURED_AT


def wrapped(text: str, room: float, em: float, *, bold: bool) -> list[str]:
    """Break words into lines no wider than `room`; a word that is too long breaks where it must."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if width(longer, em, bold=bold) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, room, em, bold=bold)
            lines += full
        lines.append(line)
    return lines


def _broken(word: str, room: float, em: float, *, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, em, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fitted(text: Text) -> tuple[list[str], float]:
    """Give the lines of a text and the em size in mm at which they fit; LabelError below a readable size."""
    em = text.size_mm / CAPITAL
    while em * CAPITAL >= LEAST_MM:
        lines = wrapped(text.text, text.width, em, bold=text.bold)
        if len(lines) * em * LEADING <= text.height + em * (LEADING - CAPITAL):
            return lines, em
        em *= STEP
    raise LabelError(f"{text.text[:40]!r} does not fit into {text.width:g} x {text.height:g} mm")
