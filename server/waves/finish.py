"""A wave goes from state to state, and is done with its last task."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.unit import Unit
from server.orders.model import State
from server.orders.store import SHIPMENTS
from server.tasks.model import TaskState
from server.tasks.store import TASKS
from server.waves.model import WAVE, Wave, WaveChanged
from server.waves.store import PLANNED, WAVES

ENDED = frozenset({TaskState.DONE, TaskState.WITHDRAWN})


async def to(unit: Unit, wave: Wave, event: str) -> Wave:
    """Move a wave on and say so."""
    after = replace(wave, state=WAVE.next(wave.state, event))
    unit.put(WAVES, after)
    if after.state is not wave.state:
        unit.emit(WaveChanged(wave.id, wave.site, after.state, wave.state), f"floor:{wave.site}")
    return after


async def finish_if_done(unit: Unit, wave_id: str) -> None:
    """End a released wave without open tasks; what it did not get to can be planned again."""
    wave = await unit.get(WAVES, wave_id)
    if not WAVE.allows(wave.state, "finish") or await unit.where(PLANNED, wave=wave.id, state="planned"):
        return
    if any(task.state not in ENDED for task in await unit.where(TASKS, wave=wave.id)):
        return
    unit.put(WAVES, replace(await to(unit, wave, "finish"), done_at=unit.at))
    left = [s for s in await unit.where(SHIPMENTS, wave=wave.id) if State.ALLOCATED in s.tally]
    unit.put(SHIPMENTS, *(replace(shipment, wave="") for shipment in left))
