"""A device that lost operations says so; it is never passed over in silence."""

from __future__ import annotations

from server.db.oplog import SEQUENCES, Sequence
from server.db.unit import Unit
from server.kernel.refusal import Refusal
from server.live.model import DeclareLoss, OperationsLost


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
