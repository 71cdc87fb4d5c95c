"""The ledger proves the book, and says where it is wrong."""

from __future__ import annotations

from server.stock.recount import Difference, recount
from tests.floor import picked
from tests.kit import World


async def tampered(w: World, sql: str) -> list[Difference]:
    """What a recount finds after somebody wrote past the house."""
    await w.database.begin()
    await w.database.fetch(sql)
    await w.database.commit()
    return await recount(w.database)


async def test_a_sound_book_has_no_difference(w: World) -> None:
    await picked(w, "1", ("LAMP", 2))
    assert await recount(w.database) == []


async def test_each_difference_is_named(w: World) -> None:
    await picked(w, "1", ("LAMP", 2))
    more = "UPDATE stock_balance SET quantity = quantity {} 1 WHERE id = 'tote:T1/LAMP/'"
    assert await tampered(w, more.format("+")) == [Difference("balance", "tote:T1/LAMP/", 3, 2)]
    assert await tampered(w, more.format("-")) == []
    fewer = "UPDATE stock_pool SET on_hand = on_hand {} 3 WHERE id = 'MAIN/LAMP'"
    assert await tampered(w, fewer.format("-")) == [Difference("pool", "MAIN/LAMP", 0, 3)]
    assert await tampered(w, fewer.format("+")) == []
