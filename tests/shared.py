"""Where the real data lies beside the repository; tests that read it are skipped where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
with_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real data is not beside the repository")
