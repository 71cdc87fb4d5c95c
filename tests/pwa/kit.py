"""A real server on a free port with a demo warehouse and a simulated scale, and a browser in front of it."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scanner_client.scale.simulator import Simulator
from server.app import WIRING
from server.house import open_house
from server.kernel.actor import SYSTEM
from server.kernel.clock import now
from server.people.model import PutUser
from server.people.secrets import hashed
from server.seed import SITE, seed_demo
from server.settings import Settings
from server.sites.model import PutStation

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("PICKWAVE_CHROMIUM") or "/usr/bin/chromium"
PHONE, DESKTOP = (390, 844), (1280, 800)
PATIENCE_S = 30


class Shop(msgspec.Struct):
    """A running server: its address, its database file, its scale."""

    url: str
    port: int
    folder: Path
    scale: Simulator
    process: subprocess.Popen[bytes] | None = None

    def rows(self, query: str, *args: object) -> list[tuple[Any, ...]]:
        """Read the server's own state: offline tests assert on it, not on an empty queue."""
        path = f"file:{self.folder}/pickwave.db?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=PATIENCE_S)) as database:
            return database.execute(query, args).fetchall()

    def write(self, statement: str) -> None:
        """Have the database itself make many rows at once, beside the server."""
        with closing(sqlite3.connect(self.folder / "pickwave.db", timeout=PATIENCE_S)) as database, database:
            database.execute(statement)

    def until(self, query: str, *args: object) -> list[tuple[Any, ...]]:
        """Wait until a query gives a row."""
        ends = time.monotonic() + PATIENCE_S
        while not (found := self.rows(query, *args)):
            assert time.monotonic() < ends, f"nothing came of {query}"
            time.sleep(0.05)
        return found

    def stop(self) -> None:
        """Stop the server as a service manager does."""
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE_S)

    def start(self) -> None:
        """Start the server on the port it had."""
        env = {
            **os.environ,
            "PICKWAVE_DATABASE": f"sqlite:///{self.folder}/pickwave.db",
            "PICKWAVE_VAR": str(self.folder),
            "PICKWAVE_TLS": "off",
        }
        command = [sys.executable, "-m", "server", "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)  # noqa: S603
        self._answers()

    def _answers(self) -> None:
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                httpx.get(self.url, timeout=1)
            except httpx.TransportError:
                assert self.process is None or self.process.poll() is None, (self.folder / "server.log").read_text()
                assert time.monotonic() < ends, "the server does not answer"
                time.sleep(0.1)
            else:
                return


async def _fill(folder: Path, scale: str) -> None:
    """Seed the demo warehouse, a scale at the first station, and somebody from the office."""
    settings = Settings(database=f"sqlite:///{folder}/pickwave.db", var=folder, tls="off")
    async with open_house(settings, WIRING, now) as house:
        await seed_demo(house)
        printer = f"folder://{folder}/labels?format=pdf"
        station = PutStation("PACK-1", SITE, "Pack station 1", scale=f"serial://{scale}", printer=printer)
        await house.bus.do(SYSTEM, station)
        secret = await hashed("office-password")
        user = PutUser("olga", "Olga Office", ("office",), email="olga@example.com", site=SITE, password_hash=secret)
        await house.bus.do(SYSTEM, user)
        while await house.database.read("SELECT 1 FROM job WHERE state = 'waiting' AND due <= ?", (now(),)):
            await asyncio.sleep(0.05)


async def _filled(filling: Awaitable[None]) -> None:
    await filling


@contextmanager
def open_shop(folder: Path, fill: Callable[[Path, str], Awaitable[None]] = _fill) -> Iterator[Shop]:
    """Seed and run a server in `folder` until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with Simulator(seed=1) as scale:
        with ThreadPoolExecutor(1) as aside:  # the browser's driver has an event loop in this thread
            aside.submit(lambda: asyncio.run(_filled(fill(folder, scale.path)))).result()
        shop = Shop(f"http://localhost:{port}", port, folder, scale)
        shop.start()
        try:
            yield shop
        finally:
            shop.stop()


@contextmanager
def open_browser(*flags: str) -> Iterator[Browser]:
    """Run Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])
        yield browser
        browser.close()


FAULTS = """
window.faults = []
addEventListener('error', event => faults.push(event.message))
addEventListener('securitypolicyviolation', event => faults.push(`${event.violatedDirective} ${event.blockedURI}`))
"""


def open_page(browser: Browser, shop: Shop, size: tuple[int, int] = PHONE, **how: Any) -> Page:
    """Open the app in a fresh profile. Faults of the page end up in `faults(page)`."""
    width, height = size
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, **how)
    context.add_init_script(FAULTS)
    page = context.new_page()
    page.goto(shop.url)
    return page


def faults(page: Page) -> list[str]:
    """Give the script errors and policy violations of a page so far."""
    found: list[str] = page.evaluate("window.faults")
    return found


def scan(page: Page, code: str) -> None:
    """Scan as an input method does: the text at once into what has the focus, then Enter."""
    page.locator("input[inputmode]:focus").wait_for()
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")


def sign_in(page: Page, badge: str, pin: str) -> None:
    """Sign in by badge and PIN."""
    page.get_by_role("textbox", name="Badge").wait_for()
    scan(page, badge)
    page.get_by_label("PIN", exact=True).wait_for()
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    page.get_by_role("status", name="Connection").filter(has_text="Online").wait_for()


def labels_of(shop: Shop) -> dict[str, str]:
    """Give a scannable code of each SKU."""
    return {sku: code for code, sku in shop.rows("SELECT id, sku FROM barcode WHERE units = 1")}
