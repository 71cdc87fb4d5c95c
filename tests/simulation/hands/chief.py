"""What the supervisor does: waves, tasks, lost devices."""

from __future__ import annotations

from random import Random

from server.protocol import waves as wave
from server.tasks.store import TASKS
from server.waves.store import WAVES
from tests.floor import CHIEF
from tests.simulation.house import Floor
from tests.simulation.site import PICKERS, SITES

OPEN_TASK = "state IN ('held', 'offered', 'active')"


async def plan_wave(w: Floor, dice: Random) -> None:
    most = dice.choice((1, 3, 500))
    await w.say(CHIEF, wave.PlanWave(dice.choice(SITES), most_shipments=most))


async def morning(w: Floor, dice: Random) -> None:
    """All that waits goes to the floor, without anybody coming in between."""
    await w.settle()
    if made := await w.say(CHIEF, wave.PlanWave(dice.choice(SITES))):
        await w.settle()
        await w.say(CHIEF, wave.ReleaseWave(made["wave"]))
        await w.settle()


async def release_wave(w: Floor, dice: Random) -> None:
    if planned := await w.any(WAVES, dice, "state = 'planned'"):
        await w.say(CHIEF, wave.ReleaseWave(planned.id))


async def supervise(w: Floor, dice: Random) -> None:
    known, task = await w.any(WAVES, dice, "state IN ('planning', 'released')"), await w.any(TASKS, dice, OPEN_TASK)
    if known and task:
        what = (
            wave.HoldWave(known.id),
            wave.CancelWave(known.id),
            wave.AssignTask(task.id, dice.choice(("", *(p.user for p in PICKERS)))),
        )
        await w.say(CHIEF, dice.choice(what))


async def resume_wave(w: Floor, dice: Random) -> None:
    if held := await w.any(WAVES, dice, "state = 'held'"):
        await w.say(CHIEF, wave.ResumeWave(held.id))


async def lose_device(w: Floor, dice: Random) -> None:
    """A phone is lost, or found again: what it had not sent may still come."""
    await w.say(CHIEF, wave.LoseDevice(dice.choice(PICKERS).device))


HANDS = {f.__name__: f for f in (plan_wave, morning, release_wave, supervise, resume_wave, lose_device)}
