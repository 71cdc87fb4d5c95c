"""What processes cost: processor seconds and resident memory of a server and its workers, from /proc."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from server.kernel.refusal import Refusal

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
UTIME, STIME = 11, 12
"""Their places in /proc/PID/stat after the command's closing bracket."""


class Usage(msgspec.Struct, frozen=True):
    """Processor seconds so far, resident memory now and at its peak, in MB (10^6 bytes), of all processes together."""

    cpu_seconds: float
    rss_mb: float
    peak_mb: float


def usage(pid: int) -> Usage:
    """Measure a process and its descendants; Refusal `bad_value` where the system has no /proc."""
    if not PROC.is_dir():
        raise Refusal("bad_value", what="system", value=os.name, reason="/proc is needed to measure a process")
    found = [_of(one) for one in family(pid)]
    cpu, now, peak = (sum(values) for values in zip(*found, strict=True))
    return Usage(cpu, round(now, 1), round(peak, 1))


def family(pid: int) -> list[int]:
    """Give a process and all its descendants."""
    children = [int(child) for path in PROC.glob(f"{pid}/task/*/children") for child in path.read_text().split()]
    return [pid, *(member for child in children for member in family(child))]


def _of(pid: int) -> tuple[float, float, float]:
    """Give processor seconds, resident MB and its peak of one process; nothing of one that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        ticks = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        fields = dict(line.split(":", 1) for line in (PROC / str(pid) / "status").read_text().splitlines())
        now, peak = (int(fields.get(name, "0 kB").split()[0]) * 1_024 / 1e6 for name in ("VmRSS", "VmHWM"))
        return (int(ticks[UTIME]) + int(ticks[STIME])) / TICKS, now, peak
    return 0.0, 0.0, 0.0
