"""Printers by their address: `tcp://host:9100` (ZPL), `cups://queue` (PDF), `folder:///path?format=pdf`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from server.kernel.refusal import Refusal

Render = Callable[[str], bytes]
"""Gives a document in a format: zpl, pdf or png."""
RAW_PORT = 9100
TIMEOUT_SECONDS = 10


class Unprinted(Exception):
    """The printer did not take it: it is tried again later."""


async def print_document(address: str, name: str, render: Render) -> None:
    """Send a document called `name` to a printer. Raises Unprinted; Refusal `bad_value` for an address of no kind."""
    url = urlsplit(address)
    send = WAYS.get(url.scheme)
    if send is None:
        raise Refusal("bad_value", what="printer", value=address)
    try:
        await send(url, name, render)
    except (OSError, TimeoutError) as error:
        raise Unprinted(f"{address}: {error or type(error).__name__}") from error


async def _tcp(url: SplitResult, name: str, render: Render) -> None:
    """Raw ZPL to a label printer's port."""
    del name
    data = await asyncio.to_thread(render, "zpl")
    async with asyncio.timeout(TIMEOUT_SECONDS):
        _, writer = await asyncio.open_connection(url.hostname, url.port or RAW_PORT)
        writer.write(data)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def _cups(url: SplitResult, name: str, render: Render) -> None:
    """PDF to a queue of the system's own spooler, by its `lp`."""
    data = await asyncio.to_thread(render, "pdf")
    pipe = asyncio.subprocess.PIPE
    arguments = ("-d", url.netloc, "-t", name, "-")
    process = await asyncio.create_subprocess_exec("lp", *arguments, stdin=pipe, stdout=pipe, stderr=pipe)
    _, said = await asyncio.wait_for(process.communicate(data), TIMEOUT_SECONDS)
    if process.returncode:
        raise OSError(said.decode(errors="replace").strip())


async def _folder(url: SplitResult, name: str, render: Render) -> None:
    """A file in a folder, complete or not there: written beside and renamed."""
    kind = parse_qs(url.query).get("format", ["zpl"])[0]
    data = await asyncio.to_thread(render, kind)
    await asyncio.to_thread(_write, Path(url.path), f"{name}.{kind}", data)


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    part.write_bytes(data)
    part.replace(folder / name)


WAYS: Mapping[str, Callable[[SplitResult, str, Render], Awaitable[None]]] = {
    "tcp": _tcp,
    "cups": _cups,
    "folder": _folder,
}
