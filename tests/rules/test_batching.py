from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from server.sites.layout import Layout, Place, Spot, lay_out
from server.waves import batching
from server.waves.floors import walk
from server.waves.plan import Effort, Labour, Lying, Plan, PlanLine, TaskPlan, Trolley

BINS = [f"{aisle}-{y}" for aisle in range(10) for y in range(1, 21)]
LAYOUT = lay_out(
    Spot(name, name.split("-")[0], int(name.split("-")[0]) * 3_000, int(name.split("-")[1]) * 1_000) for name in BINS
)
TROLLEY = Trolley(totes=4, tote_volume_cm3=40, tote_weight_g=10, lines=8)
EMPTY = Plan((), ())


def plan(lines: Iterable[PlanLine], trolley: Trolley, layout: Layout, *, seed: int = 0, zoned: bool = False) -> Plan:
    """Plan with little effort, the same each time."""
    return batching.plan(lines, trolley, layout, zoned=zoned, effort=Effort(moves=500, seed=seed))


def line(shipment: str, number: int, bin_id: str, quantity: int = 1, volume_mm3: int = 0) -> PlanLine:
    return PlanLine(shipment, f"{shipment}/{number}", bin_id, f"SKU {bin_id}", quantity, 0, volume_mm3)


@st.composite
def orders(draw: st.DrawFn) -> list[PlanLine]:
    """Lines of a few shipments; units up to half as large again as a tote, quantities up to many trolleys."""
    sizes = draw(st.lists(st.integers(1, 7), max_size=9))
    return [
        PlanLine(
            f"S{shipment}",
            f"S{shipment}/{number}",
            draw(st.sampled_from(BINS)),
            "SKU",
            draw(st.integers(1, 12) | st.integers(50, 90)),
            draw(st.sampled_from([-1, 0, 1, 700, 9_999, 10_000, 15_000])),
            draw(st.sampled_from([0, 1, 900, 13_500, 40_000, 40_001])),
            draw(st.sampled_from(["A", "B"])),
            draw(st.sampled_from([0, 100, 200])),
            draw(st.integers(0, 2)),
        )
        for shipment, size in enumerate(sizes)
        for number in range(size)
    ]


def too_large(each: PlanLine) -> bool:
    return each.weight_mg > TROLLEY.tote_weight_g * 1_000 or each.volume_mm3 > TROLLEY.tote_volume_cm3 * 1_000


def check_task(task: TaskPlan, lines: dict[str, PlanLine]) -> None:
    """Capacity is kept, a tote holds one shipment, stops come in the order of a shortest walk."""
    volume: Counter[int] = Counter()
    weight: Counter[int] = Counter()
    owners = defaultdict(set)
    for pick in task.picks:
        volume[pick.slot] += max(0, lines[pick.line].volume_mm3) * pick.quantity
        weight[pick.slot] += max(0, lines[pick.line].weight_mg) * pick.quantity
        owners[pick.slot].add(pick.shipment)
    assert len(task.picks) <= TROLLEY.lines
    assert max(volume.values()) <= TROLLEY.tote_volume_cm3 * 1_000
    assert max(weight.values()) <= TROLLEY.tote_weight_g * 1_000
    assert all(len(shipments) == 1 for shipments in owners.values())
    assert sorted(owners) == list(range(1, task.totes + 1))
    assert task.totes <= TROLLEY.totes
    bins = [pick.bin for pick in task.picks]
    assert (tuple(dict.fromkeys(bins)), task.length_mm) == walk(LAYOUT, bins)


@settings(max_examples=120, deadline=None)
@given(lines=orders(), zoned=st.booleans())
def test_every_unit_once_and_never_over_capacity(*, lines: list[PlanLine], zoned: bool) -> None:
    result = plan(lines, TROLLEY, LAYOUT, zoned=zoned)
    by_name = {each.line: each for each in lines}
    planned: Counter[str] = Counter()
    for task in result.tasks:
        check_task(task, by_name)
        if zoned:
            assert {by_name[pick.line].zone for pick in task.picks} == {task.zone}
        for pick in task.picks:
            assert pick.bin == by_name[pick.line].bin
            assert pick.quantity > 0
            planned[pick.line] += pick.quantity
    assert planned == {each.line: each.quantity for each in lines if not too_large(each)}
    assert {refused.line for refused in result.refused} == {each.line for each in lines if too_large(each)}
    assert all(refused.code == "unit_too_large" for refused in result.refused)


@settings(max_examples=20, deadline=None)
@given(orders(), st.integers(0, 99))
def test_the_same_seed_gives_the_same_plan(lines: list[PlanLine], seed: int) -> None:
    assert plan(lines, TROLLEY, LAYOUT, seed=seed) == plan(lines, TROLLEY, LAYOUT, seed=seed)


