"""Start the generator in its own process, and follow what it says."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec

from server.bench.load import Heard, Load, Moment, Said
from server.kernel.refusal import Refusal

LONGEST_LINE = 256 * 1024 * 1024
Follow = Callable[[Moment], None]
said = msgspec.json.Decoder(Said).decode


async def drive(load: Load, folder: Path, follow: Follow, stop: asyncio.Event | None = None) -> Heard:
    """Let the handhelds scan; `follow` is told each moment, `stop` ends the measuring early. Refusal `failed`."""
    file = folder / "load.json"
    file.write_bytes(msgspec.json.encode(load))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.bench.generator", str(file)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    ending = asyncio.create_task(_stop(process, stop)) if stop else None
    heard: Heard | None = None
    try:
        async for words in _lines(process):
            if isinstance(words, Heard):
                heard = words
            else:
                follow(words)
    except BaseException:
        process.kill()
        raise
    finally:
        if ending:
            ending.cancel()
        await process.wait()
    if heard is None:
        raise Refusal("failed", command="bench", reason=f"the generator ended with {process.returncode}")
    return heard


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[Said]:
    assert process.stdout  # noqa: S101 - a pipe was asked for
    async for line in process.stdout:
        yield said(line)


async def _stop(process: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    await stop.wait()
    if process.stdin:
        process.stdin.close()
