"""The bins of a planned task chosen anew, together with its walk, where goods of the same expiry lie in others too."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from server.sites.layout import Layout
from server.waves.floors import AnyFloor, floors, shortest_walk
from server.waves.path import Unreachable
from server.waves.plan import Lying, PickPlan, PlanLine, TaskPlan, Trolley
from server.waves.scatter import choose_bins

SECONDS = 0.02
"""For each task, at most."""

Source = tuple[str, str]
"""A bin and a lot."""
Article = tuple[str, int, str]
"""A SKU, an expiry and, where zones are walls, a zone: its units are as good as each other."""


class Bins:
    """What lies where, while one task after another takes from it."""

    def __init__(
        self,
        layout: Layout,
        lines: Iterable[PlanLine],
        lying: Mapping[str, Sequence[Lying]],
        trolley: Trolley,
        *,
        zoned: bool,
    ) -> None:
        """Begin with what no line takes. What is not in the layout is left alone."""
        self.layout, self.trolley = layout, trolley
        self.article = {(x.line, x.bin, x.lot): (x.sku, x.expiry, x.zone if zoned else "") for x in lines}
        self.free: dict[Article, Counter[Source]] = defaultdict(Counter)
        for sku, places in lying.items():
            for place in places:
                if place.bin in layout.places:
                    article = (sku, place.expiry, place.zone if zoned else "")
                    self.free[article][place.bin, place.lot] += place.units

    def chosen_anew(self, tasks: Sequence[TaskPlan], seconds: float) -> tuple[TaskPlan, ...]:
        """Give the tasks with the bins that make their walks short."""
        each = min(SECONDS, seconds / max(1, len(tasks)))
        return tuple(self._task(task, each) for task in tasks)

    def _task(self, task: TaskPlan, seconds: float) -> TaskPlan:
        wanted: dict[Article, Counter[Source]] = defaultdict(Counter)
        for pick in task.picks:
            wanted[self._article(pick)][pick.bin, pick.lot] += pick.quantity
        if not any(self.free[article].total() for article in wanted):
            return task
        there = {article: _positive(sources + self.free[article]) for article, sources in wanted.items()}
        ready = floors(self.layout, {self.layout.places[bin_id] for each in there.values() for bin_id, _ in each})
        options = [
            [(ready[0].number[self.layout.places[bin_id]], units) for (bin_id, _), units in each.items()]
            for each in there.values()
        ]
        chosen = choose_bins(
            ready[0].ground._replace(alike=0), options, [each.total() for each in wanted.values()], seconds
        )
        sources = {
            article: Counter({name: each[name] for name in (list(each)[n] for n in numbers)})
            for (article, each), numbers in zip(there.items(), chosen, strict=True)
        }
        found = self._walked(task, sources, ready)
        if found.length_mm >= task.length_mm or len(found.picks) > (self.trolley.lines or len(found.picks)):
            return task
        for pick in found.picks:
            self.free[self._article(pick)][pick.bin, pick.lot] -= pick.quantity
        for article, before in wanted.items():
            self.free[article] += before
        return found

    def _article(self, pick: PickPlan) -> Article:
        return self.article[pick.line, pick.bin, pick.lot]

    def _walked(
        self, task: TaskPlan, sources: Mapping[Article, Counter[Source]], ready: Sequence[AnyFloor]
    ) -> TaskPlan:
        """Share the units of the chosen bins out over the picks, and walk by them."""
        picks: list[PickPlan] = []
        for pick in task.picks:
            article, left = self._article(pick), pick.quantity
            for source in sources[article]:
                units = min(left, sources[article][source])
                if units:
                    sources[article][source] -= units
                    left -= units
                    picks.append(replace(pick, bin=source[0], lot=source[1], quantity=units))
                    self.article[pick.line, source[0], source[1]] = article
        places = {pick.bin: self.layout.places[pick.bin] for pick in picks}
        try:
            order, length_mm = shortest_walk(ready, places.values())
        except Unreachable:
            return task
        turn = {place: at for at, place in enumerate(order)}
        picks.sort(key=lambda pick: (turn[places[pick.bin]], pick.bin, pick.slot))
        return replace(task, picks=tuple(picks), length_mm=length_mm)


def _positive(units: Counter[Source]) -> Counter[Source]:
    return Counter({source: count for source, count in units.items() if count > 0})
