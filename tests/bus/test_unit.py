"""Any commands in any groups, some refused: the store is what a plain dict would be."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from server.kernel.actor import SYSTEM
from tests.bus.things import FACTS, TABLES, THINGS, Do, Step, do
from tests.wired import Wired, wired

KEYS = st.sampled_from("abcd")
VALUES = st.integers(0, 2)
VERBS = st.sampled_from(("put", "put", "drop", "find", "where", "many", "sum", "record"))
STEPS = st.lists(st.tuples(VERBS, KEYS, VALUES), max_size=6)
COMMANDS = st.builds(Do, STEPS.map(tuple), st.sampled_from(("", "", "refuse", "crash")))
GROUPS = st.lists(st.lists(COMMANDS, min_size=1, max_size=5), max_size=4)


class Model:
    """What should be: things, and how many facts were recorded."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.things: dict[str, int] = {}
        self.facts = 0

    def take(self, command: Do) -> list[Any]:
        """Do a command on a copy; it counts unless it is refused. Gives what is seen."""
        mine = dict(self.things)
        seen = [self._step(mine, step) for step in command.steps]
        self.facts += len({key for verb, key, _ in command.steps if verb == "record"}) * (command.ends != "crash")
        if not command.ends:
            self.things = mine
        return seen

    def _step(self, mine: dict[str, int], step: Step) -> Any:
        verb, key, value = step
        if verb == "put":
            mine[key] = value
        elif verb == "drop":
            mine.pop(key, None)
        answers = {
            "find": mine.get(key),
            "where": sorted(k for k, v in mine.items() if v == value),
            "many": [mine[k] for k in dict.fromkeys((key, "a")) if k in mine],
            "sum": sum(mine.values()),
        }
        return answers.get(verb)


def once(command: Do) -> Do:
    """Let each fact be recorded once: its key is the command's."""
    steps = {(verb, key) if verb == "record" else n: (verb, key, v) for n, (verb, key, v) in enumerate(command.steps)}
    return Do(tuple(steps.values()), command.ends)


async def _play(w: Wired, groups: list[list[Do]]) -> None:
    model = Model()
    for group in groups:
        commands = [once(command) for command in group]
        outcomes = await asyncio.gather(*(w.bus.perform(SYSTEM, command) for command in commands))
        for command, outcome in zip(commands, outcomes, strict=True):
            seen = model.take(command)
            if not command.ends:
                assert msgspec.json.decode(outcome.result) == seen
            elif command.ends == "refuse":
                assert msgspec.json.decode(outcome.facts)["seen"] == str(seen)
            else:
                assert outcome.code == "failed"
    rows = await w.database.read(THINGS.select)
    assert {row["id"]: row["value"] for row in rows} == model.things
    assert len(await w.database.read(FACTS.select)) == model.facts


@settings(max_examples=150, deadline=None, derandomize=True)
@given(GROUPS)
def test_refused_commands_leave_no_trace_and_their_neighbours_stay(groups: list[list[Do]]) -> None:
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with wired(Path(folder), {Do: do}, TABLES) as w:
                await _play(w, groups)

    asyncio.run(story())
