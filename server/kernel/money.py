"""Money: integer minor units of a currency, read from decimal text and written as it, never a float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from server.kernel.refusal import Refusal

MOST = 2**63 - 1
"""What a 64-bit column can hold."""

EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""ISO 4217: digits after the point where they are not two."""

NUMBER = re.compile(r"[+-]?(?:[0-9]{1,19}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,2})?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")
CONTINENTAL = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,}))")


def exponent(currency: str) -> int:
    """Tell how many decimals `currency` (ISO 4217) has; two where it is not known."""
    return EXPONENTS.get(currency, 2)


def _plain(text: str) -> str:
    """Turn `1,234.50`, `1.234,50` and `2,55` into one with a point; `1,234` could be either and stays."""
    if GROUPED.fullmatch(text):
        return text.replace(",", "")
    return text.replace(".", "").replace(",", ".") if CONTINENTAL.fullmatch(text) else text


def parse_minor(text: str, currency: str) -> int:
    """Read decimal text as minor units of `currency`; a half unit and more is rounded away from zero.

    Refusal `bad_value` where it is not a number, could be read in two ways, or does not fit 64 bits.
    """
    plain = _plain(text.strip())
    if not NUMBER.fullmatch(plain):
        raise Refusal("bad_value", field="amount", value=ascii(text[:40])[1:-1])
    amount = Decimal(plain).scaleb(exponent(currency))
    if abs(amount) > MOST:
        raise Refusal("bad_value", field="amount", value=plain[:40])
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def decimal_text(minor: int, currency: str) -> str:
    """Write minor units as decimal text: 1234, GBP -> `12.34`."""
    places = exponent(currency)
    digits = f"{abs(minor):0{places + 1}d}"
    sign = "-" if minor < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def money_text(minor: int, currency: str) -> str:
    """Write minor units with their currency: `12.34 GBP`."""
    return f"{decimal_text(minor, currency)} {currency}"


def share(amount: int, part: int, whole: int) -> int:
    """Give `amount * part / whole`, a half rounded away from zero; 0 where `whole` is 0."""
    if not whole:
        return 0
    numerator = amount * part
    rounded = (2 * abs(numerator) + abs(whole)) // (2 * abs(whole))
    return -rounded if (numerator < 0) != (whole < 0) else rounded
