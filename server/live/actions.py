"""A device that lost operations says so, never passed over in silence; a process says who is connected to it."""

from __future__ import annotations

from server.db.oplog import SEQUENCES, Sequence
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.live.model import STALE_MS, DeclareLoss, OperationsLost, Presence, TellPresence
from server.live.store import PRESENCE


async def declare_loss(unit: Unit, command: DeclareLoss) -> None:
    """Carry out DeclareLoss; Refusal where the device wants to go back or speaks for another."""
    if command.device != unit.actor.device:
        raise Refusal("not_allowed", permission="device")
    known = await unit.find(SEQUENCES, command.device)
    last = known.seq if known else 0
    if command.seq <= last:
        raise Refusal("bad_value", what="seq", value=command.seq, least=last + 1)
    unit.put(SEQUENCES, Sequence(command.device, command.seq - 1))
    lost = OperationsLost(command.device, unit.actor.user, last + 1, command.seq - 1)
    unit.emit(lost, f"floor:{unit.actor.site}")


async def tell_presence(unit: Unit, command: TellPresence) -> None:
    """Carry out TellPresence; processes that are gone are forgotten."""
    for gone in await unit.query(PRESENCE, "at < ?", unit.at - STALE_MS):
        unit.drop(PRESENCE, gone.process)
    unit.put(PRESENCE, Presence(command.process, unit.at, command.waiting))
