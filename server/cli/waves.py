"""pickwave plan, pickwave release."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click
import msgspec

from server.cli.inside import CLI, inside
from server.cli.instances import solved
from server.cli.say import explained
from server.db.reads import one
from server.house import House
from server.kernel.clock import MINUTE
from server.kernel.refusal import Refusal
from server.protocol.waves import PlanWave, ReleaseWave
from server.waves.model import Wave, WaveState
from server.waves.reads import plan_of
from server.waves.store import WAVES

POLL_SECONDS = 0.1
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


async def _until(house: House, wave: str, left: WaveState) -> Wave:
    """Wait until a wave has left a state."""
    while True:
        found = await one(house.database, WAVES, wave)
        if found.state is not left:
            return found
        await asyncio.sleep(POLL_SECONDS)


@click.command()
@click.option("--site", default="", help="The warehouse to plan for.")
@click.option("--carrier", default="", help="Only shipments that go with this carrier.")
@click.option("--zone", default="", help="Only stops in this zone.")
@click.option("--most", default=500, show_default=True, help="At most so many shipments.")
@click.option("--instance", type=FILE, help="Solve a problem from a file instead; prints the solution.")
@click.option("--seconds", type=click.FloatRange(0), help="For --instance: how long to search.")
@click.option("--seed", default=0, show_default=True, help="For --instance: the same seed draws the same numbers.")
@click.option("--two-block/--single-block", default=False, help="For --instance: how a text file is read.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan(site: str, carrier: str, zone: str, most: int, *, as_json: bool, **told: Any) -> None:
    """Plan a wave of what is allocated, and show its tasks: nothing goes to the floor before `release`."""
    if (file := told.pop("instance")) is not None:
        _solve(file, as_json=as_json, **told)
        return
    if not site:
        raise click.UsageError("name the warehouse: --site MAIN, or a file: --instance FILE")

    async def work(house: House) -> None:
        command = PlanWave(site=site, carrier=carrier, zone=zone, most_shipments=most)
        made = msgspec.json.decode((await house.bus.do(CLI, command)).result)
        wave = await _until(house, made["wave"], WaveState.PLANNING)
        tasks = await plan_of(house.database, wave.id)
        if as_json:
            click.echo(msgspec.json.encode({"wave": wave, "tasks": tasks}).decode())
            return
        click.echo(f"wave {wave.name} ({wave.id}): {wave.shipments} shipments, {wave.lines} lines, {wave.units} units")
        click.echo(f"  {promise(wave)}")
        for task in tasks:
            click.echo(
                f"  task {task.number}: {len(task.picks)} stops, {task.totes} totes, {task.walk_mm / 1000:.0f} m"
            )
        click.echo(f"release it with: pickwave release {wave.id}")

    inside(work, jobs=True)


def promise(wave: Wave) -> str:
    """Say what a plan costs, and what it saves against batches in the order of arrival."""
    saved = 100 - 100 * wave.walk_mm // wave.first_come_mm if wave.first_come_mm else 0
    late = f", {wave.late_ms // MINUTE} min late" if wave.late_ms else ", in time"
    return f"{wave.walk_mm / 1000:.0f} m, {wave.work_ms // MINUTE} min of work, {saved} % less walking{late}"


def _solve(file: Path, seconds: float | None, seed: int, *, two_block: bool, as_json: bool) -> None:
    """Solve a problem from a file and print the solution; without `--json` its figures alone."""
    try:
        found = solved(file, seconds, seed, two_block=two_block)
    except Refusal as refusal:
        raise click.ClickException(explained(refusal)) from None
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
        return
    click.echo(f"{len(found.batches)} batches, length {found.length:g}, {found.seconds:.3f} s")


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
