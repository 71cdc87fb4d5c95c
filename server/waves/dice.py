"""Random numbers for compiled code: the same each time for the same seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from server.waves.compiled import compiled

BIG_PRIME = 2_147_483_647


@compiled
def roll(dice: NDArray[np.int64], sides: int) -> int:
    """Give a number below `sides` (Park & Miller's generator); `dice` holds its state."""
    dice[0] = dice[0] * 48_271 % BIG_PRIME
    return int(dice[0] % sides)
