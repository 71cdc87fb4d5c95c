"""GS1 Digital Link: an item's identity written as a web address (GS1 Digital Link: URI Syntax 1.4)."""

from __future__ import annotations

import re
from urllib.parse import unquote

PRIMARY = frozenset({"00", "01", "253", "255", "401", "402", "414", "417"}) | frozenset(
    {"8003", "8004", "8006", "8010", "8013", "8017", "8018"}
)
QUALIFIERS = {
    "01": ("22", "10", "21", "235"),
    "414": ("254", "7040"),
    "417": ("7040",),
    "8006": ("22", "10", "21"),
    "8010": ("8011",),
    "8017": ("8019",),
    "8018": ("8019",),
}
LINK = re.compile(r"(?:https?|HTTPS?)://[A-Za-z0-9._~:\[\]-]+(/[!$-;=?-Z_a-z~\[\]]*)")
GTINS = frozenset({"01", "02", "03"})

Pairs = tuple[tuple[str, str], ...]


def is_link(text: str) -> bool:
    """Tell whether `text` starts as a web address."""
    return text[:8].lower().startswith(("http://", "https://"))


def _value(ai: str, text: str) -> str:
    """Decode a value; a GTIN written short is filled to 14 digits."""
    value = unquote(text.replace("+", " "))
    return value.zfill(14) if ai in GTINS else value


def _path(path: str) -> Pairs:
    """Read the key and its qualifiers off the end of a path; () where there is no key."""
    parts = path.split("/")
    for start in range(len(parts) - 2, 0, -2):
        key, rest = parts[start], parts[start + 2 :: 2]
        if key in PRIMARY:
            allowed = [ai for ai in QUALIFIERS.get(key, ()) if ai in rest]
            pairs = zip(parts[start::2], parts[start + 1 :: 2], strict=True)
            return tuple((ai, _value(ai, text)) for ai, text in pairs) if allowed == rest else ()
    return ()


def pairs(text: str) -> tuple[Pairs, ...]:
    """Read a Digital Link into pairs of AI and value, not yet checked; () where the address is none.

    Parameters that are not numeric belong to the web site and are passed over; the key and what qualifies
    it belong in the path.
    """
    found = LINK.fullmatch(text.partition("#")[0])
    path, _, query = (found[1] if found else "").partition("?")
    key = _path(path)
    if not key:
        return ()
    named = (part.partition("=") for part in re.split("[&;]", query))
    said = tuple((ai, _value(ai, value)) for ai, _, value in named if re.fullmatch("[0-9]{2,4}", ai))
    taken = {key[0][0], *QUALIFIERS.get(key[0][0], ())}
    return () if taken & dict(said).keys() else ((*key, *said),)
