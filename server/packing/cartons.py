"""Which carton the goods of a parcel go into: a first-fit heuristic that packs blocks of like items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

import msgspec

Size = tuple[int, int, int]
"""Three edges in millimetres, in the order of the axes."""

MG_PER_G = 1000


class Item(msgspec.Struct, frozen=True):
    """Like units: their three edges in mm, how many there are, and what one weighs (0 or below: not known).

    An edge of 0 is not known: the item then takes no room.
    """

    length_mm: int
    width_mm: int
    height_mm: int
    quantity: int
    weight_mg: int = 0

    @property
    def size(self) -> Size:
        """The edges of one unit."""
        return (self.length_mm, self.width_mm, self.height_mm)


class Carton(msgspec.Struct, frozen=True):
    """A box by its inner edges in mm and the goods it may hold in grams (0 = no limit)."""

    id: str
    length_mm: int
    width_mm: int
    height_mm: int
    most_weight_g: int = 0

    @property
    def size(self) -> Size:
        """The inner edges."""
        return (self.length_mm, self.width_mm, self.height_mm)


def suggest(items: Sequence[Item], cartons: Iterable[Carton]) -> Carton | None:
    """Give the carton of least volume that takes all items, or None where one carton is not enough.

    It is a heuristic: goods that it packs do fit (as rigid boxes, turned any way up), but a patient packer
    may now and then get them into a smaller carton. Cushioning is not counted: give inner edges less the
    padding.
    """
    by_size = sorted(cartons, key=lambda carton: (volume(carton.size), max(carton.size), carton.id))
    return next((carton for carton in by_size if fits(items, carton)), None)


def fits(items: Sequence[Item], carton: Carton) -> bool:
    """Tell whether the heuristic finds room in `carton` for all items within its weight."""
    weight_mg = sum(max(0, item.weight_mg) * item.quantity for item in items)
    if carton.most_weight_g and weight_mg > carton.most_weight_g * MG_PER_G:
        return False
    known = [item for item in items if min(item.size) > 0]
    if sum(volume(item.size) * item.quantity for item in known) > volume(carton.size):
        return False
    return _packs(known, carton.size)


def volume(size: Size) -> int:
    """Give the cubic millimetres of a box."""
    return size[0] * size[1] * size[2]


def _packs(items: Sequence[Item], room: Size) -> bool:
    rooms = [room]
    for item in sorted(items, key=lambda item: (max(item.size), volume(item.size)), reverse=True):
        left = item.quantity
        while left:
            rooms.sort(key=volume)
            place = next((place for place in rooms if _blocks(item.size, left, place)), None)
            if place is None:
                return False
            count, block = max(_blocks(item.size, left, place), key=_worth)
            rooms.remove(place)
            rooms += _rest(place, block)
            left -= count
    return True


def _blocks(size: Size, most: int, room: Size) -> list[tuple[int, Size]]:
    """Give, per way of turning, how many units go into the room as one block, and the block's edges."""
    turned = (_block(turn, most, room) for turn in sorted(set(permutations(size))))
    return [(count, block) for count, block in turned if count]


def _worth(found: tuple[int, Size]) -> tuple[int, int]:
    count, block = found
    return count, -volume(block)


def _block(size: tuple[int, ...], most: int, room: Size) -> tuple[int, Size]:
    along = min(most, room[0] // size[0])
    rows = min(-(-most // along), room[1] // size[1]) if along else 0
    layers = min(-(-most // (along * rows)), room[2] // size[2]) if rows else 0
    return min(most, along * rows * layers), (along * size[0], rows * size[1], layers * size[2])


def _rest(room: Size, block: Size) -> list[Size]:
    """Cut what a block in the corner leaves of its room into three boxes: beside, behind and above it."""
    beside = (room[0] - block[0], room[1], room[2])
    behind = (block[0], room[1] - block[1], room[2])
    above = (block[0], block[1], room[2] - block[2])
    return [box for box in (beside, behind, above) if volume(box)]
