"""Schematic screens for the joining page, drawn from lines of words: what is to be tapped stands out.

A line is its kind and its words: `# title`, `> row to tap`, `! button to press`, `= switch that is on`, `? field`; a
line of no kind is there for company, one of no words is only hinted at. `{share}` before the words draws that icon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

KINDS: Final = {"#": "title", ">": "tap", "!": "press", "=": "on", "?": "field"}
ICONS: Final = {
    "share": "M3 7v7h10V7M8 10V1M5 4l3-3 3 3",
    "plus": "M1 1h14v14H1zM8 4.5v7M4.5 8h7",
    "more": "M8 2v.1M8 8v.1M8 14v.1",
    "find": "M11 11l4 4M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0-10",
    "lock": "M2 7h12v8H2zM5 7V4a3 3 0 0 1 6 0v3",
    "get": "M8 1v9M4 6.5l4 4 4-4M2 15h12",
    "scan": "M1 5V1h4M11 1h4v4M15 11v4h-4M5 15H1v-4M4 8h8",
}
LINE: Final = re.compile(r"(?:([#>!=?]) ?)?(?:\{(\w+)\} ?)?(.*)")
ROW, STEP, WIDTH, EDGE, TOP = 32, 38, 284, 14, 30


def draw(lines: Sequence[str], frame: str) -> str:
    """Give one picture as inline SVG; `frame` is phone or window. The text beside it says the same in words."""
    height = TOP + STEP * len(lines) + EDGE
    rows = "".join(_row(line, TOP + STEP * number) for number, line in enumerate(lines))
    return (
        f'<svg class="picture" viewBox="0 0 {WIDTH} {height}" aria-hidden="true">'
        f'<rect class="frame" x="2" y="2" width="{WIDTH - 4}" height="{height - 4}" rx="{FRAMES[frame][0]}"/>'
        f"{FRAMES[frame][1]}{rows}</svg>"
    )


FRAMES: Final = {
    "phone": (24, f'<path class="hint" d="M{WIDTH // 2 - 18} 16h36"/>'),
    "window": (10, '<path class="hint" d="M16 16h.1M30 16h.1M44 16h.1"/>'),
}
"""The corners' radius, and what tells a phone's edge from a window's."""


def _row(line: str, y: int) -> str:
    """Draw one line, its upper edge at `y`."""
    sign, icon, words = parts(line)
    kind, middle, left = KINDS.get(sign, "row"), y + ROW // 2, EDGE + 10
    drawn = "" if kind == "title" else f'<rect x="{EDGE}" y="{y}" width="{WIDTH - 2 * EDGE}" height="{ROW}" rx="9"/>'
    if icon:
        drawn += f'<path class="icon" transform="translate({left} {middle - 8})" d="{ICONS[icon]}"/>'
        left += 24
    if words:
        drawn += f'<text x="{left}" y="{middle + 4}">{escape(words)}</text>'
    elif kind == "row" and not icon:
        drawn += f'<path class="hint" d="M{left} {middle}h{90 + y % 50}"/>'
    return f'<g class="{kind}">{drawn}{_mark(kind, middle)}</g>'


def _mark(kind: str, middle: int) -> str:
    """Draw a switch that is on, or the fingertip on what is to be tapped."""
    right = WIDTH - EDGE - 16
    if kind == "on":
        return (
            f'<rect class="switch" x="{right - 22}" y="{middle - 10}" width="34" height="20" rx="10"/>'
            f'<circle class="knob" cx="{right + 2}" cy="{middle}" r="7"/>'
        )
    if kind in {"tap", "press"}:
        at = f'cx="{right}" cy="{middle}"'
        return f'<circle class="ring" {at} r="10"/><circle class="tip" {at} r="5"/>'
    return ""


def parts(line: str) -> tuple[str, str, str]:
    """Give a line's sign, icon and words, '' for what it does not have."""
    found = LINE.fullmatch(line)
    sign, icon, words = found.groups("") if found else ("", "", line)
    return sign, icon, words.strip()
