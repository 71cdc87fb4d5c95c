"""Scales that are not asked: they say by themselves what they show."""

from __future__ import annotations

import os
import select
from time import monotonic
from typing import Final, Self

import serial

from scanner_client.scale import hid, toledo
from scanner_client.scale.reading import Reading, ScaleError

PATIENCE_S: Final = 2.0
LONGEST: Final = 64


class Toledo:
    """A scale with Toledo's continuous output, at a serial device or `tcp://HOST:PORT`."""

    def __init__(self, address: str, patience_s: float = PATIENCE_S) -> None:
        """Open the line; ScaleError where there is none."""
        self.address, self.patience_s = address, patience_s
        try:
            url = address.replace("tcp://", "socket://", 1)
            self._line = serial.serial_for_url(url, baudrate=9_600, timeout=patience_s)
        except (serial.SerialException, OSError, ValueError) as error:
            raise ScaleError(f"no scale at {address}: {error}") from error

    def weigh_now(self) -> Reading:
        """Give what it shows now: the next frame that is whole, nothing that waited unread."""
        ends = monotonic() + self.patience_s
        try:
            self._line.reset_input_buffer()
            while monotonic() < ends:
                heard = self._line.read_until(bytes([toledo.CR]))
                if heard[-toledo.LENGTH :][:1] == bytes([toledo.STX]):
                    return toledo.parse(heard[-toledo.LENGTH :])
        except (serial.SerialException, OSError) as error:
            raise ScaleError(f"the line to {self.address} broke: {error}") from error
        raise ScaleError(f"the scale at {self.address} says nothing")

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Usb:
    """A USB scale of the HID kind, at its device file (`/dev/hidraw0`). Some report only what has changed."""

    def __init__(self, path: str, patience_s: float = PATIENCE_S) -> None:
        """Open the device; ScaleError where there is none."""
        self.path, self.patience_s = path, patience_s
        self._last: bytes | None = None
        try:
            self._device = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError as error:
            raise ScaleError(f"no scale at {path}: {error}") from error

    def weigh_now(self) -> Reading:
        """Give the newest report; where none has come, the last one still holds."""
        patience = 0.0 if self._last else self.patience_s
        try:
            while self._device in select.select([self._device], [], [], patience)[0]:
                self._last, patience = os.read(self._device, LONGEST), 0.0
        except OSError as error:
            raise ScaleError(f"the scale at {self.path} is gone: {error}") from error
        if not self._last:
            raise ScaleError(f"the scale at {self.path} says nothing")
        return hid.parse(self._last[1:])

    def close(self) -> None:
        """Let go of the device."""
        os.close(self._device)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