def slots(result: Plan) -> list[Sequence[tuple[str, int]]]:
    return [sorted({(pick.shipment, pick.slot) for pick in task.picks}) for task in result.tasks]


def units(result: Plan) -> int:
    return sum(pick.quantity for task in result.tasks for pick in task.picks)


def test_nothing_to_plan() -> None:
    assert plan([], TROLLEY, LAYOUT) == EMPTY


def test_the_earliest_cut_off_goes_first_then_priority() -> None:
    lines = [
        line("none", 1, "1-1"),
        replace(line("late", 1, "1-2"), cut_off=200),
        replace(line("soon", 1, "9-9"), cut_off=100),
        replace(line("soon and dear", 1, "5-5"), cut_off=100, priority=5),
    ]
    result = plan(lines, Trolley(totes=1), LAYOUT)
    assert [task.picks[0].shipment for task in result.tasks] == ["soon and dear", "soon", "late", "none"]
    assert [(task.cut_off, task.priority) for task in result.tasks] == [(100, 5), (100, 0), (200, 0), (0, 0)]


def test_a_cut_off_is_no_wall_where_a_slot_is_free() -> None:
    lines = [replace(line("soon", 1, "1-1"), cut_off=100), replace(line("late", 1, "1-2"), cut_off=200)]
    assert len(plan(lines, TROLLEY, LAYOUT).tasks) == 1


def test_neighbours_share_a_walk() -> None:
    lines = [line(f"{side}{n}", n, f"{side}-{n + 1}") for n in range(4) for side in (0, 9)]
    for seed in range(5):
        walks = [
            {pick.bin.split("-")[0] for pick in task.picks} for task in plan(lines, TROLLEY, LAYOUT, seed=seed).tasks
        ]
        assert sorted(map(sorted, walks)) == [["0"], ["9"]]


def test_orders_of_one_line_go_together() -> None:
    lines = [line(f"one{n}", 1, f"{n}-1") for n in range(4)]
    lines += [line(f"two{n}", each, f"{n}-{each}") for n in range(4) for each in (1, 2)]
    kinds = [{pick.shipment[:3] for pick in task.picks} for task in plan(lines, TROLLEY, LAYOUT).tasks]
    assert sorted(map(sorted, kinds)) == [["one"], ["two"]]


def test_a_line_larger_than_a_tote_is_split_and_an_order_larger_than_a_trolley_walked_twice() -> None:
    result = plan([line("big", 1, "3-3", 50, volume_mm3=10_000)], TROLLEY, LAYOUT)
    assert [sum(pick.quantity for pick in task.picks) for task in result.tasks] == [16, 16, 16, 2]
    assert slots(result)[0] == [("big", 1), ("big", 2), ("big", 3), ("big", 4)]


def test_a_unit_larger_than_any_tote_is_refused_and_the_rest_planned() -> None:
    lines = [line("odd", 1, "1-1", 3, volume_mm3=50_000), line("odd", 2, "2-2")]
    result = plan(lines, TROLLEY, LAYOUT)
    assert [(r.line, r.quantity, r.code) for r in result.refused] == [("odd/1", 3, "unit_too_large")]
    assert [pick.line for task in result.tasks for pick in task.picks] == ["odd/2"]


def test_without_sizes_an_order_is_one_tote() -> None:
    result = plan([line("S", n, BINS[n]) for n in range(30)], Trolley(totes=12), LAYOUT)
    assert slots(result) == [[("S", 1)]]


def test_a_wholesale_line_is_planned_in_a_blink() -> None:
    huge = [line("jars", 1, "3-3", 74_215, volume_mm3=300_000), line("small", 1, "3-4")]
    result = plan(huge, Trolley(totes=12, tote_volume_cm3=45_000, tote_weight_g=20_000), LAYOUT)
    assert units(result) == 74_216


def test_a_thousand_orders_of_twenty_lines_take_seconds() -> None:
    rng = random.Random(7)
    lines = [
        replace(line(f"S{n}", each, rng.choice(BINS), rng.randint(1, 9), 500_000), cut_off=rng.randrange(3))
        for n in range(1_000)
        for each in range(20)
    ]
    start = time.perf_counter()
    result = plan(lines, Trolley(totes=12, tote_volume_cm3=45_000, tote_weight_g=20_000, lines=60), LAYOUT)
    assert time.perf_counter() - start < 20
    assert units(result) == sum(each.quantity for each in lines)


