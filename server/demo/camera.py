"""A picker with the real camera scanner: the labels we print are shown to it as pictures, it reads and confirms.

The phone of the same person, which sees the task too, says what to show next and reports what is short.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import msgspec

from labels import Bin, Item, Label, bin_label, render, sku_label, tote_label
from scanner_client.happened import Happened
from server.demo.floor import PATIENCE, Floor
from server.demo.lay import pickwave
from server.demo.link import Link
from server.demo.process import environment, tail
from server.kernel.refusal import Refusal
from server.protocol.picking import LineView, Short, TaskView

PLACE = "CONS-1"
FRAMES = "2"
SECONDS = 10.0
"""How long a picture may take to be answered."""
TRIES = 20
"""How often a label is shown that the scanner does not want yet: it hears of its task by itself."""
as_happened = msgspec.json.Decoder(Happened).decode


class Eye:
    """The scanner's process: pictures go in as paths, what happened comes out as lines."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.folder.mkdir(exist_ok=True)
        self._process: asyncio.subprocess.Process | None = None

    async def enrol(self, chief: httpx.AsyncClient, user: str) -> None:
        """Make it one of the site's devices, for a user, with a one-time token of the supervisor's."""
        csrf = {"x-csrf-token": chief.cookies["csrf"]}
        answer = await chief.post("/api/enrol-tokens", json={"user": user}, headers=csrf)
        token = answer.raise_for_status().json()["token"]
        home = ("--server", self.url, "--home", str(self.folder))
        await pickwave(self.folder, *home, "--enrol", token, "--name", self.folder.name, module="scanner_client")

    async def open(self) -> None:
        """Start it."""
        options = ("--alone", "--json", "--count", "line", "--frames", FRAMES, "--source", "-")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scanner_client", "--server", self.url, "--home", str(self.folder), *options),
            env=environment(self.folder, 0),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def see(self, label: Label, code: str) -> Happened | None:
        """Hold a label before it until what it read is answered, or is not wanted; None where it reads nothing."""
        picture = self.folder / f"{label.name.replace('/', '-')}.png"
        if not picture.exists():
            picture.write_bytes(await asyncio.to_thread(render, label, "png"))
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError("the scanner is not open")
        process.stdin.write(f"{picture}\n".encode())
        await process.stdin.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                while line := await process.stdout.readline():
                    happened = as_happened(line)
                    if happened.text == code and not (happened.what == "read" and happened.op):
                        return happened
                words = await process.stderr.read() if process.stderr else b""
                raise Refusal("failed", command="pickwave-scan", reason=tail(words))
        return None

    async def close(self) -> None:
        """Take it away: it ends when no more pictures come."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await self._process.communicate()


class Cameraman:
    """One person with a camera and a phone."""

    def __init__(self, floor: Floor, link: Link, eye: Eye) -> None:
        self.floor, self.link, self.eye = floor, link, eye
        self.closed: set[str] = set()
        self.slots: dict[tuple[str, int], str] = {}

    async def work(self) -> None:
        """Show what the task at hand asks for until the day is over."""
        await self.eye.open()
        try:
            while not self.floor.over.is_set():
                if not await self._step():
                    await self.link.wait(PATIENCE)
        finally:
            await self.eye.close()

    async def _step(self) -> bool:
        """Do the next line of the own task, or leave its totes; False where there is nothing to do."""
        own = (t for t in self.link.tasks.values() if t.assignee == self.link.user and t.state == "active" and t.lines)
        task = next(own, None)
        if task is None:
            return False
        todo = [line for line in task.lines if line.id not in self.closed and line.state == "open"]
        if todo:
            await self._line(task, min(todo, key=lambda line: line.sequence))
        elif task.kind == "pick":
            return await self._leave(task)
        return bool(todo)

    async def _line(self, task: TaskView, line: LineView) -> None:
        spot = (line.bin, line.sku)
        if self.floor.lying[spot] < line.quantity and task.kind == "pick":
            await self.link.do(Short(task.id, line.id, "none_on_shelf"))
            self.closed.add(line.id)
            return
        tote = await self._tote(task, line)
        asked = [
            ("bin", bin_label(Bin(line.bin_code, line.check, line.level)), line.bin_code),
            ("sku", sku_label(Item(line.sku, line.name, gtin := self.floor.goods[line.sku].gtin)), gtin),
            ("tote", tote_label(tote), tote),
        ]
        for step, label, code in asked:
            if not await self._shown(step, label, code):
                return
        self.closed.add(line.id)
        self.floor.lying[spot] -= line.quantity

    async def _shown(self, step: str, label: Label, code: str) -> bool:
        """Show a label until it is wanted and confirmed; an unusual quantity is asked about once."""
        for _ in range(TRIES):
            happened = await self.eye.see(label, code)
            if happened is None or happened.what == "read":
                await self.link.wait(PATIENCE)
                continue
            self.link.tally.answered[happened.op] = happened.code
            if happened.what == "committed":
                return True
            if happened.code != "unusual_quantity":
                self.floor.surprised(f"camera {step}", happened.code)
                await self.link.wait(PATIENCE)
                return False
        self.floor.surprised("camera", f"no answer to {step}")
        return False

    async def _tote(self, task: TaskView, line: LineView) -> str:
        """Give the tote of the line's slot, an empty one the first time."""
        slot = (task.id, line.slot)
        if slot not in self.slots:
            self.slots[slot] = await self.floor.tote()
        return self.slots[slot]

    async def _leave(self, task: TaskView) -> bool:
        """Leave the totes where packing looks for them."""
        if not await self._shown("place", bin_label(Bin(PLACE, "", 0)), PLACE):
            return False
        shipments = {slot.slot: slot.shipment for slot in task.slots}
        totes = [(self.slots.pop((task.id, n)), of) for n, of in shipments.items() if (task.id, n) in self.slots]
        self.floor.drop(totes, shipments.values())
        self.link.tasks.pop(task.id, None)
        return True
