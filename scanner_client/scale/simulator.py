"""A scale that is not there: it speaks MT-SICS on a pseudo-terminal, and its load is set by the caller."""

from __future__ import annotations

import os
import select
import threading
import tty
from types import TracebackType
from typing import Final, Self

from scanner_client.scale.answers import answer
from scanner_client.scale.platform import Make, Platform

LONGEST: Final = 256


class Simulator:
    """A simulated scale at `path`; `put` sets the load in grams. Use it as a context manager.

    After each change the first readings are unstable: SI shows them swinging, S waits for rest.
    """

    def __init__(self, *, seed: int = 0, make: Make | None = None) -> None:
        self.platform = Platform(make or Make(), seed)
        self.asked: list[str] = []
        self._lock = threading.Lock()
        self._ours, self._theirs = os.openpty()
        self._ended, self._end = os.pipe()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self._thread = threading.Thread(target=self._serve, name=f"scale at {self.path}", daemon=True)
        self._thread.start()

    def put(self, grams: float) -> None:
        """Set what stands on the platform, in grams."""
        with self._lock:
            self.platform.put(grams)

    def lean(self, *, leaning: bool) -> None:
        """Keep the platform moving, as somebody does who leans on it: S is answered as busy."""
        with self._lock:
            self.platform.restless = leaning

    def answer(self, command: str) -> str:
        """Give the line that answers a command."""
        with self._lock:
            self.asked.append(command)
            return answer(self.platform, command)

    def close(self) -> None:
        """Take the scale away."""
        os.write(self._end, b".")
        self._thread.join()
        for descriptor in (self._ours, self._theirs, self._ended, self._end):
            os.close(descriptor)

    def _serve(self) -> None:
        """Answer line by line until the scale is closed."""
        waiting = b""
        while self._ended not in select.select([self._ours, self._ended], [], [])[0]:
            waiting += os.read(self._ours, LONGEST)
            *lines, waiting = waiting.split(b"\n")
            for line in lines:
                reply = self.answer(line.strip(b"\r").decode("latin-1"))
                os.write(self._ours, f"{reply}\r\n".encode("latin-1"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
