"""The figures of a run, what each check found, and the first evidence of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles

import msgspec

from server.torture.options import Options
from server.torture.tally import Tally

HUNDRED = 100


class Recovery(msgspec.Struct, frozen=True):
    """Milliseconds from a kill to the first operation acknowledged after it."""

    p50: float
    p99: float
    max: float


class Report(msgspec.Struct, frozen=True):
    """What was done and what came of it; docs/torture.md explains each. `ok` when no check found anything."""

    ok: bool
    seed: int
    minutes: float
    seconds: float
    handhelds: int
    kills: int
    database_restarts: int
    disk_fills: int
    reconnects: int
    frames_dropped: int
    frames_repeated: int
    frames_delayed: int
    frames_reordered: int
    sockets_cut: int
    told_busy: int
    told_disk_full: int
    ops: int
    acked: int
    replays: int
    recovery_ms: Recovery
    unanswered: int
    acked_missing: int
    applied_twice: int
    replay_differs: int
    sequence_gaps: int
    failed_ops: int
    frames_refused: int
    ledger_sum_zero: bool
    skus_not_zero: int
    balances_rebuilt: bool
    balances_differ: int
    negative_stock: int
    journal_gaps: int
    views_differ: int
    refusals: dict[str, int]
    evidence: tuple[str, ...]


COUNTED = {
    "database_restarts": "database_restarts",
    "disk_fills": "disk_fills",
    "kills": "kills",
    "reconnects": "reconnects",
    "frames_dropped": "dropped",
    "frames_repeated": "repeated",
    "frames_delayed": "delayed",
    "frames_reordered": "reordered",
    "sockets_cut": "cut",
    "told_busy": "busy",
    "told_disk_full": "disk_full",
    "replays": "replays",
}
"""Figures, by what they are counted as."""
CHECKS = (
    "unanswered",
    "acked_missing",
    "applied_twice",
    "replay_differs",
    "sequence_gaps",
    "failed_ops",
    "frames_refused",
    "skus_not_zero",
    "balances_differ",
    "negative_stock",
    "journal_gaps",
    "views_differ",
)
"""What must be none."""


def report(options: Options, tally: Tally, seconds: float) -> Report:
    """Put it together."""
    codes = sorted(ack.code for ack in tally.acked.values() if ack.code)
    return Report(
        ok=not tally.wrong,
        seed=options.seed,
        minutes=options.minutes,
        seconds=round(seconds, 1),
        handhelds=options.handhelds,
        ops=tally.ops,
        acked=len(tally.acked),
        recovery_ms=_recovery(tally.recovery_ms),
        ledger_sum_zero=not tally.wrong["skus_not_zero"],
        balances_rebuilt=not tally.wrong["balances_differ"],
        refusals={code: codes.count(code) for code in dict.fromkeys(codes)},
        evidence=tuple(tally.evidence),
        **{name: tally.counts[kind] for name, kind in COUNTED.items()},
        **{name: tally.wrong[name] for name in CHECKS},
    )


def _recovery(times: Sequence[float]) -> Recovery:
    cuts = quantiles((*times, *times) or (0, 0), n=HUNDRED, method="inclusive")
    return Recovery(round(cuts[49], 1), round(cuts[98], 1), round(max(times, default=0), 1))
