"""Labels as PDF: vectors and text, on sheets of a stock or one a page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from labels.bitmap import MM_PER_INCH, arrow_points, offset
from labels.codes import LINEAR, module_dots
from labels.model import Arrow, Bar, Code, Label, LabelError, Text
from labels.stock import ROLL, STOCKS
from labels.text import CAPITAL, FILES, LEADING, fitted, width

FONTS = {False: "Pickwave", True: "Pickwave-Bold"}
PRINTED_DPI = 600


@cache
def _fonts() -> None:
    for bold, name in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(FILES[bold])))


def pdf(labels: Sequence[Label], stock: str) -> bytes:
    """Give labels as one PDF: `roll`, or the name of a stock. LabelError for a label that is larger than its place."""
    _fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1)
    canvas.setTitle(labels[0].name if len(labels) == 1 else "labels")
    if stock == ROLL:
        for label in labels:
            canvas.setPageSize((label.width * mm, label.height * mm))
            _draw(canvas, label, 0, label.height)
            canvas.showPage()
    else:
        _sheets(canvas, labels, stock)
    canvas.save()
    return out.getvalue()


def _sheets(canvas: Canvas, labels: Sequence[Label], name: str) -> None:
    stock = STOCKS.get(name)
    if stock is None:
        raise LabelError(f"no stock {name!r}: one of {', '.join((ROLL, *STOCKS))}")
    a_page = stock.columns * stock.rows
    for start in range(0, len(labels), a_page):
        canvas.setPageSize((stock.width * mm, stock.height * mm))
        for place, label in enumerate(labels[start : start + a_page]):
            room = (stock.pitch_x or stock.width, stock.pitch_y or stock.height)
            if label.width > room[0] or label.height > room[1]:
                raise LabelError(f"{label.name} is larger than a label of {name}")
            column, row = place % stock.columns, place // stock.columns
            left = stock.left + column * stock.pitch_x + (room[0] - label.width) / 2
            top = stock.top + row * stock.pitch_y + (room[1] - label.height) / 2
            _draw(canvas, label, left, stock.height - top)
        canvas.showPage()


def _draw(canvas: Canvas, label: Label, left: float, top: float) -> None:
    """Draw a label whose top left is `left`, `top` mm from the page's bottom left."""
    for element in label.elements:
        match element:
            case Text():
                _text(canvas, element, left, top)
            case Code():
                _code(canvas, element, left, top)
            case Bar(x, y, across, down):
                canvas.rect((left + x) * mm, (top - y - down) * mm, across * mm, down * mm, stroke=0, fill=1)
            case Arrow():
                path = canvas.beginPath()
                (x, y), *others = arrow_points(element)
                path.moveTo((left + x) * mm, (top - y) * mm)
                for x, y in others:
                    path.lineTo((left + x) * mm, (top - y) * mm)
                path.close()
                canvas.drawPath(path, stroke=0, fill=1)


def _text(canvas: Canvas, text: Text, left: float, top: float) -> None:
    lines, em = fitted(text)
    canvas.setFont(FONTS[text.bold], em * mm)
    for number, line in enumerate(lines):
        x = text.x + offset(text, width(line, em, bold=text.bold))
        y = text.y + em * CAPITAL + number * em * LEADING
        canvas.drawString((left + x) * mm, (top - y) * mm, line)


def _code(canvas: Canvas, code: Code, left: float, top: float) -> None:
    """Draw runs of dark modules as rectangles, each a whole number of a fine printer's dots wide."""
    dark, dots = module_dots(code, PRINTED_DPI / MM_PER_INCH)
    size = dots * MM_PER_INCH / PRINTED_DPI
    tall = code.height if code.symbology in LINEAR else size
    x0 = left + code.x + (code.width - dark.shape[1] * size) / 2
    y0 = top - code.y - (0 if code.symbology in LINEAR else (code.height - dark.shape[0] * size) / 2)
    for row, modules in enumerate(dark):
        start = None
        for column, is_dark in enumerate([*modules, False]):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                y = y0 - (row * size) - tall
                canvas.rect((x0 + start * size) * mm, y * mm, (column - start) * size * mm, tall * mm, stroke=0, fill=1)
                start = None
