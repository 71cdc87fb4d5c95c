"""What the disk can do: fdatasync a second, on the file system where the database lies."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from time import perf_counter

BLOCK = b"\0" * 4_096
SECONDS = 1.0


def fdatasync_per_second(folder: Path, seconds: float = SECONDS) -> float:
    """Append a block and wait for the disk, over and over; gives how often a second that works."""
    sync = getattr(os, "fdatasync", os.fsync)
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        times, start = 0, perf_counter()
        while (took := perf_counter() - start) < seconds:
            file.write(BLOCK)
            sync(file.fileno())
            times += 1
    return times / took
