"""One call for every output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from labels.bitmap import png
from labels.model import Label, LabelError
from labels.pdf import pdf
from labels.stock import ROLL
from labels.zpl import zpl

Format = Literal["zpl", "pdf", "png"]
FORMATS = ("zpl", "pdf", "png")


def render(labels: Label | Sequence[Label], to: str, *, dpi: int = 203, stock: str = ROLL) -> bytes:
    """Give labels as bytes: `zpl` or `png` at `dpi` (203, 300, 600), `pdf` on a `stock`. A PNG is of one label.

    Raises LabelError naming the label that cannot be made.
    """
    several = [labels] if isinstance(labels, Label) else list(labels)
    if not several:
        raise LabelError("no labels")
    if to == "pdf":
        return pdf(several, stock)
    if to == "zpl":
        return b"".join(zpl(label, dpi) for label in several)
    if to == "png" and len(several) == 1:
        return png(several[0], dpi)
    raise LabelError(f"{len(several)} labels as {to!r}: one of {', '.join(FORMATS)}; png for one label")
