"""`pickwave bench supervisor`: how long until a watching supervisor's screen counts a scan."""

from __future__ import annotations

import msgspec

from server.bench.figures import Options, percentiles
from server.bench.run import Tell, lay, play
from server.bench.stand import stand


class Seen(msgspec.Struct, frozen=True):
    """How long after it was due each scan was on the supervisor's screen, and was acknowledged (ms)."""

    seen_ms: dict[str, float]
    ack_ms: dict[str, float]
    scans: int
    errors: dict[str, int]
    refused: dict[str, int]
    handhelds: int
    rate: float
    seconds: float
    database: str


async def measure(options: Options, tell: Tell) -> Seen:
    """Scan on a schedule while a supervisor watches the floor."""
    async with stand(options.database) as on:
        tell("laying the floor")
        run = await play(on, await lay(on, options), options, tell, watch=True)
    heard = run.heard
    return Seen(
        percentiles(heard.seen_ms),
        percentiles(heard.late_ms),
        heard.acked,
        heard.errors,
        heard.refused,
        options.handhelds,
        options.rate,
        round(heard.seconds, 2),
        "postgresql" if options.database else "sqlite",
    )
