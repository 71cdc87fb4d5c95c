"""Order life: bought, changed, held, cancelled, packed, sent, brought back. A model says what the buyer gets."""

from __future__ import annotations

from collections import Counter
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from server.db.journal import position
from server.kernel.actor import SYSTEM
from server.orders.model import PROGRESS, CancelOrder, HoldOrder, OrderLine, ResumeOrder
from server.orders.store import LINES, ORDERS
from server.packing.store import PARCELS
from server.payments.model import PutOnAccount
from server.picking.store import PICKS, TOTES_IN_USE
from server.protocol import packing as pack
from server.protocol import picking as pick
from server.protocol import shipping as ship
from server.sites.store import TOTES
from server.tasks.store import TASKS
from tests.floor import OFFICE, PACKER, PICKER, a_released_wave, an_order, into, received
from tests.machines.house import HouseMachine

ORDER, SKUS = "csv:1", ("MUG", "LAMP")
UNITS = st.tuples(st.integers(0, 3), st.integers(0, 7))
"""Mugs, of which there are enough, and lamps, of which there are five."""
STARTED = frozenset({"released", "picking", "withdrawing", "picked", "packed", "shipped"})


class OrderLife(HouseMachine):
    """One order, from its first revision to the door, and back."""

    def __init__(self) -> None:
        """Begin without it."""
        super().__init__()
        self.wanted: Counter[str] = Counter()
        self.revision, self.held, self.settled, self.cancelled = 0, False, False, False

    def told(self, units: tuple[int, int], payment: str) -> str:
        """Let the channel tell the next revision; gives the refusal."""
        lines = [(sku, n) for sku, n in zip(SKUS, units, strict=True) if n] or [("MUG", 1)]
        order = an_order("1", *lines, revision=str(self.revision + 1), payment=payment)
        gone = self.gone()
        code = self.said(SYSTEM, order)
        if not code:
            self.revision += 1
            self.settled = payment == "paid"
            self.wanted = gone | Counter({str(place): n for place, (_, n) in enumerate(lines, 1)})
        return code

    def lines(self) -> list[OrderLine]:
        """The lines of the order as they stand."""
        found: list[OrderLine] = self.run(self.w.all(LINES, '"order" = ?', ORDER))
        return found

    def gone(self) -> Counter[str]:
        """Units of each line that have left the house."""
        found: Counter[str] = Counter()
        for line in self.lines():
            found[line.external_id] += line.quantity if line.state == "shipped" else 0
        return found

    @initialize(units=UNITS, payment=st.sampled_from(("paid", "pending")))
    def buy(self, units: tuple[int, int], payment: str) -> None:
        """It comes in."""
        assert self.told(units, payment) == ""

    @rule(units=UNITS, payment=st.sampled_from(("paid", "paid", "pending")))
    def amend(self, units: tuple[int, int], payment: str) -> None:
        """The channel changes it; refused only where it wants back what has left."""
        shipped = any(line.state == "shipped" for line in self.lines())
        assert self.told(units, payment) in ({"", "order_shipped"} if shipped else {""})

    def told_again(self) -> None:
        """The same revision again changes nothing."""
        before = self.lines()
        self.result(an_order("1", ("LAMP", 9), revision=str(self.revision)))
        assert self.lines() == before

    @rule(what=st.sampled_from(("told_again", "pay", "hold", "resume", "resume", "cancel")))
    def office(self, what: str) -> None:
        """The office does something with it."""
        getattr(self, what)()

    def pay(self) -> None:
        """It is put on account, once."""
        paid = self.run(self.w.one(ORDERS)).payment in {"paid", "on_account"}
        assert self.said(OFFICE, PutOnAccount(ORDER)) == ("not_in_state" if paid else "")
        self.settled = True

    def hold(self) -> None:
        """What is open waits."""
        open_lines = [line for line in self.lines() if line.state not in {"shipped", "cancelled"}]
        assert self.said(OFFICE, HoldOrder(ORDER, "asked")) == ("" if open_lines else "not_in_state")
        self.held = self.held or bool(open_lines)

    def resume(self) -> None:
        """It goes on."""
        assert self.said(OFFICE, ResumeOrder(ORDER)) == ("" if self.held else "not_in_state")
        self.held = False

    def cancel(self) -> None:
        """The buyer changes their mind: what has not left is not sent."""
        gone = self.gone()
        states = {str(line.state) for line in self.lines()} - {"cancelled"}
        code = self.said(OFFICE, CancelOrder(ORDER))
        assert code == ("order_shipped" if states == {"shipped"} else "")
        self.wanted = gone if not code else self.wanted

    @rule()
    def lamps_arrive(self) -> None:
        """Who waits for lamps is served."""
        self.run(received(self.w, "B-01-01", "LAMP", 2))

    @rule(times=st.integers(1, 6), lines=st.sampled_from((5, 5, 1)), all_of_it=st.booleans())
    def work(self, times: int, lines: int, *, all_of_it: bool) -> None:
        """The house goes on with it, so many steps."""
        for _ in range(times):
            self.go_on(lines, all_of_it=all_of_it)

    def go_on(self, lines: int, *, all_of_it: bool) -> None:
        """Whoever has something to do with it next does it."""
        for work in (self.send, partial(self.pack, all_of_it=all_of_it), partial(self.walk, lines), self.release):
            before = self.run(position(self.w.database))
            work()
            if self.run(position(self.w.database)) != before:
                return

    def release(self) -> None:
        """What is allocated goes to the floor."""
        self.run(self.w.settle())
        if self.run(self.w.database.read("SELECT 1 FROM shipment WHERE state = 'allocated' AND wave = ''")):
            self.run(a_released_wave(self.w))

    def walk(self, lines: int) -> None:
        """The picker picks some lines, and leaves the totes when there is nothing left."""
        for task in self.run(self.w.all(TASKS, "kind = 'pick' AND state IN ('offered', 'active')")):
            self.result(pick.TakeTask(task.id), PICKER)
            for line in self.run(self.w.all(PICKS, "task = ? AND state = 'withdrawing'", task.id)):
                self.result(pick.AcknowledgeWithdrawal(task.id, (line.id,)), PICKER)
            for line in self.run(self.w.all(PICKS, "task = ? AND state = 'open' AND step = 'bin'", task.id))[:lines]:
                self.result(pick.Scan(task.id, line.id, "bin", line.bin.partition(":")[2]), PICKER)
                self.result(pick.Scan(task.id, line.id, "sku", line.sku, quantity=line.quantity), PICKER)
                self.run(into(self.w, line, self.tote(task.id)))
            self.said(PICKER, pick.DropTotes(task.id, "CONS-1"))

    def tote(self, task: str) -> str:
        """Give the tote on a task's trolley, or a free one."""
        on_it = self.run(self.w.all(TOTES_IN_USE, "task = ?", task))
        free = self.run(self.w.all(TOTES, "id NOT IN (SELECT tote FROM tote_use)"))
        return str(on_it[-1].tote if on_it else free[0].id)

    def pack(self, *, all_of_it: bool) -> None:
        """The packer packs what stands here, or one mug of it."""
        for tote in self.run(self.w.all(TOTES_IN_USE)):
            self.said(PACKER, pack.OpenPack("S1", tote.tote))
        for parcel in self.run(self.w.all(PARCELS, "state = 'open'")):
            one = pack.PackItem(parcel.shipment, parcel.id, "MUG", quantity=1)
            self.said(PACKER, pack.TrustTote(parcel.shipment, parcel.id) if all_of_it else one)
            self.said(PACKER, pack.CloseParcel(parcel.shipment, parcel.id, "C1", "" if all_of_it else "full"))

    def send(self) -> None:
        """What is packed leaves."""
        for parcel in self.run(self.w.all(PARCELS, "state = 'closed'")):
            self.said(PACKER, pack.Weigh(parcel.id, max(1, round(parcel.expected_mg / 1000)), stable=True))
            self.said(PACKER, pack.PrintLabel(parcel.id))
        for parcel in self.run(self.w.all(PARCELS, "state = 'labelled'")):
            load = self.result(ship.OpenManifest("MAIN", "own_van"), PACKER)
            self.said(PACKER, ship.LoadParcel(load, parcel.sscc))
            self.said(PACKER, ship.CloseManifest(load))
        self.run(self.w.settle())

    @rule()
    def bring_back(self) -> None:
        """A parcel is taken off the van, and opened again."""
        for parcel in self.run(self.w.all(PARCELS, "state IN ('loaded', 'shipped')"))[:1]:
            self.result(ship.Unship(parcel.id, "wrong van"), PACKER)
            self.result(pack.ReopenParcel(parcel.id), PACKER)

    @precondition(lambda self: self.revision)
    @invariant()
    def the_buyer_gets_what_is_wanted(self) -> None:
        """Of each line so many units are under way as the last revision says: none is lost, none is sent twice."""
        under_way: Counter[str] = Counter()
        for line in self.lines():
            under_way[line.external_id] += 0 if line.state in {"cancelled", "withdrawing"} else line.quantity
        assert +under_way == +self.wanted

    @precondition(lambda self: self.revision)
    @invariant()
    def nothing_begins_before_it_may(self) -> None:
        """A held order has nothing on offer; what is not paid waits."""
        states = {str(line.state) for line in self.lines()}
        assert not (self.held and "released" in states), states
        order = self.run(self.w.one(ORDERS))
        assert (order.reason != "") == self.held
        alive = [state for state in PROGRESS if str(state) in states]
        assert order.state == (alive[0] if alive else "cancelled")
        if not self.settled and order.payment == "pending" and self.revision == 1:
            assert not states & STARTED, states


OrderLife.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None, derandomize=True)
TestOrderLife = OrderLife.TestCase
