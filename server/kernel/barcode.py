"""What a scanned text may mean: the keys to look it up under, whatever symbology it came from."""

from __future__ import annotations

import re
from functools import lru_cache

from server.kernel import gs1
from server.kernel.gs1 import SYMBOLOGY, Gs1, parse_gs1
from server.kernel.gtin import check_digit, is_checked, is_sscc, padded, sscc, upc_e
from server.kernel.refusal import Refusal

__all__ = [
    "Gs1",
    "bin_digits",
    "candidates",
    "check_digit",
    "clean",
    "gtin14",
    "is_bin_digits",
    "is_checked",
    "is_sscc",
    "parse_gs1",
    "sscc",
]

LONGEST = 512
MODULUS = {2: 97, 3: 997}


def clean(code: str) -> str:
    """Take the blanks and line ends off that scanners add.

    Refusal `bad_barcode` where nothing is left, it is over 512 characters, or it has a control
    character other than FNC1 (0x1D) or a lone surrogate: no label has those, and no database keeps them.
    """
    text = code.strip(" \t\r\n")
    wrong = (
        ("empty", not text),
        ("too_long", len(code) > LONGEST),
        ("unprintable", any(not (c.isprintable() or c in " \x1d") for c in text[:LONGEST])),
    )
    for reason, is_so in wrong:
        if is_so:
            raise Refusal("bad_barcode", reason=reason, scanned=ascii(code[:64])[1:-1])
    return text


def _agreed(keys: set[str]) -> str | None:
    return keys.pop() if len(keys) == 1 else None


def gtin14(code: str) -> str | None:
    """Give the item's GTIN as 14 digits, from a bare GTIN-8/12/13/14, a GS1 element string or a Digital Link.

    None where the text names no item, or where a lost separator leaves open which.
    """
    return padded(SYMBOLOGY.sub("", code)) or _agreed({found.gtin for found in gs1.readings(code)}) or None


@lru_cache(8_192)
def candidates(code: str) -> tuple[str, ...]:
    """List the keys to look a scanned text up under, the surest first.

    The text itself comes first, because an internal code may look like GS1; then without its symbology
    prefix, as SSCC, as GTIN-14, and as the GTIN-14 of a UPC-E. Refusal `bad_barcode` as of `clean`.
    """
    text = clean(code)
    bare = SYMBOLOGY.sub("", text)
    found = gs1.readings(text)
    unit = _agreed({reading.sscc for reading in found})
    item = padded(bare) or _agreed({reading.gtin for reading in found})
    keys = (text, bare, unit, item, upc_e(bare))
    return tuple(dict.fromkeys(key for key in keys if key))


def bin_digits(code: str, width: int = 2) -> str:
    """Derive a bin's check digits from its code: 2 or 3 digits, never all zero.

    Bins whose codes differ in one character never share them, so a neighbour is not taken for the right
    bin. Refusal `bad_value` for another width.
    """
    modulus = MODULUS.get(width)
    if modulus is None:
        raise Refusal("bad_value", field="check_digits", width=width)
    total = 0
    for character in code:
        total = (total * 10 + ord(character)) % modulus
    return f"{total + 1:0{width}d}"


def is_bin_digits(text: str) -> bool:
    """Tell whether `text` may be a bin's check digits: 2 or 3 digits, not all zero."""
    return re.fullmatch("[0-9]{2,3}", text) is not None and bool(text.strip("0"))
