"""Ten thousand calls made from our own description of the API, good and bad: none is answered with a fault of ours."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from server.orders.model import PutChannel
from server.people.roles import PERMISSIONS, ROLES
from tests.security.house import Served, a_days_work, served, signed_in

CALLS = 10_000
HASTY = settings(
    max_examples=10,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SECURITY = {"security", "securitySchemes"}
"""Who asks is the test's to say."""
UNKNOWN = ["", "nobody", "a/b", "a\x00b", "%", "é'\"", "x" * 300]
SIGN_OUT = "/api/sign-out"
"""Takes nothing; and after it nothing else could be asked."""


async def ids_of(house: Served) -> dict[str, list[str]]:
    """Give what the house knows, by the names that parameters and fields have; and under each what it does not know."""
    found = {"site": ["MAIN"], "user": ["b-picker"], "station": ["S1"], "sku": ["MUG", "LAMP"], "device": ["D9"]}
    found |= {"channel": ["shop"], "kind": ["shopify", "csv"], "carrier": ["own_van"], "url": [""]}
    found |= {"roles": list(ROLES), "permissions": list(PERMISSIONS)}
    for name, table in (("order", "orders"), ("wave", "wave"), ("shipment", "shipment"), ("customer", "customer")):
        rows = await house.world.database.read(f'SELECT id FROM "{table}"')
        found[name] = [row["id"] for row in rows]
    return {name: [*ids * len(UNKNOWN), *UNKNOWN] for name, ids in found.items()}


def informed(part: Any, known: Mapping[str, list[str]]) -> Any:
    """Give a schema in which what names a thing names one there is, or is one of UNKNOWN."""
    if isinstance(part, list):
        return [informed(item, known) for item in part]
    if not isinstance(part, dict):
        return part
    made = {key: informed(value, known) for key, value in part.items() if key not in SECURITY}
    if "schema" in made and made.get("name") in known:
        made["schema"] = chosen(made["schema"], known[made["name"]])
    if "properties" in made:
        made["additionalProperties"] = False
        for name in made["properties"].keys() & known.keys():
            made["properties"][name] = chosen(made["properties"][name], known[name])
    return made


def chosen(schema: dict[str, Any], values: list[str]) -> dict[str, Any]:
    """Give a schema of these values, or of lists of them; one that refers to another stays."""
    if schema.get("type") == "array":
        return schema | {"items": {"enum": values}}
    return {"enum": values} if schema.get("type") == "string" else schema


def call_all(operations: list[Any], web: httpx.AsyncClient, calls: int) -> Counter[int]:
    """Call all operations in turn, good and bad, until so many calls were made; gives how they were answered."""
    heard: Counter[int] = Counter()
    for turn in count():
        for operation in operations:
            fuzz(operation, GenerationMode.POSITIVE, web, turn, heard)
            if operation.body or operation.query:
                fuzz(operation, GenerationMode.NEGATIVE, web, turn, heard)
            if heard.total() >= calls:
                return heard
    raise AssertionError


def fuzz(operation: Any, mode: GenerationMode, web: httpx.AsyncClient, turn: int, heard: Counter[int]) -> None:
    """Make a few calls of one operation."""

    @seed(turn)
    @settings(HASTY)
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case[Any]) -> None:
        answer = case.call(base_url=str(web.base_url), headers=dict(web.headers), cookies=dict(web.cookies))
        heard[answer.status_code] += 1
        case.validate_response(answer, checks=[not_a_server_error])

    call()


@pytest.mark.soak
async def test_no_call_is_answered_with_a_fault(tmp_path: Path, soak: float) -> None:
    async with served(tmp_path, max_requests=100_000) as house:
        await a_days_work(house.world)
        await house.world.do(PutChannel("shop", "shopify", "s3cret"))
        async with signed_in(house, "admin", "D1") as web:
            found = informed((await web.get("/schema/openapi.json")).json(), await ids_of(house))
            schema = schemathesis.openapi.from_dict(found)
            every = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
            todo = [operation for operation in every if operation.path != SIGN_OUT]
            heard = await asyncio.to_thread(call_all, todo, web, int(CALLS * soak))
            assert (await web.get("/api/me")).status_code == 200
        assert {200, 201, 400, 401, 404, 409} <= heard.keys(), heard
        assert house.faults == []
