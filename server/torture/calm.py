"""After the storm: all that waits is answered, a repeated operation as before, and every socket shows the truth."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from time import perf_counter

from websockets.asyncio.client import connect

from server.protocol.frames import PROTOCOL, Changed, Hello, decode_server, encode
from server.torture.handheld import Handheld
from server.torture.tally import Tally
from server.torture.view import View
from server.torture.wire import Wire

PATIENCE_SECONDS = 60.0
WORK_SECONDS = 1.5
QUIET_SECONDS = 0.6
"""So long nobody is told anything until the house is held to be quiet: longer than any poll of the server."""
LOOKS = 4
LOOK_SECONDS = 0.05
REPLAYED = 200
"""Operations of each device that are sent again at the end."""


async def until(done: Callable[[], bool]) -> bool:
    """Wait until something is so; False where it does not come to be."""
    end = perf_counter() + PATIENCE_SECONDS
    while not done():
        if perf_counter() > end:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


async def calm_down(handhelds: Sequence[Handheld], url: str, tally: Tally, dice: random.Random) -> None:
    """Let everybody catch up over a good line at `url`, work a little, and compare.

    First each socket goes on from where it was, and must be told what it missed: who has which task. Then each
    begins anew, people work, and it must show every line as it stands.
    """
    for anew in (False, True):
        if not await _drained(handhelds, tally):
            return
        await _come_back(handhelds, anew=anew)
        if not await _drained(handhelds, tally):
            return
        await _quiet(handhelds)
        for handheld in handhelds:
            await _compare(handheld, url, tally, lines=anew and len(handheld.wires) == 1)
    await _ask_again(handhelds, tally, dice)
    if not tally.acked:
        tally.blame("unanswered", "nobody was answered anything")


async def _come_back(handhelds: Sequence[Handheld], *, anew: bool) -> None:
    """Break every socket and wait for the next; those that begin `anew` forget what they were told, and work."""
    for wire in _wires(handhelds):
        wire.cut(forget=anew)
    await until(lambda: all(wire.greeted for wire in _wires(handhelds)))
    if anew:
        _rest(handhelds, resting=False)
        await asyncio.sleep(WORK_SECONDS)


def _wires(handhelds: Sequence[Handheld]) -> list[Wire]:
    return [wire for handheld in handhelds for wire in handheld.wires]


def _rest(handhelds: Sequence[Handheld], *, resting: bool) -> None:
    for handheld in handhelds:
        handheld.resting = resting


async def _drained(handhelds: Sequence[Handheld], tally: Tally) -> bool:
    """Let people rest until every outbox is empty; False where one stays full."""
    _rest(handhelds, resting=True)
    done = await until(lambda: not any(handheld.waiting for handheld in handhelds))
    for handheld in handhelds:
        for op in handheld.waiting.values():
            tally.blame("unanswered", f"{handheld.device} waits for an answer to {op}")
    return done


async def _quiet(handhelds: Sequence[Handheld]) -> None:
    """Wait until what happens by itself has happened and everybody was told."""
    heard = -1
    while heard != (now := sum(wire.heard for wire in _wires(handhelds))):
        heard = now
        await asyncio.sleep(QUIET_SECONDS)


async def _compare(handheld: Handheld, url: str, tally: Tally, *, lines: bool) -> None:
    """Compare what each socket shows with a fresh snapshot for the same person; what is on its way may arrive."""
    for wire in handheld.wires:
        for _ in range(LOOKS):
            truth = (await _snapshot(handheld, url)).gist(lines=lines)
            shown = wire.view.gist(lines=lines)
            if shown == truth:
                break
            await asyncio.sleep(QUIET_SECONDS)
        for task in sorted(shown.keys() | truth.keys()):
            if shown.get(task) != truth.get(task):
                facts = f"shows {shown.get(task)}, the server says {truth.get(task)}"
                tally.blame("views_differ", f"{handheld.device} at {wire.view.position}: {task} {facts}")


async def _snapshot(handheld: Handheld, url: str) -> View:
    view = View()
    address = f"{url}/live?device={handheld.device}"
    async with connect(address, additional_headers={"Cookie": handheld.cookie}, proxy=None, max_size=None) as socket:
        await socket.send(encode(Hello(PROTOCOL, 0, handheld.seq)), text=True)
        async for message in socket:
            if isinstance(frame := decode_server(message), Changed) and frame.snapshot:
                view.take(frame)
                break
    return view


async def _ask_again(handhelds: Sequence[Handheld], tally: Tally, dice: random.Random) -> None:
    """Send old operations once more: each is answered as it was."""
    wanted = tally.counts["replays"]
    for handheld in handhelds:
        past = list(handheld.past.values())
        for op in dice.sample(past, min(REPLAYED, len(past))):
            await handheld.wires[0].say(op)
            wanted += 1
    if not await until(lambda: tally.counts["replays"] >= wanted):
        tally.blame("unanswered", f"{wanted - tally.counts['replays']} operations that were asked for again")
