"""The step tables walk as the shared vectors say; pwa/test/steps.test.ts reads the same file."""

from __future__ import annotations

import json
from pathlib import Path

from server.protocol import steps

VECTORS = json.loads((Path(__file__).parent / "vectors" / "steps.json").read_text())


def walk(kind: str, facts: steps.Facts) -> list[str]:
    found = [steps.first(kind)]
    while found[-1] != "done":
        found.append(steps.after(kind, found[-1], facts))
    return found


def test_every_kind_is_walked_by_every_tracking_as_written() -> None:
    for vector in VECTORS["walks"]:
        facts = steps.Facts(vector["tracking"], vector["confirm_tote"])
        assert walk(vector["kind"], facts) == vector["steps"], vector


def test_every_row_refuses_with_its_own_code() -> None:
    told = {(v["kind"], v["step"]): v["refusal"] for v in VECTORS["refusals"]}
    assert told == {(kind, row.step): row.refusal for kind, rows in steps.STEPS.items() for row in rows}


def test_every_predicate_has_vectors_that_hold_and_that_do_not() -> None:
    for vector in VECTORS["predicates"]:
        facts = steps.Facts(vector["tracking"], vector["confirm_tote"])
        assert steps.PREDICATES[vector["name"]](facts) is vector["holds"], vector
    seen = {(v["name"], v["holds"]) for v in VECTORS["predicates"]}
    assert seen >= {(name, True) for name in steps.PREDICATES}
    assert seen >= {(name, False) for name in steps.PREDICATES if name != "always"}
