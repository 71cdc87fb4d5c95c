"""What a packer decides: what goes into the next parcel, which carton, and now and then a mistake."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from math import floor

from server.demo.goods import Good
from server.demo.world import CARTONS
from server.protocol.packing import PackView

MG = 1_000
MOST_MG = CARTONS[-1].most_g * MG
CARTON_SD_G = 0.4
Content = Counter[str]
"""Units by SKU."""


def to_pack(view: PackView) -> Content:
    """Give what is picked and lies in no parcel yet."""
    return Counter({line.sku: line.picked - line.packed for line in view.lines if line.picked > line.packed})


def parcelful(left: Content, goods: Mapping[str, Good]) -> Content:
    """Choose of what is left as much as the largest carton carries."""
    room = float(MOST_MG)
    chosen: Content = Counter()
    for sku, units in left.items():
        fits = min(units, floor(room / goods[sku].mean_mg))
        if fits:
            chosen[sku] = fits
            room -= fits * goods[sku].mean_mg
    return chosen


def carton_for(content: Content, goods: Mapping[str, Good]) -> str:
    """Give the smallest carton that carries the goods."""
    grams = sum(units * goods[sku].mean_mg for sku, units in content.items()) / MG
    return next((box.id for box in CARTONS if box.most_g >= grams), CARTONS[-1].id)


def mistaken(content: Content, goods: Mapping[str, Good], dice: random.Random) -> tuple[Content, str]:
    """Give what a packer who errs really puts in, and how: one more, one less, or another SKU."""
    wrong = Counter(content)
    subject = dice.choice(sorted(content))
    how = dice.choice(("one_more", "one_less", "another"))
    if how == "another":
        wrong[dice.choice([sku for sku in goods if sku != subject] or [subject])] += 1
    wrong[subject] += 1 if how == "one_more" else -1
    return +wrong, how


def grams(content: Content, carton: str, goods: Mapping[str, Good], dice: random.Random) -> float:
    """Draw what a parcel truly weighs in grams."""
    box = next(box for box in CARTONS if box.id == carton)
    inside = sum(goods[sku].weigh(units, dice) for sku, units in content.items())
    return inside / MG + box.weight_g + dice.gauss(0, CARTON_SD_G)