def test_no_goods_are_late_where_the_most_urgent_first_would_be_in_time() -> None:
    rng = random.Random(5)
    hour = 3_600_000
    lines = [
        replace(line(f"S{n}", each, rng.choice(BINS)), cut_off=(1 + n % 4) * hour)
        for n in range(60)
        for each in range(3)
    ]
    labour = Labour(pickers=2, pick_ms=60_000, now=0)
    result = batching.plan(lines, TROLLEY, LAYOUT, labour=labour, effort=Effort(moves=20_000))
    free, late = [0] * labour.pickers, 0
    for task in result.tasks:
        picker = free.index(min(free))
        free[picker] += labour.batch_ms + task.length_mm * 1_000 // labour.pace_mm + labour.pick_ms * len(task.picks)
        late += max(0, free[picker] - task.cut_off)
    assert late == 0


def test_a_bin_that_nobody_can_walk_to_is_named_and_the_rest_planned() -> None:
    shut = replace(LAYOUT, shut=(Place(9, 2_500), Place(9, 15_500)))
    lines = [line("S", 1, "9-10"), line("S", 2, "9-1"), line("S", 3, "nowhere"), line("S", 4, "0-1")]
    result = plan(lines, TROLLEY, shut)
    assert {(r.line, r.code) for r in result.refused} == {("S/1", "bin_unreachable"), ("S/3", "bin_outside_layout")}
    assert sorted(pick.line for task in result.tasks for pick in task.picks) == ["S/2", "S/4"]


def test_a_plan_is_begun_with_the_walks_of_the_one_before() -> None:
    lines = [line(f"S{n}", each, f"{(n * 7 + each) % 10}-{1 + n % 20}") for n in range(24) for each in range(2)]
    first = batching.plan(lines, TROLLEY, LAYOUT, effort=Effort(moves=40_000))
    walks = [sorted({pick.shipment for pick in task.picks}) for task in first.tasks]
    again = batching.plan(lines, TROLLEY, LAYOUT, effort=Effort(moves=1), before=walks)
    assert sum(task.length_mm for task in again.tasks) <= sum(task.length_mm for task in first.tasks)


def test_a_plan_before_that_is_too_large_by_now_is_kept_as_far_as_it_fits() -> None:
    lines = [line(f"S{n}", each, f"{n}-{each + 1}") for n in range(6) for each in range(3)]
    all_in_one = [[f"S{n}" for n in range(6)]]
    result = batching.plan(lines, TROLLEY, LAYOUT, effort=Effort(moves=1), before=all_in_one)
    assert max(len(task.picks) for task in result.tasks) <= TROLLEY.lines
    assert units(result) == len(lines)


def test_goods_are_taken_from_the_bin_one_comes_by_but_never_across_a_zone() -> None:
    lines = [replace(line("S", 1, "0-1"), zone="A"), replace(line("S", 2, "0-3"), zone="A")]
    lines += [replace(line("S", 3, "9-20"), sku="FAR", zone="A")]
    near = {"FAR": (Lying("0-2", "", 0, 5, "B"),)}
    for zoned, wanted in ((False, ["0-1", "0-2", "0-3"]), (True, ["0-1", "0-3", "9-20"])):
        result = batching.plan(lines, TROLLEY, LAYOUT, zoned=zoned, effort=Effort(moves=10), lying=near)
        assert sorted(pick.bin for task in result.tasks for pick in task.picks) == wanted


def test_goods_of_another_expiry_stay_where_they_are() -> None:
    lines = [line("S", 1, "0-1"), replace(line("S", 2, "9-20"), sku="MILK", expiry=100)]
    near = {"MILK": (Lying("0-2", "", 200, 5),)}
    result = batching.plan(lines, TROLLEY, LAYOUT, effort=Effort(moves=10), lying=near)
    assert sorted(pick.bin for task in result.tasks for pick in task.picks) == ["0-1", "9-20"]


SLOW = """
import sys, warnings
sys.modules["numba"] = None
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    from tests.rules.test_batching import LAYOUT, TROLLEY, line, plan
assert "numba is not installed" in str(said[-1].message), said
print(plan([line(f"S{n}", each, f"{n}-{each + 1}") for n in range(5) for each in range(2)], TROLLEY, LAYOUT, seed=3))
"""


def test_without_numba_the_same_plan_is_made_slower_and_that_is_said() -> None:
    done = subprocess.run([sys.executable, "-c", SLOW], capture_output=True, text=True, check=True)  # noqa: S603
    lines = [line(f"S{n}", each, f"{n}-{each + 1}") for n in range(5) for each in range(2)]
    assert done.stdout.strip() == str(plan(lines, TROLLEY, LAYOUT, seed=3))
