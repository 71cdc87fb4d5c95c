"""`pickwave bench scans`: durable, acknowledged scans of the real product, beside what the machine could do at most."""

from __future__ import annotations

from server.bench.disk import fdatasync_per_second
from server.bench.figures import Figures, Options, figures
from server.bench.load import Heard
from server.bench.raw import ceiling
from server.bench.run import Tell, lay, play
from server.bench.stand import stand


async def measure(options: Options, tell: Tell) -> tuple[Figures, Heard]:
    """Lay a floor, find the ceiling, then run the product; `tell` is told how far it is."""
    async with stand(options.database) as on:
        tell("laying the floor")
        laid = await lay(on, options)
        tell("measuring the disk and raw group commit")
        synced = fdatasync_per_second(on.folder)
        most = await ceiling(on, laid.handhelds)
        run = await play(on, laid, options, tell)
    return figures(options, run, most, synced), run.heard
