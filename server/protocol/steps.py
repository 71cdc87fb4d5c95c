"""The steps of a task's line as data: the server's rules and the handheld read the same rows.

A row is passed over where its predicate is false. `counts` names the step at which units are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgspec

Predicate = Literal["always", "tracks_lot", "tracks_serial", "confirms_tote"]
VERSION: Final = 1
"""Version of these tables; a task carries it, and the server takes the last two."""


class Row(msgspec.Struct, frozen=True):
    """One step: what scan is expected, when the step applies, what follows, what a wrong scan is refused with."""

    step: str
    when: Predicate
    then: str
    refusal: str


class Facts(msgspec.Struct, frozen=True):
    """What the predicates look at."""

    tracking: str
    confirm_tote: bool


STEPS: Final[Mapping[str, tuple[Row, ...]]] = {
    "pick": (
        Row("bin", "always", "sku", "wrong_bin"),
        Row("sku", "always", "lot", "wrong_sku"),
        Row("lot", "tracks_lot", "serial", "wrong_lot"),
        Row("serial", "tracks_serial", "tote", "serial_twice"),
        Row("tote", "confirms_tote", "done", "wrong_tote"),
    ),
    "return": (
        Row("sku", "always", "bin", "wrong_sku"),
        Row("bin", "always", "done", "wrong_bin"),
    ),
    "count": (
        Row("bin", "always", "sku", "wrong_bin"),
        Row("sku", "always", "done", "wrong_sku"),
    ),
}

PREDICATES: Final[Mapping[str, Callable[[Facts], bool]]] = {
    "always": lambda _: True,
    "tracks_lot": lambda f: f.tracking in {"lot", "expiry"},
    "tracks_serial": lambda f: f.tracking == "serial",
    "confirms_tote": lambda f: f.confirm_tote,
}

COUNTS: Final[Mapping[str, str]] = {"none": "sku", "lot": "lot", "expiry": "lot", "serial": "serial"}
"""At which step units are counted, per tracking."""


def first(kind: str) -> str:
    """Give the first step of a task kind."""
    return STEPS[kind][0].step


def after(kind: str, step: str, facts: Facts) -> str:
    """Give the step that follows `step` for a line with these facts; 'done' at the end."""
    rows = {row.step: row for row in STEPS[kind]}
    nxt = rows[step].then
    while nxt != "done" and not PREDICATES[rows[nxt].when](facts):
        nxt = rows[nxt].then
    return nxt
