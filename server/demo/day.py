"""The whole day: make a world, start the server, bring the orders, let all work until everything has left or waits."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec

from scanner_client.scale.simulator import Simulator
from server.demo.book import read_book
from server.demo.camera import Cameraman, Eye
from server.demo.chief import Chief
from server.demo.door import Door
from server.demo.figures import Report, Secrets, report
from server.demo.floor import Floor
from server.demo.lay import lay, pickwave
from server.demo.link import Tally
from server.demo.options import DemoOptions
from server.demo.packer import Packer
from server.demo.people import Staff
from server.demo.picker import Picker
from server.demo.process import server
from server.demo.watch import Now, Watch
from server.demo.world import World, make_world, station_id

Progress = Callable[[str, int, int], object]
"""Told the phase, how many lines are done, and of how many."""
STUCK_SECONDS = 60.0
LOOK_SECONDS = 0.5
SURE_LOOKS = 3
"""Looks in a row that must find nothing left to do."""


class Day(msgspec.Struct):
    """What the parts of a day share."""

    options: DemoOptions
    folder: Path
    progress: Progress
    world: World
    floor: Floor
    tally: Tally
    phases: dict[str, float] = msgspec.field(default_factory=dict)

    async def phase(self, name: str, work: Awaitable[object]) -> None:
        """Do a part of the day and keep how long it took, in seconds."""
        start = perf_counter()
        self.progress(name, 0, 0)
        try:
            await work
        except BaseExceptionGroup as several:
            raise _first(several) from several
        self.phases[name] = round(perf_counter() - start, 1)


def _first(error: BaseException) -> BaseException:
    """Give what went wrong first, of all that fell with it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def run(options: DemoOptions, progress: Progress) -> Report:
    """Simulate a day and give its figures, which are read from the database at the end.

    Refusal `failed` where the server or an import beside it does not run.
    """
    start = perf_counter()
    with tempfile.TemporaryDirectory(prefix="pickwave-demo-") as temporary:
        folder = (options.keep or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        progress("making the world", 0, 0)
        world = make_world(options, read_book(options.orders, options.channel, options.days))
        day = Day(options, folder, progress, world, Floor(world, options.seed), Tally())
        async with AsyncExitStack() as stack:
            scales = [stack.enter_context(Simulator(seed=n)) for n in range(options.stations)]
            await day.phase("laying it out", lay(world, folder, [f"serial://{scale.path}" for scale in scales]))
            await day.phase("the day", _work(day, await stack.enter_async_context(server(folder)), scales))
        _keep(day)
        secrets = Secrets(day.tally, day.floor.mispacked, day.floor.surprises)
        seconds = round(perf_counter() - start, 1)
        return await report(folder, options, world.book, secrets, day.phases, seconds)


def _keep(day: Day) -> None:
    """Write beside the database what only the simulation knows, for whoever recomputes its figures."""
    answered = ({"op_id": op_id, "code": code} for op_id, code in day.tally.answered.items())
    for name, rows in (("answered", answered), ("mispacked", day.floor.mispacked.values())):
        with (day.folder / f"{name}.jsonl").open("wb") as file:
            file.writelines(msgspec.json.encode(row) + b"\n" for row in rows)


async def _work(day: Day, url: str, scales: list[Simulator]) -> None:
    """Let everybody come to work, and stop when nothing is left to do."""
    watch = Watch(day.folder)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        stack.callback(watch.close)
        staff = Staff(url, day.floor, day.tally, day.options.rates, stack)
        for work in await _crew(day, staff, watch, scales):
            group.create_task(work)
        files = [str(path.absolute()) for path in day.options.orders]
        arguments = (day.options.channel, str(day.options.days), *files)
        bringing = group.create_task(pickwave(day.folder, *arguments, module="server.demo.bring"))
        await _until_settled(day, watch, bringing)
        day.floor.over.set()


async def _crew(day: Day, staff: Staff, watch: Watch, scales: list[Simulator]) -> list[Any]:
    """Sign everybody in; gives what each of them does all day."""
    floor, crew, rates = day.floor, day.world.crew, day.options.rates
    chief, office = await staff.arrive(crew.chief)
    loader, _ = await staff.arrive(crew.loader)
    work = [Chief(floor, chief, watch, day.options.handhelds).work()]
    work.append(Door(floor, loader, lambda: not watch.now().before_door).work())
    for number, (person, scale) in enumerate(zip(crew.packers, scales, strict=True)):
        link, web = await staff.arrive(person)
        work.append(Packer(floor, link, web, chief, scale, station_id(number), rates).work())
    for person in crew.pickers:
        link, _ = await staff.arrive(person)
        work.append(Picker(floor, link, person.name, rates).work())
    for person in crew.cameras:
        link, _ = await staff.arrive(person)
        eye = Eye(day.folder / f"camera-{person.pin}", staff.url)
        await eye.enrol(office, link.user)
        work.append(Cameraman(floor, link, eye).work())
    return work


async def _until_settled(day: Day, watch: Watch, bringing: asyncio.Task[str]) -> None:
    """Wait until the orders are in and nothing is left to do; give up when nothing happens any more."""
    total = sum(1 for order in day.world.book.orders for line in order.lines if line.goods)
    position, moved, settled = -1, perf_counter(), 0
    while settled < SURE_LOOKS:
        await asyncio.sleep(LOOK_SECONDS)
        now: Now = watch.now()
        day.progress("the day", now.ended, total)
        settled = settled + 1 if bringing.done() and now.settled else 0
        if now.position != position:
            position, moved = now.position, perf_counter()
        elif perf_counter() - moved > STUCK_SECONDS:
            day.floor.surprised("the day", f"stuck: {msgspec.json.encode(now).decode()}")
            return
