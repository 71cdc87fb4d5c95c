"""When a sign-in must wait, and who may give what to whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.actor import SYSTEM, Actor
from server.kernel.clock import DAY, HOUR, MINUTE
from server.kernel.refusal import Refusal
from server.people import rules
from server.people.model import Attempts, PutUser
from server.people.roles import FLOOR, PERMISSIONS, ROLES, lent, permissions_of, require_within

NOW = 1_700_000_000_000
FREE = rules.LIMITS["badge"].free


def someone(*roles: str, user: str = "u") -> Actor:
    return Actor(user, "D1", permissions_of(roles))


@pytest.mark.parametrize(
    ("failed", "minutes"), [(0, 0), (FREE - 1, 0), (FREE, 1), (FREE + 1, 2), (FREE + 3, 8), (FREE + 9, 60), (999, 60)]
)
def test_the_lock_doubles_up_to_an_hour(failed: int, minutes: int) -> None:
    assert rules.wait_ms(Attempts("badge:B", failed, NOW), NOW) == minutes * MINUTE


def test_quiet_time_forgives() -> None:
    attempts = Attempts("badge:B", FREE + 2, NOW)
    assert rules.standing(attempts, NOW + 3 * HOUR) == FREE - 1
    assert rules.wait_ms(attempts, NOW + 3 * HOUR) == 0
    assert rules.failed_again(attempts, "badge:B", NOW + DAY) == Attempts("badge:B", 1, NOW + DAY)


def test_nobody_waits_for_a_stranger() -> None:
    assert rules.wait_ms(None, NOW) == 0
    assert rules.failed_again(None, "badge:B", NOW) == Attempts("badge:B", 1, NOW)


@given(st.lists(st.integers(0, 2 * HOUR), max_size=60), st.sampled_from(["badge:B", "address:1"]))
def test_guessing_is_never_faster_than_the_limit_says(pauses: list[int], key: str) -> None:
    """Whoever tries whenever it may gets the free tries, and then at most one a minute."""
    attempts: Attempts | None = None
    now, tries = NOW, 0
    for pause in pauses:
        now += pause
        if not rules.wait_ms(attempts, now):
            attempts, tries = rules.failed_again(attempts, key, now), tries + 1
    limit = rules.limit_of(key)
    assert tries <= limit.free + 1 + (now - NOW) // MINUTE + (now - NOW) // limit.forgiven_ms


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"roles": ("king",)}, "bad_value"),
        ({"name": ""}, "bad_value"),
        ({"id": ""}, "bad_value"),
        ({"roles": ("admin",)}, "not_allowed"),
    ],
)
def test_a_user_must_be_sound(fields: dict[str, object], code: str) -> None:
    command = PutUser(**{"id": "x", "name": "X", "roles": ("picker",)} | fields)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        rules.require_sound(command, someone("supervisor"))
    assert refused.value.code == code


@pytest.mark.parametrize(("roles", "active"), [(("office",), True), (("admin",), False)])
def test_an_admin_cannot_lock_himself_out(roles: tuple[str, ...], *, active: bool) -> None:
    admin = someone("admin", user="ada")
    with pytest.raises(Refusal):
        rules.require_sound(PutUser("ada", "Ada", roles, active=active), admin)
    rules.require_sound(PutUser("bob", "Bob", roles, active=active), admin)
    rules.require_sound(PutUser("ada", "Ada L.", ("admin",)), admin)


def test_everybody_gives_at_most_what_they_have() -> None:
    for role, permissions in ROLES.items():
        require_within(SYSTEM, permissions)
        require_within(someone(role), permissions)
    with pytest.raises(Refusal) as refused:
        require_within(someone("supervisor"), ROLES["admin"])
    assert refused.value.facts == {"permission": "*"}


@pytest.mark.parametrize("maker", list(ROLES))
@pytest.mark.parametrize("sender", list(ROLES))
def test_a_name_lends_hands_but_no_office(maker: str, sender: str) -> None:
    given_ = lent(someone(maker), someone(sender))
    for permission in PERMISSIONS:
        may = someone(maker).may(permission) and (permission in FLOOR or someone(sender).may(permission))
        assert (permission in given_) == may
    assert "*" not in given_
