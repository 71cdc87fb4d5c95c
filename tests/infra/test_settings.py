"""Settings: what is not said has a default, what cannot be is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.kernel.refusal import Refusal
from server.settings import Settings, load


def test_nothing_needs_to_be_set() -> None:
    assert load({}) == Settings()
    assert load({}).database_url == "sqlite:///var/pickwave.db"


def test_the_environment_decides() -> None:
    found = load({"PICKWAVE_PORT": "443", "PICKWAVE_NAMES": "dock.local, 10.0.0.7", "PICKWAVE_VAR": "/srv/pickwave"})
    assert (found.port, found.names, found.var) == (443, ["dock.local", "10.0.0.7"], Path("/srv/pickwave"))
    assert found.database_url == "sqlite:////srv/pickwave/pickwave.db"


def test_an_empty_variable_is_not_set_and_others_are_not_ours() -> None:
    assert load({"PICKWAVE_PORT": " ", "PORT": "1"}).port == Settings().port


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PICKWAVE_PORT", "web"),
        ("PICKWAVE_PORT", "70000"),
        ("PICKWAVE_TLS", "maybe"),
        ("PICKWAVE_LOG_LEVEL", "loud"),
        ("PICKWAVE_MAX_BODY", "0"),
    ],
)
def test_a_value_that_cannot_be_is_named(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        load({name: value})
    assert refused.value.code == "bad_value"
    assert (refused.value.facts["what"], refused.value.facts["value"]) == (name, value)


def test_a_certificate_comes_with_its_key() -> None:
    with pytest.raises(Refusal, match="PICKWAVE_TLS_KEY"):
        load({"PICKWAVE_TLS_CERTIFICATE": "/etc/ssl/site.crt"})
    assert load({"PICKWAVE_TLS_CERTIFICATE": "site.crt", "PICKWAVE_TLS_KEY": "site.key"}).tls_key == Path("site.key")
