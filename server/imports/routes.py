"""Imports over HTTP: files are uploaded, and what became of them is read."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Request, get, post
from litestar.params import Parameter
from litestar.response import Stream
from msgspec.structs import replace

from server.bus import Bus
from server.db.engine import Database
from server.imports import reads, webhooks
from server.imports.bring import bring
from server.imports.files import digest, steps
from server.imports.model import Kind, RecordImport, Source
from server.kernel.actor import Actor
from server.people.roles import require_within

MOST_BYTES = 20_000_000
NEEDS = {Kind.ORDERS: "office", Kind.PRODUCTS: "stock", Kind.LAYOUT: "stock", Kind.STOCK: "stock"}
READERS = ("office", "stock")
Key = Annotated[
    str, Parameter(pattern="^[0-9A-Z]{26}$", description="A ULID of the caller's: how to ask how far it is")
]
Name = Annotated[str, Parameter(max_length=200, description="The file's name")]
Limit = Annotated[int, Parameter(ge=1, le=1_000, description="At most so many")]
Position = Annotated[int, Parameter(ge=0, le=2**53, description="Where the page before ended")]


@get("/api/imports", tags=["imports"], summary="What came in", opt={"permission": READERS})
async def list_imports(
    database: Database, limit: Limit = 50, before: str = "", before_at: Position = 0
) -> list[reads.ImportView]:
    """Give imports, the newest first: by file, by upload, and each channel's webhooks day by day."""
    return await reads.imports(database, (before_at, before) if before else None, limit)


@get("/api/imports/{key:str}", tags=["imports"], summary="One import", opt={"permission": READERS})
async def get_import(database: Database, key: str) -> reads.ImportView:
    """Give an import: how much of it is done, how much was refused."""
    return await reads.one(database, key)


@get("/api/imports/{key:str}/rejects", tags=["imports"], summary="What was refused", opt={"permission": READERS})
async def list_rejects(database: Database, key: str, after: Position = 0, limit: Limit = 100) -> list[reads.RejectView]:
    """Give what an import did not take: the row, the column, the reason and what stood there."""
    return await reads.rejects(database, key, after, limit)


@get("/api/imports/{key:str}/rejects.csv", tags=["imports"], summary="Rejects as CSV", opt={"permission": READERS})
async def download_rejects(database: Database, key: str) -> Stream:
    """Give all that an import did not take as CSV, with the text of each as it stood in the file."""
    await reads.one(database, key)
    headers = {"content-disposition": 'attachment; filename="rejects.csv"'}
    return Stream(reads.rejects_csv(database, key), media_type="text/csv; charset=utf-8", headers=headers)


@post(
    "/api/imports",
    tags=["imports"],
    summary="Upload a file",
    opt={"permission": READERS},
    request_max_body_size=MOST_BYTES,
)
async def upload(
    request: Request[Any, Any, Any], bus: Bus, database: Database, actor: Actor, kind: Kind, key: Key, file: Name = ""
) -> reads.ImportView:
    """Take a CSV file; what is bad in it costs nothing else. The answer comes at the end; until then, ask by `key`.

    Order lines need the permission `office`; products, bins (`layout`) and opening `stock` need `stock`.
    """
    require_within(actor, (NEEDS[kind],))
    if await reads.find(database, key) is None:
        body = await request.body()
        found = await asyncio.to_thread(lambda: list(steps(kind, body.splitlines(keepends=True), digest(body))))
        head = RecordImport(key, kind, Source.UPLOAD, "", file, actor.user, total=len(found))
        await bring(bus, bringer(actor, kind), head, found)
    return await reads.one(database, key)


def bringer(actor: Actor, kind: Kind) -> Actor:
    """Give who brings a file in: who may change orders may bring them, too."""
    return replace(actor, permissions=actor.permissions | {"machine"}) if kind is Kind.ORDERS else actor


HANDLERS = [list_imports, get_import, list_rejects, download_rejects, upload, *webhooks.HANDLERS]
