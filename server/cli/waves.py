"""pickwave plan, pickwave release."""

from __future__ import annotations

import asyncio

import click
import msgspec

from server.cli.inside import CLI, inside
from server.db.reads import one
from server.house import House
from server.protocol.waves import PlanWave, ReleaseWave
from server.waves.model import Wave, WaveState
from server.waves.reads import plan_of
from server.waves.store import WAVES

POLL_SECONDS = 0.1


async def _until(house: House, wave: str, left: WaveState) -> Wave:
    """Wait until a wave has left a state."""
    while True:
        found = await one(house.database, WAVES, wave)
        if found.state is not left:
            return found
        await asyncio.sleep(POLL_SECONDS)


@click.command()
@click.option("--site", required=True, help="The warehouse to plan for.")
@click.option("--carrier", default="", help="Only shipments that go with this carrier.")
@click.option("--zone", default="", help="Only stops in this zone.")
@click.option("--most", default=500, show_default=True, help="At most so many shipments.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan(site: str, carrier: str, zone: str, most: int, *, as_json: bool) -> None:
    """Plan a wave of what is allocated, and show its tasks: nothing goes to the floor before `release`."""

    async def work(house: House) -> None:
        command = PlanWave(site=site, carrier=carrier, zone=zone, most_shipments=most)
        made = msgspec.json.decode((await house.bus.do(CLI, command)).result)
        wave = await _until(house, made["wave"], WaveState.PLANNING)
        tasks = await plan_of(house.database, wave.id)
        if as_json:
            click.echo(msgspec.json.encode({"wave": wave, "tasks": tasks}).decode())
            return
        click.echo(f"wave {wave.name} ({wave.id}): {wave.shipments} shipments, {wave.lines} lines, {wave.units} units")
        for task in tasks:
            click.echo(
                f"  task {task.number}: {len(task.picks)} stops, {task.totes} totes, {task.walk_mm / 1000:.0f} m"
            )
        click.echo(f"release it with: pickwave release {wave.id}")

    inside(work, jobs=True)


@click.command()
@click.argument("wave")
def release(wave: str) -> None:
    """Put a planned wave on the floor: bins are pinned, tasks are offered to handhelds."""

    async def work(house: House) -> None:
        await house.bus.do(CLI, ReleaseWave(wave))
        while any(task.state == "planned" for task in await plan_of(house.database, wave)):
            await asyncio.sleep(POLL_SECONDS)
        tasks = await plan_of(house.database, wave)
        dropped = sum(task.state == "dropped" for task in tasks)
        click.echo(f"released {len(tasks) - dropped} tasks, dropped {dropped}")

    inside(work, jobs=True)
