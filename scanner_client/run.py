"""Run the whole pipeline, source -> decode -> steady -> outbox -> link, until the source ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from scanner_client.decode import Read, decode
from scanner_client.dial import Dial
from scanner_client.flow import flow
from scanner_client.happened import Happened, in_words
from scanner_client.link import Link
from scanner_client.outbox import OUTBOX, Outbox
from scanner_client.scanner import Job, Scanner
from scanner_client.sources import Shot, open_source
from scanner_client.steady import Steady

PATIENCE_S = 5.0
"""How long to wait for the first tasks before reading, and for the last answers after it."""
Look = tuple[Shot, tuple[Read, ...]]
Tell = Callable[[Happened], object]


class Plan(msgspec.Struct, frozen=True):
    """What to run. `cool_down` in ms; see Steady."""

    source: str
    home: Path
    formats: tuple[str, ...]
    job: Job = Job()
    frames: int = 3
    cool_down: int = 1_500


async def run(plan: Plan, dial: Dial, tell: Tell) -> int:
    """Scan until the source ends; give how many operations still wait. Refusals of source, link, outbox."""
    shots = open_source(plan.source, times=2 * plan.frames)
    outbox = Outbox(plan.home / OUTBOX)
    link = Link(outbox, dial)
    scanner = Scanner(link, Steady(plan.frames, plan.cool_down), plan.job, tell)
    work = {asyncio.create_task(link.run()), asyncio.create_task(_scan(scanner, looks(shots, plan.formats)))}
    try:
        ended, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
        return outbox.count
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        outbox.close()


async def _scan(scanner: Scanner, seen: Iterator[Look]) -> None:
    link = scanner.link
    await link.wait_for(lambda: link.is_current, PATIENCE_S)
    async for shot, reads in flow(seen):
        scanner.see(reads, shot.at)
    await link.wait_for(lambda: not link.waiting, PATIENCE_S)


def looks(shots: Iterator[Shot], formats: tuple[str, ...]) -> Iterator[Look]:
    """Decode each picture; one that is given several times running is decoded once."""
    last: Shot | None = None
    reads: tuple[Read, ...] = ()
    for shot in shots:
        if last is None or shot.image is not last.image:
            reads = decode(shot.image, formats)
        last = shot
        yield shot, reads


def printer(*, as_json: bool) -> Tell:
    """Give a function that prints what happens."""

    def tell(happened: Happened) -> None:
        line = msgspec.json.encode(happened).decode() if as_json else in_words(happened)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    return tell
