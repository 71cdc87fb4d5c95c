"""One run: lay the warehouse, start the server behind a bad network, let people work while it is killed, then check."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import msgspec

from server.db.engine import open_database
from server.demo.process import HOST, environment, free_port
from server.demo.web import cookie, sign_in
from server.demo.world import World
from server.people.seed import Person
from server.settings import load
from server.torture.calm import calm_down
from server.torture.checks import check
from server.torture.database import Place, place
from server.torture.deeds import Floor
from server.torture.handheld import Handheld
from server.torture.lay import a_world, lay
from server.torture.mayhem import Mayhem
from server.torture.options import CALM, Options
from server.torture.people import lead, pick
from server.torture.proxy import Proxy
from server.torture.report import Report, report
from server.torture.tally import Tally
from server.torture.victim import Victim

Progress = Callable[[str, int, int], object]
"""Told the phase, how many are done, and of how many."""
SECONDS_A_KILL = 2.0
ORDERS = 40, 0.2
"""Orders at least, and for each second of a handheld: enough that nobody runs out of work."""
TWO_SOCKETS = 4
"""Each so manyth handheld has two sockets at once."""
LOOK_SECONDS = 0.5


class Scene(msgspec.Struct, frozen=True):
    """What the parts of a run share."""

    options: Options
    world: World
    floor: Floor
    place: Place
    victim: Victim
    tally: Tally
    progress: Progress


async def run(options: Options, progress: Progress) -> Report:
    """Torture a server and give what came of it. Refusal `failed` where it does not even start."""
    start = perf_counter()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pickwave-torture-")))
        where = await stack.enter_async_context(place(options.database, folder))
        env = environment(folder, free_port()) | {"PICKWAVE_DATABASE": where.url}
        world = a_world(options.seed, options.handhelds, _orders(options))
        floor = await lay(load(env), world, folder, progress)
        scene = Scene(options, world, floor, where, Victim(env, folder), Tally(), progress)
        try:
            await _play(scene)
        except* Exception as several:
            raise several.exceptions[0] from several
        progress("checking", 0, 0)
        await _check(scene)
    return report(options, scene.tally, perf_counter() - start)


def _orders(options: Options) -> int:
    seconds = min(options.minutes * 60 or float("inf"), options.kills * SECONDS_A_KILL or float("inf"))
    least, rate = ORDERS
    return round(least + rate * seconds * options.handhelds)


async def _play(scene: Scene) -> None:
    """Start the server, let everybody work while it suffers, and stop it."""
    victim, options = scene.victim, scene.options
    await victim.start()
    try:
        await victim.ready()
        proxy = Proxy(f"ws://{HOST}:{victim.port}", options.seed, options.rates, scene.tally.counts)
        async with proxy.open() as url:
            await _work(scene, proxy, [await _arrive(scene, person, url) for person in _people(scene.world)])
        await victim.stop()
    finally:
        await victim.kill()


def _people(world: World) -> list[Person]:
    return [*world.crew.pickers, world.crew.chief]


async def _arrive(scene: Scene, person: Person, url: str) -> Handheld:
    """Sign a person in at a device of their own."""
    device, dice = f"device-{person.pin}", random.Random(f"{scene.options.seed} {person.badge}")
    web = await sign_in(f"http://{HOST}:{scene.victim.port}", person, device)
    await web.aclose()
    return Handheld(url, device, person.badge.lower(), cookie(web), scene.tally, dice)


async def _work(scene: Scene, proxy: Proxy, handhelds: list[Handheld]) -> None:
    """Let people work in the storm, then calm it; who falls over ends the run."""
    *pickers, chief = handhelds
    async with asyncio.TaskGroup() as group:
        going = [group.create_task(_follow(scene))]
        for number, handheld in enumerate(handhelds, 1):
            going += [group.create_task(work) for work in handheld.connect(1 if number % TWO_SOCKETS else 2)]
        going += [group.create_task(pick(handheld, scene.floor)) for handheld in pickers]
        going.append(group.create_task(lead(chief, scene.floor, len(pickers))))
        await Mayhem(scene.victim, scene.place, proxy, scene.options, scene.tally).rage()
        proxy.rates = CALM
        await calm_down(handhelds, proxy.url, scene.tally, random.Random(f"{scene.options.seed} calm"))
        for task in going:
            task.cancel()


async def _follow(scene: Scene) -> None:
    """Tell how far it is."""
    options, tally = scene.options, scene.tally
    while True:
        kills = tally.counts["kills"]
        scene.progress(f"{kills} kills, {len(tally.acked)} acknowledged", kills, options.kills)
        await asyncio.sleep(LOOK_SECONDS)


async def _check(scene: Scene) -> None:
    database = await open_database(scene.place.url)
    try:
        await check(database, scene.tally)
    finally:
        await database.close()
