"""Every history ends in a sound house."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.floor import a_warehouse
from tests.kit import World, world
from tests.sound import assert_sound


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    """An empty house."""
    async with world(tmp_path) as w:
        yield w
        await w.settle()
        await assert_sound(w)


@pytest.fixture
async def w(house: World) -> World:
    """A house with a small warehouse in it."""
    await a_warehouse(house)
    return house
