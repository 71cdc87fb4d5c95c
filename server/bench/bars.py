"""What is asked of the product on the machine it is measured on, and what it gave."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import msgspec

from server.bench.figures import Options
from server.bench.suite import Found

Sense = Literal["at most", "at least", "exactly"]
REACHES: Mapping[Sense, Callable[[float, float], bool]] = {
    "at most": operator.le,
    "at least": operator.ge,
    "exactly": operator.eq,
}


class Bar(msgspec.Struct, frozen=True):
    """One bar: what, the bound and the aim, what was found, and the command that finds it."""

    what: str
    bar: float
    aim: float
    found: float
    unit: str
    command: str
    sense: Sense = "at most"

    @property
    def verdict(self) -> str:
        """Say how it stands."""
        reached = [REACHES[self.sense](self.found, bound) for bound in (self.bar, self.aim)]
        return {0: "**missed**", 1: "bar met", 2: "aim met"}[sum(reached)]


def bars(found: Found) -> Iterator[Bar]:
    """Give the bars of what was run."""
    plan, scans = found.plan, found.scans
    for name, title, aim in (("closed loop", "SQLite", 0.25), ("PostgreSQL", "PostgreSQL", 0.30)):
        if name in scans:
            what = f"{title}, {plan.handhelds} handhelds: acked over raw group commit"
            yield Bar(what, 0.10, aim, scans[name].ratio, "", command(found.options[name]), "at least")
    crowd = f"{plan.rate:g} scans a second from {plan.crowd:,} handhelds: ack p99"
    lines = scans["while importing"].imported_lines
    for name, what, bar, aim in (
        ("open loop", crowd, 25, 10),
        ("while importing", f"{crowd} while {lines:,} lines are imported", 50, 25),
    ):
        yield Bar(what, bar, aim, scans[name].ack_ms["p99"], " ms", command(found.options[name]))
    yield from _others(found)


def _others(found: Found) -> Iterator[Bar]:
    """Give the bars of the other benchmarks."""
    plan = found.plan
    if held := found.memory:
        what = f"memory with {held.handhelds:,} connected handhelds"
        how = f"memory --handhelds {held.handhelds} --rate {held.rate:g}"
        yield Bar(what, 300, 150, held.rss_mb, " MB", f"pickwave bench {how}")
    if seen := found.supervisor:
        how = f"supervisor --handhelds {seen.handhelds} --rate {seen.rate:g}"
        yield Bar("a supervisor sees a scan: p99", 250, 120, seen.seen_ms["p99"], " ms", f"pickwave bench {how}")
    for name, each in found.reserved.items():
        what = f"{each.wanted:,} concurrent reservations of {each.units} units ({name}): granted"
        how = f"reserve --wanted {each.wanted} --units {each.units}"
        yield Bar(what, each.units, each.units, each.granted, " units", f"pickwave bench {how}", "exactly")
    if grown := found.growth:
        sizes = " ".join(f"--orders {size}" for size in plan.sizes)
        what = f"cost of a scan after {plan.sizes[-1]:,} past orders over {plan.sizes[0]:,}"
        yield Bar(what, 1.2, 1.2, grown.ratio, "", f"pickwave bench growth {sizes}")


def command(options: Options) -> str:
    """Write the command that measures with these options; a database's URL is not told."""
    words = ["pickwave bench scans", f"--handhelds {options.handhelds}", f"--seconds {options.seconds:g}"]
    words += [f"--rate {options.rate:g}"] if options.rate else []
    words += [f"--importing {options.importing.name}"] if options.importing else []
    words += ["--database postgresql://..."] if options.database else []
    return " ".join(words)
