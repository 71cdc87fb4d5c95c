"""The planner's inner loops as machine code, where numba is installed; else the same code, slower, with a warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import njit
except ImportError:  # pragma: no cover - numba comes with Pickwave; a platform may have no build of it
    warnings.warn("numba is not installed: waves are planned by slow code. Install it: pip install numba", stacklevel=2)

    def compiled(function: F) -> F:
        """Leave the function as it is."""
        return function
else:

    def compiled(function: F) -> F:
        """Compile at the first call, and keep what was compiled on the disk for the next start."""
        return cast("F", njit(cache=True, nogil=True)(function))
