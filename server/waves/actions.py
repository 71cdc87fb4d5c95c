"""Plan, release, hold, resume, cancel, assign: the supervisor's hands."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.journal import take
from server.db.unit import Unit
from server.jobs.actions import enqueue
from server.kernel.ids import ulid
from server.kernel.refusal import Refusal
from server.orders import lines as order_lines
from server.orders.model import State
from server.orders.store import LINES, SHIPMENTS
from server.protocol.waves import AssignTask, CancelWave, HoldWave, PlanWave, ReleaseWave, ReplanWave, ResumeWave
from server.sites.store import SITES
from server.tasks import actions as tasks
from server.tasks.model import TaskChanged, TaskState
from server.tasks.store import TASKS
from server.waves.finish import ENDED, finish_if_done, to
from server.waves.model import SavePlan, Wave, WavePlanned, WaveState
from server.waves.store import CHOOSE, PLANNED, WAVES

MOST_SHIPMENTS = 10_000
"""In one wave."""


async def plan_wave(unit: Unit, command: PlanWave) -> dict[str, str]:
    """Carry out PlanWave: shipments join a new wave, a job plans it; Refusal `nothing_to_plan`."""
    site = await unit.get(SITES, command.site)
    filters = (command.carrier, command.carrier, command.cut_off_before, command.cut_off_before)
    found = await unit.select(CHOOSE, site.id, command.least_priority, *filters, command.most_shipments)
    if not found:
        raise Refusal("nothing_to_plan", site=site.id)
    number = await take(unit.base, f"wave:{site.id}")
    chosen = list((await unit.many(SHIPMENTS, [row[0] for row in found])).values())
    wave = Wave(
        id=ulid(unit.at),
        name=f"{site.id}-{number}",
        site=site.id,
        state=WaveState.PLANNING,
        carrier=command.carrier,
        cut_off=min(s.cut_off for s in chosen),
        shipments=len(chosen),
        tasks=0,
        lines=0,
        units=0,
        walk_mm=0,
        note="",
        created_at=unit.at,
        released_at=0,
        done_at=0,
        zone=command.zone,
    )
    unit.put(WAVES, wave)
    unit.put(SHIPMENTS, *(replace(s, wave=wave.id) for s in chosen))
    await enqueue(unit, "plan_wave", {"wave": wave.id, "zone": command.zone}, key=f"plan:{wave.id}")
    return {"wave": wave.id}


async def replan_wave(unit: Unit, command: ReplanWave) -> None:
    """Carry out ReplanWave: what fits the wave's carrier and was allocated since joins; the plan stands until then."""
    wave = await to(unit, await unit.get(WAVES, command.wave), "replan")
    filters = (wave.carrier, wave.carrier, 0, 0)
    room = max(0, MOST_SHIPMENTS - wave.shipments)
    found = await unit.select(CHOOSE, wave.site, 0, *filters, room)
    joining = (await unit.many(SHIPMENTS, [row[0] for row in found])).values()
    unit.put(SHIPMENTS, *(replace(s, wave=wave.id) for s in joining))
    unit.put(WAVES, replace(wave, shipments=wave.shipments + len(found)))
    await enqueue(unit, "plan_wave", {"wave": wave.id, "zone": wave.zone}, key=f"plan:{wave.id}")


async def save_plan(unit: Unit, command: SavePlan) -> None:
    """Carry out SavePlan; one that was cancelled while the planner thought stays as it is."""
    wave = await unit.get(WAVES, command.wave)
    if wave.state is not WaveState.PLANNING:
        return
    picks = [pick for task in command.tasks for pick in task.picks]
    walk = sum(task.walk_mm for task in command.tasks)
    counts = {"tasks": len(command.tasks), "lines": len(picks), "units": sum(p.quantity for p in picks)}
    promised = {"first_come_mm": command.first_come_mm, "work_ms": command.work_ms, "late_ms": command.late_ms}
    before = await unit.where(PLANNED, wave=wave.id, state="planned")
    unit.put(PLANNED, *(replace(task, state="replanned") for task in before))
    planned = replace(await to(unit, wave, "plan"), walk_mm=walk, **counts, **promised)
    unit.put(WAVES, planned)
    unit.put(PLANNED, *command.tasks)
    kept = {pick.shipment for pick in picks}
    for shipment in await unit.where(SHIPMENTS, wave=wave.id):
        if shipment.id not in kept:
            unit.put(SHIPMENTS, replace(shipment, wave=""))
    reasons = dict(command.refused)
    for line in (await unit.many(LINES, reasons)).values():
        if line.state is not State.ALLOCATED:
            continue
        [freed] = await order_lines.advance(unit, [line], "free", shipment="")
        await order_lines.advance(unit, [freed], "hold", reasons[line.id])
    unit.emit(WavePlanned(wave.id, wave.site, len(command.tasks), walk, len(command.refused)), f"floor:{wave.site}")


async def release_wave(unit: Unit, command: ReleaseWave) -> dict[str, str]:
    """Carry out ReleaseWave: a job a batch pins its bins and puts its task on offer."""
    wave = await unit.get(WAVES, command.wave)
    unit.put(WAVES, replace(await to(unit, wave, "release"), released_at=unit.at))
    for planned in await unit.where(PLANNED, wave=wave.id, state="planned"):
        await enqueue(unit, "release_task", {"planned": planned.id}, key=f"release:{planned.id}")
    await finish_if_done(unit, wave.id)
    return {"wave": wave.id}


async def hold_wave(unit: Unit, command: HoldWave) -> None:
    """Carry out HoldWave: tasks on offer are taken off it; tasks in hand go on."""
    await to(unit, await unit.get(WAVES, command.wave), "hold")
    for task in await unit.where(TASKS, wave=command.wave, state=str(TaskState.OFFERED)):
        await tasks.hold(unit, task.id)


async def resume_wave(unit: Unit, command: ResumeWave) -> None:
    """Carry out ResumeWave."""
    await to(unit, await unit.get(WAVES, command.wave), "resume")
    for task in await unit.where(TASKS, wave=command.wave, state=str(TaskState.HELD)):
        await tasks.resume(unit, task.id)


async def cancel_wave(unit: Unit, command: CancelWave) -> None:
    """Carry out CancelWave: what nobody has in hand can be planned again; tasks in hand go on."""
    wave = await to(unit, await unit.get(WAVES, command.wave), "cancel")
    unit.put(WAVES, replace(wave, note=command.reason, done_at=unit.at))
    for planned in await unit.where(PLANNED, wave=wave.id, state="planned"):
        unit.put(PLANNED, replace(planned, state="dropped"))
    for state in (TaskState.OFFERED, TaskState.HELD):
        for task in await unit.where(TASKS, wave=wave.id, state=str(state)):
            await tasks.withdraw(unit, task.id)
    unit.put(SHIPMENTS, *(replace(s, wave="") for s in await unit.where(SHIPMENTS, wave=wave.id)))


async def assign_task(unit: Unit, command: AssignTask) -> None:
    """Carry out AssignTask."""
    await tasks.assign(unit, command.task, command.user)


async def task_changed(unit: Unit, event: TaskChanged) -> None:
    """TaskChanged: with its last task a wave is done."""
    task = await unit.get(TASKS, event.task)
    if task.wave and task.state in ENDED:
        await finish_if_done(unit, task.wave)
