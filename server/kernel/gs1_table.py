"""The table of application identifiers in a form short enough for the handheld: rows of one format each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import groupby

import msgspec

SOURCE = resources.files("biip.gs1_application_identifiers") / "_application_identifiers.json"


class Identifier(msgspec.Struct, frozen=True):
    """One application identifier as biip has it."""

    ai: str
    separator_required: bool
    pattern: str

    @property
    def format(self) -> tuple[str, bool]:
        """What its value looks like, and whether a separator ends it."""
        return self.pattern.removeprefix(f"^{self.ai}").removesuffix("$"), self.separator_required


def rows() -> list[tuple[str, bool, str]]:
    """List each format once: pattern, whether a separator ends the value, and its identifiers as ranges."""
    known = msgspec.json.decode(SOURCE.read_bytes(), type=list[Identifier])
    formats = dict.fromkeys(each.format for each in known)
    return [(*form, " ".join(_ranges(each.ai for each in known if each.format == form))) for form in formats]


def _ranges(found: Iterable[str]) -> Iterator[str]:
    """Write `3100, 3101, 3102` as `3100-3102`."""
    in_order = sorted(found, key=lambda ai: (len(ai), ai))
    runs = groupby(enumerate(in_order), key=lambda pair: (len(pair[1]), int(pair[1]) - pair[0]))
    for _, run in runs:
        ais = [ai for _, ai in run]
        yield ais[0] if len(ais) == 1 else f"{ais[0]}-{ais[-1]}"
