"""A scale at the end of a line: one question, one answer."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

import serial

from scanner_client.scale.mtsics import ERRORS, parse
from scanner_client.scale.reading import Reading, ScaleError

IDENTITY = re.compile(r'^I4 A "(.*)"$')
PATIENCE_S = 8.0
"""A scale waits for its platform to settle before it answers S; most give up after some seconds."""


class Scale:
    """An open line to a scale.

    `address`: a serial device or pseudo-terminal (`/dev/ttyUSB0`), or `tcp://HOST:PORT`. Raises ScaleError
    where nothing is there or nothing answers.
    """

    def __init__(self, address: str, *, baud: int = 9_600, patience_s: float = PATIENCE_S) -> None:
        self.address = address
        try:
            url = address.replace("tcp://", "socket://", 1)
            self._line = serial.serial_for_url(url, baudrate=baud, timeout=patience_s)
        except (serial.SerialException, OSError, ValueError) as error:
            raise ScaleError(f"no scale at {address}: {error}") from error

    def weigh(self) -> Reading:
        """Wait for a stable weight (S); status busy where the platform does not settle."""
        return self._read("S")

    def weigh_now(self) -> Reading:
        """Give the weight of this moment (SI), settled or not."""
        return self._read("SI")

    def zero(self) -> Reading:
        """Set zero (Z): status ok and 0 g, or busy, overload, underload where zero cannot be set."""
        return self._read("Z")

    def tare(self) -> Reading:
        """Take what stands on the scale as tare (T) and give its weight; later readings are net."""
        return self._read("T")

    def identity(self) -> str:
        """Give the scale's serial number (I4), '' where it has none to tell."""
        found = IDENTITY.match(self.ask("I4"))
        return found[1] if found else ""

    def ask(self, command: str) -> str:
        """Send a command and give the line it is answered with."""
        try:
            self._line.reset_input_buffer()
            self._line.write(f"{command}\r\n".encode())
            answer = self._line.read_until(b"\n")
        except (serial.SerialException, OSError) as error:
            raise ScaleError(f"the line to {self.address} broke: {error}") from error
        if not answer.endswith(b"\n"):
            raise ScaleError(f"the scale at {self.address} does not answer")
        return answer.decode("latin-1").strip("\r\n")

    def _read(self, command: str) -> Reading:
        answer = self.ask(command)
        if answer not in ERRORS and not answer.startswith(f"{command[0]} "):
            raise ScaleError(f"{command} was answered with {answer!r}")
        return parse(answer)

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
