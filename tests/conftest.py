"""What all tests share: how long soaks are, and a property test's patience on a busy machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers import POSTGRES

settings.register_profile("pickwave", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("pickwave")

BARS = Path(__file__).parent / "bars"
SOAK = float(os.environ.get("PICKWAVE_SOAK", "0.1"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in tests/bars is a soak; others mark theirs. What uses SQLite's own instruments is for SQLite."""
    for item in items:
        if POSTGRES and item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="uses SQLite's own instruments"))
        if BARS in item.path.parents or item.get_closest_marker("quiet"):
            item.add_marker(pytest.mark.soak)
        if item.get_closest_marker("quiet") and SOAK < 1:
            item.add_marker(pytest.mark.skip(reason="wants a quiet machine: ./test bars"))


@pytest.fixture(scope="session")
def soak() -> float:
    """Give how much of a soak to run: 1 is all of it (`./test bars`), 0.1 a seeded tenth (`./test`)."""
    return SOAK
