"""docs/asvs.md answers every requirement of ASVS 5.0's levels 1 and 2, and names only files that are there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([\d.]+)(?:-(\d+))? \| (met|open|n/a) \| (.+) \|$")
SECTIONS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
    5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
    8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3
    11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
"""The sections, and how many requirements of levels 1 and 2 each has: they come before those of level 3."""


def wanted() -> Iterator[str]:
    for section, most in (part.split(":") for part in SECTIONS.split()):
        yield from (f"{section}.{number}" for number in range(1, int(most) + 1))


def rows() -> Iterator[re.Match[str]]:
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| requirements"):
            row = ROW.match(line)
            assert row, line
            yield row


def answered() -> Iterator[str]:
    for row in rows():
        section, _, first = row[1].rpartition(".")
        yield from (f"{section}.{number}" for number in range(int(first), int(row[2] or first) + 1))


def test_every_requirement_is_answered_once() -> None:
    assert len(list(wanted())) == 253
    assert Counter(answered()) == Counter(wanted())


def test_what_is_named_is_there() -> None:
    for document in ("docs/asvs.md", "docs/threats.md", "SECURITY.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        named = re.findall(r"`((?:server|tests|docs)/[\w./-]+|[\w]+\.yaml|Dockerfile|SECURITY\.md)`", text)
        assert [name for name in named if not (ROOT / name).exists()] == []
