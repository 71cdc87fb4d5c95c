"""The decoders: each turns a grey picture into codes. zbar may be absent; zxing-cpp needs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import msgspec
import numpy as np
import zxingcpp
from numpy.typing import NDArray

FORMATS = (
    *("EAN13", "EAN8", "UPCA", "UPCE", "Code128", "Code39", "Code93", "Codabar", "ITF"),
    *("QRCode", "DataMatrix", "Aztec", "PDF417"),
)
"""Symbologies by the names that travel with a scan."""
ZBAR = {
    "EAN13": "EAN13",
    "EAN8": "EAN8",
    "UPCA": "UPCA",
    "Code128": "CODE128",
    "QRCode": "QRCODE",
}
"""What zbar is asked for; the other symbologies are left to zxing-cpp."""

ZBAR_MODULE = "pyzbar.pyzbar"


class Code(msgspec.Struct, frozen=True):
    """What one engine saw: text, symbology (of FORMATS), corners in pixels."""

    text: str
    symbology: str
    position: tuple[tuple[int, int], ...]


Grey = NDArray[np.uint8]
Engine = Callable[[Grey, Sequence[str]], list[Code]]


def zxing(grey: Grey, formats: Sequence[str]) -> list[Code]:
    """Read with zxing-cpp; FNC1 comes as 0x1D."""
    wanted = _zxing_formats(tuple(formats))
    found = zxingcpp.read_barcodes(grey, formats=wanted, text_mode=zxingcpp.TextMode.Plain)
    return [Code(code.text, code.format.name, _corners(code.position)) for code in found if code.valid]


@cache
def _zxing_formats(formats: tuple[str, ...]) -> zxingcpp.BarcodeFormats:
    return zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in formats])


def _corners(position: zxingcpp.Position) -> tuple[tuple[int, int], ...]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((corner.x, corner.y) for corner in corners)


def zbar(grey: Grey, formats: Sequence[str]) -> list[Code]:
    """Read with zbar."""
    library = _zbar()
    names = {ZBAR[name]: name for name in formats if name in ZBAR}
    if not names:
        return []
    found = library.decode(grey, symbols=[library.ZBarSymbol[name] for name in names])
    return [_zbar_code(code, names.get(code.type, code.type)) for code in found]


def _zbar_code(code: Any, symbology: str) -> Code:
    return Code(code.data.decode("utf-8", "replace"), symbology, tuple((p.x, p.y) for p in code.polygon))


@cache
def _zbar() -> Any:
    """Load pyzbar; ImportError where it or the system's libzbar is absent."""
    return import_module(ZBAR_MODULE)


@cache
def available() -> Mapping[str, Engine]:
    """Give the engines that work on this machine, by name."""
    try:
        _zbar()
    except ImportError:
        return {"zxing": zxing}
    return {"zxing": zxing, "zbar": zbar}
