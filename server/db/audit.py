"""The proof that the journal is as it was written: every seal made again from the first to the last."""

from __future__ import annotations

import msgspec

from server.db import journal
from server.db.engine import Database
from server.kernel.refusal import Refusal


class Head(msgspec.Struct, frozen=True):
    """How far the journal is sound: its last position, that entry's seal, and how many entries carry one."""

    position: int
    seal: str
    entries: int


async def audit(database: Database, position: int = 0, seal: str = "") -> Head:
    """Check every seal; Refusal `not_sealed` names the first position that was changed, added or taken out.

    `position` and `seal` are a head noted earlier: the entry there must still have that seal. Entries older than
    the seals have none, and are passed over.
    """
    head = Head(0, "", 0)
    while entries := await journal.after(database, head.position):
        for entry in entries:
            head = _next(head, entry)
            if entry.position == position and entry.seal != seal:
                raise Refusal("not_sealed", position=position)
    if head.position < position:
        raise Refusal("not_sealed", position=head.position + 1)
    return head


def _next(head: Head, entry: journal.Entry) -> Head:
    bare = msgspec.structs.replace(entry, seal="")
    is_old = not entry.seal and not head.entries
    if entry.position != head.position + 1 or not (is_old or entry.seal == journal.sealed(head.seal, bare)):
        raise Refusal("not_sealed", position=head.position + 1)
    return Head(entry.position, entry.seal, head.entries + (not is_old))
