"""Numbers that carry a check digit: GTIN and SSCC (GS1 General Specifications, section 7.9)."""

from __future__ import annotations

import re

from server.kernel.refusal import Refusal

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
SSCC_LENGTH = 18
UPC_E = re.compile("[01][0-9]{7}")
UPC_E_ZEROS = {
    **{last: (2, f"{last}0000") for last in "012"},
    "3": (3, "00000"),
    "4": (4, "00000"),
    **{last: (5, f"0000{last}") for last in "56789"},
}
"""By the last of the six digits: after how many of them the zeros were left out, and what to put there."""


def is_digits(text: str) -> bool:
    """Tell whether `text` is one or more of 0-9; other scripts' digits are not."""
    return text.isascii() and text.isdigit()


def check_digit(payload: str) -> int:
    """Give the modulo 10 check digit that follows `payload`; Refusal `bad_barcode` if it is not digits."""
    if not is_digits(payload):
        raise Refusal("bad_barcode", scanned=payload[:64], reason="not_digits")
    weighted = (int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(payload)))
    return -sum(weighted) % 10


def is_checked(code: str) -> bool:
    """Tell whether `code` is digits and its last one is right."""
    return len(code) > 1 and is_digits(code) and check_digit(code[:-1]) == int(code[-1])


def padded(code: str) -> str | None:
    """Give a bare GTIN as its 14 digits, so that all lengths of one item are equal; None for anything else.

    All zeros pass the check digit but name no item.
    """
    right = len(code) in GTIN_LENGTHS and is_checked(code) and code.strip("0") != ""
    return code.zfill(14) if right else None


def upc_e(code: str) -> str | None:
    """Expand a UPC-E of 8 digits (as decoders report it) to its GTIN-14; None where it is none."""
    if not UPC_E.fullmatch(code):
        return None
    cut, zeros = UPC_E_ZEROS[code[6]]
    return padded(code[: 1 + cut] + zeros + code[1 + cut : 6] + code[7])


def sscc(prefix: str, serial: int) -> str:
    """Make the 18 digits that number a parcel.

    They are `prefix` (extension digit and company prefix), `serial` filled up, and the check digit.
    Refusal `bad_value` where the serial does not fit: numbers must not be used again within a year.
    """
    room = SSCC_LENGTH - 1 - len(prefix)
    if not is_digits(prefix) or room < 1 or not 0 <= serial < 10**room:
        raise Refusal("bad_value", field="sscc", prefix=prefix[:64], serial=serial)
    payload = f"{prefix}{serial:0{room}d}"
    return f"{payload}{check_digit(payload)}"


def is_sscc(code: str) -> bool:
    """Tell whether `code` is a bare SSCC of 18 digits."""
    return len(code) == SSCC_LENGTH and is_checked(code)
