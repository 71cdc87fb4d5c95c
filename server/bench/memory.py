"""`pickwave bench memory`: what the server processes hold with many handhelds connected and scanning."""

from __future__ import annotations

import msgspec

from server.bench.figures import Options
from server.bench.run import Tell, lay, play
from server.bench.stand import stand


class Held(msgspec.Struct, frozen=True):
    """Resident memory in MB (10^6 bytes), all server processes together.

    `idle_mb` is before anybody connects, `rss_mb` after they have connected and scanned, `peak_mb` the peaks' sum.
    """

    rss_mb: float
    peak_mb: float
    idle_mb: float
    kb_per_handheld: float
    scans: int
    errors: dict[str, int]
    refused: dict[str, int]
    handhelds: int
    rate: float
    seconds: float
    workers: int
    database: str


async def measure(options: Options, tell: Tell) -> Held:
    """Connect them all, let them scan for a while, and look."""
    async with stand(options.database) as on:
        tell("laying the floor")
        run = await play(on, await lay(on, options), options, tell)
    heard = run.heard
    return Held(
        rss_mb=run.rss_mb,
        peak_mb=run.peak_mb,
        idle_mb=run.idle_mb,
        kb_per_handheld=round((run.rss_mb - run.idle_mb) * 1_000 / options.handhelds, 1),
        scans=heard.acked,
        errors=heard.errors,
        refused=heard.refused,
        handhelds=options.handhelds,
        rate=options.rate,
        seconds=round(heard.seconds, 2),
        workers=options.workers,
        database="postgresql" if options.database else "sqlite",
    )
