"""Histories that once left something behind, as short as they could be made."""

from __future__ import annotations

import pytest

from tests.simulation.play import kept, play

FOUND = {
    "a tote on a trolley whose task was withdrawn": (
        4,
        """order 1445641264, order 2821402671, morning 2023913384, take 3868466399, walk 924440168, take 3440717082,
        take 4107187295, office 1157242678, supervise 1105262834""",
    ),
    "a tote of a lost device, its order changed": (
        19,
        """order 459028150, order 3048949327, morning 2561865365, take 2209407590, rush 2523548815, rush 1872433034,
        walk 200336869, take 968096684, walk 988115724, lose_device 2538410137, amend 3183565752""",
    ),
    "a parcel whose last item was missing": (
        87,
        """order 92701603, order 1103885941, morning 3670166223, take 1057821204, walk 1631552470, walk 2613783021,
        open_pack 1122227336, put_in 2251508722""",
    ),
    "a parcel begun for the rest, which was missing": (
        147,
        """order 981641862, order 2124878817, order 2390580228, morning 1000014621, take 902128311, take 3501806541,
        walk 2651319243, amend 4050211570, walk 1412601933, walk 1105441792, morning 3122519448, take 4109362646,
        walk 1813726358, walk 3243901312, open_pack 1525712119, put_in 3867776527""",
    ),
    "a parcel begun for the rest, all of which the reopened first one took": (
        40974,
        """order 2056279121, order 3368285700, order 1369518518, office 3399320347, morning 4138729168, take 2556095700,
        walk 998199956, walk 459567691, walk 787340994, walk 2027147828, open_pack 2450117784, put_in 84025935,
        put_right 1921274256""",
    ),
}
"""What was found: the seed, and the steps with their dice."""


@pytest.mark.parametrize("what", FOUND)
def test_it_leaves_nothing_behind_now(what: str) -> None:
    assert not play(kept(*FOUND[what])).problem
