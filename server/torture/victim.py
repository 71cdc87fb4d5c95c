"""The server as a process to be killed: started again on the same database and port, its disk filled and freed."""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from server.demo.process import END_SECONDS, HOST
from server.kernel.refusal import Refusal

READY_SECONDS = 90.0
"""How long a start may take: a disk that others keep busy is no fault of the server's."""
SAID = 3_000
LOOK_SECONDS = 0.01
CAN_FILL = hasattr(resource, "prlimit")
"""Whether this system lets a process's file size be limited while it runs (Linux does)."""


class Victim:
    """One server process after another, all with the same environment; their words go to a file in `folder`."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self.env, self.log = {**env, "PYTHONFAULTHANDLER": "1"}, folder / "server.log"
        self.port = int(env["PICKWAVE_PORT"])
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The process that runs now."""
        if self._process is None:
            raise Refusal("failed", command="serve", reason="not started")
        return self._process

    async def start(self) -> None:
        """Start it, without waiting until it is ready."""
        with self.log.open("ab") as words:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "server", "serve"), env=self.env, stdout=words, stderr=words
            )

    async def ready(self) -> None:
        """Wait until it listens, which it does once all else is ready; Refusal `failed` with its last words."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_SECONDS):
                while self.process.returncode is None:
                    with suppress(OSError):
                        _, writer = await asyncio.open_connection(HOST, self.port)
                        writer.close()
                        return
                    await asyncio.sleep(LOOK_SECONDS)
        raise Refusal("failed", command="serve", reason=await self._last_words())

    async def _last_words(self) -> str:
        """Give how it ended and what it said last; one that hangs is made to say where."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGABRT)
        code = await self.process.wait()
        words = await asyncio.to_thread(self.log.read_text, "utf-8", "replace")
        return f"exit {code}: {words[-SAID:]}"

    async def kill(self) -> None:
        """End it at once: SIGKILL."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """Ask it to end, as an operator does."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(END_SECONDS):
            await self.process.wait()

    def fill_disk(self, most: int) -> None:
        """Let no file of it grow beyond `most` bytes: to the program that is a full disk."""
        self._limit(most)

    def free_disk(self) -> None:
        """Give the room back."""
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, most: int) -> None:
        pid, what = self.process.pid, resource.RLIMIT_FSIZE
        _, hard = resource.prlimit(pid, what)
        resource.prlimit(pid, what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
