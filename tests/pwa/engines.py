"""The other two engines, steered by what they speak by themselves: Firefox WebDriver BiDi, WebKit WebDriver."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx
from websockets.sync.client import ClientConnection, connect

Reached = TypeVar("Reached")
ENTER = "\ue007"
PATIENCE_S = 30
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WEBKIT = shutil.which("WebKitWebDriver")
MINI_BROWSER = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), ""))
ON_A_SCREEN = ("xvfb-run", "-a", "dbus-run-session", "--")


class Engine(Protocol):
    """A browser: what a person does to it."""

    def go(self, url: str) -> None:
        """Open an address."""

    def ask(self, expression: str) -> Any:
        """Give the value of an expression of the page."""

    def type(self, text: str) -> None:
        """Press keys, one after the other."""


def until(engine: Engine, expression: str) -> Any:
    """Wait until an expression of the page is true; gives its value."""
    ends = time.monotonic() + PATIENCE_S
    while not (found := engine.ask(expression)):
        assert time.monotonic() < ends, f"{expression} did not become true: {engine.ask('document.body.innerText')}"
        time.sleep(0.05)
    return found


def keys_of(text: str) -> list[dict[str, str]]:
    """Give the key presses of a text, as both protocols write them."""
    return [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]


class Firefox:
    """A Firefox, by WebDriver BiDi."""

    def __init__(self, socket: ClientConnection) -> None:
        """Begin a session in its only tab."""
        self.socket, self.asked = socket, 0
        self._do("session.new", capabilities={})
        self.tab = self._do("browsingContext.getTree")["contexts"][0]["context"]

    def _do(self, method: str, **params: Any) -> Any:
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv(PATIENCE_S))).get("id") != self.asked:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    def go(self, url: str) -> None:
        """Open an address."""
        self._do("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def ask(self, expression: str) -> Any:
        """Give the value of an expression of the page."""
        told = f"JSON.stringify({expression})"
        answer = self._do("script.evaluate", expression=told, target={"context": self.tab}, awaitPromise=False)
        return json.loads(answer["result"].get("value", "null"))

    def type(self, text: str) -> None:
        """Press keys, one after the other."""
        actions = [{"type": "key", "id": "keys", "actions": keys_of(text)}]
        self._do("input.performActions", context=self.tab, actions=actions)


class WebKit:
    """A WebKitGTK, by WebDriver."""

    def __init__(self, http: httpx.Client) -> None:
        """Begin a session in a browser of its own."""
        self.http, self.session = http, ""
        options = {"binary": MINI_BROWSER, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session = f"/session/{self._do('/session', capabilities=wanted)['sessionId']}"

    def _do(self, path: str, **body: Any) -> Any:
        answer = self.http.post(self.session + path, json=body)
        assert answer.is_success, answer.text
        return answer.json()["value"]

    def go(self, url: str) -> None:
        """Open an address."""
        self._do("/url", url=url)

    def ask(self, expression: str) -> Any:
        """Give the value of an expression of the page."""
        return json.loads(self._do("/execute/sync", script=f"return JSON.stringify({expression})", args=[]) or "null")

    def type(self, text: str) -> None:
        """Press keys, one after the other."""
        self._do("/actions", actions=[{"type": "key", "id": "keys", "actions": keys_of(text)}])


@contextmanager
def running(command: list[str], folder: Path, name: str) -> Iterator[Path]:
    """Run a program and what it starts until the block ends; gives where it says what it does."""
    said = folder / f"{name}.log"
    with said.open("wb") as log:
        env = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=env, start_new_session=True)  # noqa: S603
        try:
            yield said
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_S)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def in_time(reach: Callable[[], Reached], said: Path) -> Reached:
    """Reach what has just been started, as soon as it listens."""
    ends = time.monotonic() + PATIENCE_S
    while True:
        try:
            return reach()
        except (OSError, httpx.TransportError):
            assert time.monotonic() < ends, said.read_text(encoding="utf-8")
            time.sleep(0.1)


@contextmanager
def firefox(folder: Path) -> Iterator[Engine]:
    """Run a Firefox of its own, headless."""
    port = free_port()
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(folder), f"--remote-debugging-port={port}"]
    url = f"ws://127.0.0.1:{port}/session"
    with running(command, folder, "firefox") as said, in_time(lambda: connect(url, max_size=None), said) as opened:
        yield Firefox(opened)


@contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    """Run a WebKitGTK of its own, on a screen that nobody sees."""
    port = free_port()
    command = [*ON_A_SCREEN, str(WEBKIT), f"--port={port}", "--host=127.0.0.1"]
    url = f"http://127.0.0.1:{port}"
    with running(command, folder, "webkit") as said, httpx.Client(base_url=url, timeout=PATIENCE_S) as http:
        in_time(lambda: http.get("/status"), said)
        yield WebKit(http)
