"""The pipeline in one place: what the camera reads becomes operations for the work in hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from scanner_client.advance import is_unusual
from scanner_client.decode import Read
from scanner_client.happened import Happened, was_answered, was_read
from scanner_client.link import Answer, Link
from scanner_client.outbox import Entry
from scanner_client.steady import Steady
from scanner_client.work import Count, How, at_station, choose, errands
from server.kernel.barcode import clean
from server.kernel.refusal import Refusal
from server.protocol.frames import Committed, LiveCommand, Rejected
from server.protocol.packing import PackView
from server.protocol.picking import DropTotes, Scan


class Job(msgspec.Struct, frozen=True):
    """What a scanner is for: a pack `station`, or ('') the tasks of whom it is enrolled for.

    `alone`: nobody has a phone, so it takes tasks, acknowledges withdrawals and leaves totes by itself.
    """

    station: str = ""
    count: Count = "each"
    alone: bool = False


class Scanner:
    """A camera scanner at work. `tell` hears what happens."""

    def __init__(self, link: Link, steady: Steady, job: Job, tell: Callable[[Happened], object]) -> None:
        self.link, self.steady, self.job, self.tell = link, steady, job, tell
        self.pack: PackView | None = None
        self._aside: dict[str, Read] = {}
        self._sure: set[str] = set()
        self._placeless: set[str] = set()
        link.answered = self._answered
        link.changed = self._run_errands

    def see(self, reads: Sequence[Read], at: int) -> list[Entry]:
        """Take in one frame's codes (`at` in ms, never going back) and give the operations they made."""
        in_view = {read.text for read in reads}
        self._aside = {text: read for text, read in self._aside.items() if text in in_view}
        fresh = [read for read in self.steady.see(reads, at) if self._is_sound(read)]
        return [self._at_station(r) for r in fresh] if self.job.station else self._at_work(fresh)

    def _is_sound(self, read: Read) -> bool:
        try:
            clean(read.text)
        except Refusal as refusal:
            self.tell(was_read(read, code=refusal.code))
            return False
        return True

    def _at_station(self, read: Read) -> Entry:
        return self._perform(read, at_station(self.job.station, self.pack, read))

    def _at_work(self, fresh: list[Read]) -> list[Entry]:
        """Use the codes that fit, one after another; without any, each new one is a wrong scan.

        Codes that lay about while others fitted are kept aside: their turn may come while they are in view.
        """
        made: list[Entry] = []
        right = False
        while found := choose(self.link.tasks, [*fresh, *self._aside.values()], self._how()):
            if not found.fits and (right or found.read not in fresh):
                break
            right = right or found.fits
            fresh = [read for read in fresh if read != found.read]
            self._aside.pop(found.read.text, None)
            made.append(self._perform(found.read, found.op))
        for read in fresh:
            self._aside[read.text] = read
            self.tell(was_read(read))
        return made

    def _how(self) -> How:
        return How(self.job.count, frozenset(self._sure))

    def _perform(self, read: Read, command: LiveCommand) -> Entry:
        entry = self.link.perform(command)
        if isinstance(command, Scan) and is_unusual(command):
            self._sure.add(command.line)
        self.tell(was_read(read, entry))
        self._run_errands()
        return entry

    def _run_errands(self) -> None:
        """Do what needs no scan, where nobody else does it."""
        placeless = frozenset(self._placeless)
        while self.job.alone and (command := errands(self.link.tasks, placeless)):
            self.link.perform(command)

    def _answered(self, answer: Answer, entry: Entry) -> None:
        command = entry.op.cmd
        if isinstance(answer, Committed) and isinstance(answer.result, PackView):
            self.pack = answer.result
        if isinstance(answer, Rejected) and isinstance(command, DropTotes):
            self._placeless.add(command.task)
        if isinstance(command, Scan):
            unusual = isinstance(answer, Rejected) and answer.code == "unusual_quantity"
            (self._sure.add if unusual else self._sure.discard)(command.line)
        self.tell(was_answered(answer, entry))
