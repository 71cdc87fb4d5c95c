"""The tables of docs/roles.md: who may do what, by route, frame and command."""

from __future__ import annotations

from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"
Allowed = dict[str, set[str]]
"""What, and the roles that may."""


def allowed(section: str) -> Allowed:
    """Read the table under a heading."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    head, _, *rows = [line for line in text.splitlines() if line.startswith("|")]
    return {what.strip("`"): _marked(roles, _cells(head)[1:]) for what, *roles in map(_cells, rows)}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _marked(cells: list[str], roles: list[str]) -> set[str]:
    assert set(cells) <= {"yes", ""}, cells
    return {role for role, cell in zip(roles, cells, strict=True) if cell}
