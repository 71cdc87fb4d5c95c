"""An import is counted on, in pieces, while it runs."""

from __future__ import annotations

from msgspec.structs import replace

from server.db.unit import Unit
from server.imports.model import MOST_KEPT, Import, ImportDone, RecordImport, Reject, Source, reject_id
from server.imports.store import IMPORTS, REJECTS
from server.kernel.rows import Rejected


async def record(unit: Unit, command: RecordImport) -> None:
    """Carry out RecordImport; a file's end is said once, a webhook's never: its orders say it."""
    known = await unit.find(IMPORTS, command.id) or _begun(unit, command)
    room = max(0, MOST_KEPT - known.rejected)
    kept = [_reject(known.id, n, each) for n, each in enumerate(command.rejects[:room], known.rejected + 1)]
    after = replace(
        known,
        told_at=unit.at,
        total=command.total or known.total,
        accepted=known.accepted + command.accepted,
        rejected=known.rejected + len(command.rejects),
        done=command.done,
    )
    unit.put(IMPORTS, after)
    unit.put(REJECTS, *kept)
    if after.done and not known.done and after.source is not Source.WEBHOOK:
        unit.emit(ImportDone(after.id, after.kind, after.name, after.accepted, after.rejected))


def _begun(unit: Unit, command: RecordImport) -> Import:
    head = (command.id, command.kind, command.source, command.channel, command.name, command.user)
    return Import(*head, unit.at, unit.at, command.total, 0, 0, done=False)


def _reject(import_id: str, number: int, bad: Rejected) -> Reject:
    where = (bad.external_id, bad.row, bad.column, bad.code, bad.value)
    return Reject(reject_id(import_id, number), import_id, number, *where, "\n".join(line.rstrip() for line in bad.raw))
