"""The same code in several frames is one scan: a hand holds a label before the camera for many frames."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from scanner_client.decode import Read

WEAK = frozenset({"Code39", "Code93", "Codabar", "ITF", "UPCE", "EAN8"})
"""Symbologies that are easily misread: seen by one engine alone they take twice the frames."""


class Sighting(msgspec.Struct):
    """A code in view: in how many frames, when last (ms), and whether it was counted."""

    frames: int = 0
    last: int = 0
    counted: bool = False


class Steady:
    """What is in view. A code counts in its `frames`-th frame, and again after `cool_down` ms out of sight.

    Before it counts, each frame that lacks it takes one off: a chance misread does not add up.
    """

    def __init__(self, frames: int = 3, cool_down: int = 1_500) -> None:
        self.frames = frames
        self.cool_down = cool_down
        self._seen: dict[str, Sighting] = {}

    def see(self, reads: Iterable[Read], at: int) -> tuple[Read, ...]:
        """Take in one frame's codes and give those that count now; `at` in ms, never going back."""
        in_view = {read.text: read for read in reads}
        for text in [text for text in self._seen if text not in in_view]:
            self._miss(text, at)
        return tuple(read for read in in_view.values() if self._sight(read, at))

    def _sight(self, read: Read, at: int) -> bool:
        seen = self._seen.setdefault(read.text, Sighting())
        if seen.counted and at - seen.last >= self.cool_down:
            seen = self._seen[read.text] = Sighting()
        seen.frames += 1
        seen.last = at
        counts = not seen.counted and seen.frames >= self.needed(read)
        seen.counted = seen.counted or counts
        return counts

    def _miss(self, text: str, at: int) -> None:
        seen = self._seen[text]
        seen.frames -= 0 if seen.counted else 1
        if seen.frames < 1 or (seen.counted and at - seen.last >= self.cool_down):
            del self._seen[text]

    def needed(self, read: Read) -> int:
        """Give in how many frames this read must be seen."""
        return self.frames * 2 if read.symbology in WEAK and len(read.engines) == 1 else self.frames
