"""What happens on a simulated scale's platform: it swings, settles, is tared and overloaded. No I/O."""

from __future__ import annotations

import msgspec
import numpy as np


class Make(msgspec.Struct, frozen=True):
    """The kind of scale. Grams: capacity, smallest step shown, spread of a stable reading.

    `swings` is how many readings at most are unstable after the load changed; `unit` g, kg, lb or oz.
    """

    name: str = "SIM-1"
    unit: str = "g"
    capacity_g: int = 60_000
    step_g: int = 1
    spread_g: float = 0.3
    swings: int = 3


class Platform:
    """Load, zero and tare of a scale, with seeded noise. All in grams."""

    def __init__(self, make: Make, seed: int) -> None:
        self.make = make
        self.zero = 0.0
        self.tare = 0.0
        self.restless = False
        self._random = np.random.default_rng(seed)
        self._load = self._before = 0.0
        self._swinging = 0

    @property
    def gross(self) -> float:
        """What stands on the platform, over its zero."""
        return self._load - self.zero

    @property
    def reach(self) -> float:
        """How far from zero a new zero may be set, and the load may fall below it: 2 % of the capacity."""
        return 0.02 * self.make.capacity_g

    @property
    def is_stable(self) -> bool:
        """Whether the platform has come to rest."""
        return not self._swinging and not self.restless

    @property
    def fault(self) -> str:
        """'+' above capacity, '-' far below zero, else ''."""
        if self.gross > self.make.capacity_g:
            return "+"
        return "-" if self.gross < -self.reach else ""

    def put(self, grams: float) -> None:
        """Change the load: the next readings swing towards it."""
        self._before, self._load = self._load, grams
        most = self.make.swings
        self._swinging = int(self._random.integers(min(1, most), most, endpoint=True))

    def show(self) -> float:
        """Give a net reading, a multiple of the smallest step; an unsettled platform comes nearer to rest."""
        off = (self._before - self._load) * self._random.uniform(0.05, 0.4) if not self.is_stable else 0.0
        self._swinging = max(0, self._swinging - 1)
        noisy = self.gross - self.tare + off + self._random.normal(0, self.make.spread_g)
        return round(noisy / self.make.step_g) * self.make.step_g

    def settle(self) -> bool:
        """Wait for rest; False where something keeps moving the platform."""
        self._swinging = 0
        return self.is_stable
