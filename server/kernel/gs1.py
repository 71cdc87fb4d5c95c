"""Element strings of GS1 codes: which item, lot, serial, date and count a scanned text says.

The table of application identifiers (AIs) is biip's. What it lacks is here: lost separators, check digits
and dates that must hold, and Digital Links in any stem.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from itertools import islice, product

import msgspec
from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from server.kernel import digital_link
from server.kernel.gs1_values import is_sound
from server.kernel.gtin import padded

FNC1 = "\x1d"
SYMBOLOGY = re.compile(r"\A\][A-Za-z][0-9A-Za-z]")
"""What a scanner may send first to say which symbology it read (ISO/IEC 15424)."""
GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
READINGS = 16

KEYS = frozenset({"00", "01", "02", "8006"})
DATED = KEYS | {"11", "13", "15", "17"}
"""AIs whose values vouch for themselves, by a check digit or a date, after a lost separator."""
USUAL = DATED | {"10", "20", "21", "30", "37", "240", "241", "250", *(f"310{places}" for places in range(6))}

Elements = tuple[tuple[str, str], ...]


class Gs1(msgspec.Struct, frozen=True):
    """What one code says: pairs of AI and value, in the order printed."""

    elements: Elements

    def get(self, ai: str) -> str:
        """Give the value of `ai`, '' where the code has none."""
        return next((value for key, value in self.elements if key == ai), "")

    @property
    def gtin(self) -> str:
        """The item, or what the logistic unit contains, as GTIN-14; '' where none is said."""
        return padded(self.get("01") or self.get("02") or self.get("8006")[:14]) or ""

    @property
    def sscc(self) -> str:
        """The logistic unit's 18 digits, or ''."""
        return self.get("00")

    @property
    def lot(self) -> str:
        """Batch or lot (AI 10), or ''."""
        return self.get("10")

    @property
    def serial(self) -> str:
        """Serial number (AI 21), or ''."""
        return self.get("21")

    @property
    def expiry(self) -> str:
        """YYMMDD of use by, else of best before ('' = none); `gs1_values.iso_date` makes a date of it."""
        return self.get("17") or self.get("15")

    @property
    def count(self) -> int:
        """How many items: AI 37 in a logistic unit, AI 30 in a variable pack; 0 where not said."""
        return int(self.get("37") or self.get("30") or "0")

    @property
    def weight_g(self) -> int:
        """Net weight in grams (AI 310n: kilograms with n decimals), rounded; 0 where not said."""
        kilograms = next((Decimal(value).scaleb(-int(ai[3])) for ai, value in self.elements if ai[:3] == "310"), 0)
        return round(kilograms * 1_000)


@lru_cache(maxsize=1024)
def _identifier(start: str) -> GS1ApplicationIdentifier | None:
    """Find the AI that a text's first four characters begin with."""
    try:
        return GS1ApplicationIdentifier.extract(start)
    except ParseError:
        return None


def _is_element(ai: GS1ApplicationIdentifier, value: str) -> bool:
    return re.fullmatch(ai.pattern, ai.ai + value) is not None and is_sound(ai.ai, value)


def _known(ai: str, value: str) -> bool:
    found = _identifier(ai)
    return found is not None and found.ai == ai and _is_element(found, value)


def _ends(text: str, ai: GS1ApplicationIdentifier, body: int) -> list[int]:
    """List where the value that starts at `body` may end: no element is longer than 90 characters."""
    return [end for end in range(body + 1, min(len(text), body + 90) + 1) if _is_element(ai, text[body:end])]


def _readings(text: str, after: frozenset[str]) -> tuple[Elements, ...]:
    """Read text without separators in every way; only an AI of `after` may follow one that was lost."""

    @cache
    def tails(start: int, *, lost: bool) -> tuple[Elements, ...]:
        if start == len(text):
            return ((),)
        ai = _identifier(text[start : start + 4])
        if ai is None or (lost and ai.ai not in after):
            return ()
        body = start + len(ai)
        found = (
            ((ai.ai, text[body:end]), *tail)
            for end in _ends(text, ai, body)
            for tail in tails(end, lost=ai.separator_required)
        )
        return tuple(islice(found, READINGS))

    return tails(0, lost=False)


def _agrees(elements: Elements) -> bool:
    """Tell whether the elements can stand on one label: nothing twice differently, no item in itself."""
    said = dict(elements)
    return len(said) == len(set(elements)) and not {"01", "02"} <= said.keys()


def _bracketed(text: str) -> tuple[Elements, ...]:
    """Read human readable text, `(01)09521234543213(10)ABC`."""
    parts = re.split(r"\((\d{2,4})\)", text)
    pairs = tuple(zip(parts[1::2], parts[2::2], strict=True))
    return (pairs,) if not parts[0] and pairs and all(_known(*pair) for pair in pairs) else ()


def _separated(text: str, after: frozenset[str]) -> tuple[Elements, ...]:
    parts = [_readings(part, after) for part in text.split(FNC1) if part]
    whole = (tuple(pair for part in choice for pair in part) for choice in product(*parts)) if parts else ()
    return tuple(islice(whole, READINGS))


def _plain(text: str) -> tuple[Elements, ...]:
    """Read text whose separators were lost: it must name an item or unit, or an internal code would match."""
    return tuple(
        reading
        for reading in _separated(text, USUAL)
        if KEYS & dict(reading).keys() and ("37" in dict(reading)) <= ("02" in dict(reading))
    )


def readings(text: str) -> tuple[Gs1, ...]:
    """Give every way to read `text` as GS1: several where a lost separator leaves it open.

    FNC1 is the character 0x1D. Where the text has one, separators are taken to be kept, and as lost only if
    it cannot be read otherwise.
    """
    body = SYMBOLOGY.sub("", text)
    found = _any_form(body, text[: len(text) - len(body)]) if text.isascii() else ()
    return tuple(Gs1(reading) for reading in found if _agrees(reading))


def _any_form(body: str, symbology: str) -> tuple[Elements, ...]:
    """Read the text by what it looks like; a symbology other than GS1's leaves only the web address."""
    if digital_link.is_link(body):
        return tuple(pairs for pairs in digital_link.pairs(body) if all(_known(*pair) for pair in pairs))
    if symbology and symbology not in GS1_SYMBOLOGIES:
        return ()
    if body.startswith("("):
        return _bracketed(body)
    if FNC1 in body:
        return _separated(body, frozenset()) or _plain(body)
    return _separated(body, DATED) if symbology else _plain(body)


def parse_gs1(text: str) -> Gs1 | None:
    """Read a GS1 code: with FNC1 or without, with a symbology prefix, bracketed, or as Digital Link.

    None where it is not GS1, or where a lost separator leaves more than one reading.
    """
    found = readings(text)
    return found[0] if len(found) == 1 else None
