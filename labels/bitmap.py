"""A label as dots: what a label printer burns. PNG and ZPL are made of it."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from labels.codes import LINEAR, module_dots
from labels.model import Arrow, Bar, Code, Label, Text
from labels.text import CAPITAL, FILES, LEADING, fitted, width

MM_PER_INCH = 25.4


@lru_cache(maxsize=64)
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FILES[bold]), size)


def draw(label: Label, dpi: int) -> Image.Image:
    """Draw a label in black and white at `dpi`; modules of codes are whole dots. Raises LabelError."""
    scale = dpi / MM_PER_INCH
    image = Image.new("1", (round(label.width * scale), round(label.height * scale)), 1)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    for element in label.elements:
        match element:
            case Text():
                _text(pen, element, scale)
            case Code():
                _code(image, element, scale)
            case Bar(x, y, across, down):
                pen.rectangle((x * scale, y * scale, (x + across) * scale - 1, (y + down) * scale - 1), fill=0)
            case Arrow():
                pen.polygon([(x * scale, y * scale) for x, y in arrow_points(element)], fill=0)
    return image


def arrow_points(arrow: Arrow) -> list[tuple[float, float]]:
    """Give the corners of an arrow in mm."""
    tip, base = (arrow.y, arrow.y + arrow.size) if arrow.up else (arrow.y + arrow.size, arrow.y)
    return [(arrow.x + arrow.size / 2, tip), (arrow.x, base), (arrow.x + arrow.size, base)]


def _text(pen: ImageDraw.ImageDraw, text: Text, scale: float) -> None:
    lines, em = fitted(text)
    font = _font(max(1, round(em * scale)), bold=text.bold)
    for number, line in enumerate(lines):
        left = text.x + offset(text, width(line, em, bold=text.bold))
        base = text.y + em * CAPITAL + number * em * LEADING
        pen.text((left * scale, base * scale), line, font=font, fill=0, anchor="ls")


def offset(text: Text, taken: float) -> float:
    """Give how far a line of this width starts from the left of its box."""
    return {"left": 0.0, "centre": (text.width - taken) / 2, "right": text.width - taken}[text.align]


def _code(image: Image.Image, code: Code, scale: float) -> None:
    dark, dots = module_dots(code, scale)
    wide = dark.shape[1] * dots
    tall = round(code.height * scale) if code.symbology in LINEAR else dark.shape[0] * dots
    rows = np.repeat(dark, tall if code.symbology in LINEAR else dots, axis=0)[:tall]
    picture = Image.fromarray(~np.repeat(rows, dots, axis=1))
    left = round(code.x * scale) + (int(code.width * scale) - wide) // 2
    top = round(code.y * scale) + (int(code.height * scale) - tall) // 2
    image.paste(picture, (left, top))


def png(label: Label, dpi: int) -> bytes:
    """Give a label as PNG."""
    out = io.BytesIO()
    draw(label, dpi).save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()
