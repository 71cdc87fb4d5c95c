"""What a move does to balances and pools. Pure: values in, values out, or a Refusal."""

from __future__ import annotations

from msgspec.structs import replace

from server.kernel.refusal import Refusal
from server.sites.model import Policy
from server.stock.model import WORLD, Balance, Pool


def taken(balance: Balance, quantity: int, *, pinned: int = 0) -> Balance:
    """Take units out of a place, `pinned` of them promised ones; Refusal where the place does not have them."""
    left = replace(balance, quantity=balance.quantity - quantity, pinned=balance.pinned - pinned)
    if balance.place not in WORLD and (left.free < 0 or left.pinned < 0):
        raise Refusal("not_enough_stock", place=balance.place, sku=balance.sku, wanted=quantity, there=balance.quantity)
    return left


def given(balance: Balance, quantity: int, *, pinned: int = 0) -> Balance:
    """Put units into a place, `pinned` of them already promised."""
    return replace(balance, quantity=balance.quantity + quantity, pinned=balance.pinned + pinned)


def reserved(pool: Pool, quantity: int) -> Pool:
    """Promise units of a pool; Refusal where fewer are available."""
    if quantity < 1 or pool.available < quantity:
        raise Refusal("not_enough_stock", sku=pool.sku, site=pool.site, wanted=quantity, there=pool.available)
    return replace(pool, reserved=pool.reserved + quantity)


def freed(pool: Pool, quantity: int) -> Pool:
    """Give a promise back."""
    if quantity > pool.reserved:
        raise Refusal("bad_value", what="reserved", sku=pool.sku, wanted=quantity, there=pool.reserved)
    return replace(pool, reserved=pool.reserved - quantity)


def uncovered(balance: Balance, quantity: int, *, pinned: int) -> int:
    """Units that a recorded pick needs and the book denies: to be drawn from `difference`."""
    others = balance.pinned - min(pinned, balance.pinned)
    return max(0, quantity - (balance.quantity - others))


def is_unfit(policy: Policy, *, blocked: bool) -> bool:
    """Tell whether goods in a blocked bin, or else of an expired lot, may not be sent: not every site minds the lot."""
    return blocked or policy.lot_policy != "ignore"


def displaced(pool: Pool) -> int:
    """Units promised beyond what there is."""
    return max(0, -pool.available)
