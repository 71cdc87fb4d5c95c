"""Barcodes as modules: rows of booleans, one a module, without quiet zones. Encoded by zxing-cpp."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from labels.model import Code, LabelError

Modules = NDArray[np.bool_]
FORMATS = {
    "code128": zxingcpp.Code128,
    "gs1-128": zxingcpp.Code128,
    "ean13": zxingcpp.EAN13,
    "qr": zxingcpp.QRCode,
    "datamatrix": zxingcpp.DataMatrix,
}
QUIET = {"code128": 10, "gs1-128": 10, "ean13": 11, "qr": 4, "datamatrix": 2}
"""Modules that must stay white on each side (ISO/IEC 15417, 15420, 18004, 16022)."""
LINEAR = frozenset({"code128", "gs1-128", "ean13"})


@lru_cache(maxsize=4_096)
def modules(symbology: str, text: str) -> Modules:
    """Encode `text`: one row for a linear code. GS1 text is bracketed: `(00)340...`. Raises LabelError."""
    try:
        made = zxingcpp.create_barcode(text, FORMATS[symbology], gs1=symbology == "gs1-128")
        image = np.array(made.to_image(scale=1, add_quiet_zones=False, add_hrt=False))
    except (ValueError, RuntimeError, TypeError) as error:
        raise LabelError(f"{text!r} cannot be a {symbology} code: {error}") from error
    dark: Modules = image < 128  # noqa: PLR2004 - half of white
    return dark[:1] if symbology in LINEAR else dark


def module_dots(code: Code, dots_per_mm: float, least_mm: float = 0.19) -> tuple[Modules, int]:
    """Give a code's modules and how many whole dots each is wide; LabelError where the box is too small for it."""
    dark = modules(code.symbology, code.text)
    quiet = 2 * QUIET[code.symbology]
    across = int(code.width * dots_per_mm) // (dark.shape[1] + quiet)
    if code.symbology not in LINEAR:
        across = min(across, int(code.height * dots_per_mm) // (dark.shape[0] + quiet))
    if across < 1 or across / dots_per_mm < least_mm:
        raise LabelError(f"{code.text!r} does not fit: {code.width:g} x {code.height:g} mm is too small for its code")
    return dark, across
