"""The scripts ./run and ./test: what they cannot do they say in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("run", "test", ".ci/run")


def call(*command: str | Path, folder: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command; `env` is added to ours."""
    return subprocess.run(command, cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_posix_shell(script: str) -> None:
    assert (ROOT / script).read_text().startswith("#!/bin/sh\n")
    assert os.access(ROOT / script, os.X_OK)
    done = call("sh", "-n", ROOT / script)
    assert (done.returncode, done.stderr) == (0, "")


def test_ci_calls_the_tests_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ["set -eu", 'cd "$(dirname "$0")/.."', "CI=true exec ./test"]


def test_an_unknown_part_is_refused_with_the_names_there_are() -> None:
    done = call("./test", "everything")
    assert done.returncode == 2
    assert "lint types contracts python postgres pwa browser story bars" in done.stderr


def python(folder: Path, body: str) -> str:
    """Write a program that answers as some other machine's Python would."""
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('[ "$1" = -V ] && echo Python 3.9.2; exit 1', "needs Python 3.11 or newer, this is Python 3.9.2"),
        ('[ "$1" = -c ]', "this Python has no venv: apt-get install python3-venv"),
    ],
)
def test_a_machine_that_lacks_something_is_told_so(tmp_path: Path, body: str, line: str) -> None:
    shutil.copy(ROOT / "run", tmp_path)
    done = call("./run", folder=tmp_path, PYTHON=python(tmp_path, body))
    assert done.returncode == 1
    assert line in done.stderr.splitlines()[-1]
    assert not (tmp_path / ".venv").exists()


def test_a_machine_without_python_is_told_so(tmp_path: Path) -> None:
    shutil.copy(ROOT / "run", tmp_path)
    done = call("./run", folder=tmp_path, PYTHON="no-such-python")
    assert (done.returncode, done.stderr) == (
        1,
        "pickwave: python3 is missing: apt-get install python3 python3-venv\n",
    )
