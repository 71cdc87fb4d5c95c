"""`python -m server.bench.generator FILE`: handhelds that scan, in a process of their own, told what to do by a file.

What it comes to is a line of JSON on standard output; a line (or the end) of standard input ends the measuring.
"""

from __future__ import annotations

import asyncio
import gc
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import msgspec
import uvloop

from server.bench.load import SITE, Heard, Load, Moment, Said
from server.bench.phone import Phone, Tally
from server.bench.watcher import Watcher

AT_ONCE = 20
"""Handhelds that connect at a time."""
LAST_SECONDS = 15.0
"""How long the last answers are waited for."""
TELL_SECONDS = 0.5
STEPS = 3
DRAWING_SECONDS = 3.0


def say(words: Said) -> None:
    """Tell who started us."""
    sys.stdout.buffer.write(msgspec.json.encode(words) + b"\n")
    sys.stdout.buffer.flush()


async def play(load: Load) -> Heard:
    """Connect, warm up, measure, and wait for the last answers."""
    tally = Tally()
    phones = [Phone(handheld, tally, at_once=not load.rate) for handheld in load.handhelds]
    await connect(phones, load)
    watcher = Watcher({phone.handheld.user: phone.sent for phone in phones})
    if load.watch:
        await watcher.connect(load.url, load.watch, SITE)
    say(Moment("warm-up", 0))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop.set)
    work = asyncio.create_task(_on_schedule(phones, load.rate) if load.rate else _at_once(phones, load.warm_up))
    await asyncio.sleep(load.warm_up)
    seconds = await _measure(tally, load.seconds, stop)
    for phone in phones:
        phone.stopped = True
    work.cancel()
    await _last_answers(phones, tally)
    seen = await _last_drawing(watcher, tally) if load.watch else []
    told = (dict(tally.refused), dict(tally.errors), tally.ran_out, seen)
    return Heard(len(tally.late_ms), tally.answered, seconds, tally.late_ms, *told)


async def connect(phones: Sequence[Phone], load: Load) -> None:
    """Open all sockets, a few at a time."""
    limit = asyncio.Semaphore(AT_ONCE)
    done = 0

    async def one(phone: Phone) -> None:
        nonlocal done
        async with limit:
            await phone.connect(load.url, load.position)
        done += 1
        say(Moment("connecting", done))

    await asyncio.gather(*(one(phone) for phone in phones))


async def _at_once(phones: Sequence[Phone], spread: float) -> None:
    """Let each begin at its own moment of the first half of the warm-up; from then on answers drive it."""
    for phone in phones:
        phone.scan()
        await asyncio.sleep(spread / 2 / len(phones))


async def _on_schedule(phones: Sequence[Phone], rate: float) -> None:
    """Let one handheld scan every 1/rate seconds, whatever was answered; late or not, it was due when it was due.

    Before that some go a step or two ahead, so that bins, SKUs and totes are scanned side by side.
    """
    order = list(phones)
    random.Random(1).shuffle(order)  # noqa: S311 - who scans when, no secret
    for number, phone in enumerate(order):
        for _ in range(number % STEPS):
            phone.scan()
        await asyncio.sleep(0)
    start, number = perf_counter(), 0
    while True:
        due = start + number / rate
        if (wait := due - perf_counter()) > 0:
            await asyncio.sleep(wait)
        order[number % len(order)].scan(due)
        number += 1


async def _measure(tally: Tally, seconds: float, stop: asyncio.Event) -> float:
    """Count for so long, or until told to stop; gives how long it was."""
    say(Moment("measuring", 0))
    start = tally.start = perf_counter()
    while not stop.is_set() and (left := start + seconds - perf_counter()) > 0:
        await asyncio.sleep(min(left, TELL_SECONDS))
        say(Moment("measuring", len(tally.late_ms)))
    tally.end = perf_counter()
    say(Moment("measured", len(tally.late_ms)))
    return tally.end - start


async def _last_answers(phones: Sequence[Phone], tally: Tally) -> None:
    """Wait for what is still to be answered; what never is, is an error."""
    end = perf_counter() + LAST_SECONDS
    while perf_counter() < end and any(phone.waiting for phone in phones):
        await asyncio.sleep(0.01)
    if left := sum(len(phone.waiting) for phone in phones):
        tally.errors["unanswered"] += left
    for phone in phones:
        phone.close()


async def _last_drawing(watcher: Watcher, tally: Tally) -> list[float]:
    """Give the supervisor a moment for the last scans, then say when each was seen (ms)."""
    await asyncio.sleep(DRAWING_SECONDS)
    return watcher.late_ms(tally.start, tally.end)


def main(file: str) -> None:
    """Do what the file says."""
    load = msgspec.json.decode(Path(file).read_bytes(), type=Load)
    gc.disable()
    say(uvloop.run(play(load)))


if __name__ == "__main__":
    main(*sys.argv[1:])
