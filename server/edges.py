"""The edges of a house: HTTP, the websocket, the pages. `create_app` puts them around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from server import traces
from server.analytics import routes as analytics
from server.app import WIRING
from server.bus import Bus
from server.catalog import routes as catalog
from server.customers import routes as customers
from server.db.engine import Database
from server.house import open_house
from server.imports import routes as imports
from server.jobs import routes as jobs
from server.kernel.clock import Clock, now
from server.live import routes as live
from server.live.hub import Hub
from server.orders import routes as orders
from server.packing import routes as packing
from server.packing.bridged import Bridged
from server.payments import routes as payments
from server.people import routes as people
from server.picking import routes as picking
from server.settings import Settings
from server.shipping import routes as shipping
from server.sites import routes as sites
from server.stock import routes as stock
from server.waves import planning
from server.waves import routes as waves
from server.web import auth, errors, health, hosts, limits, openapi, pages, requests, security

SLICES = (
    people,
    sites,
    catalog,
    customers,
    jobs,
    orders,
    imports,
    payments,
    stock,
    waves,
    picking,
    packing,
    shipping,
    analytics,
    live,
    health,
)


def _bus(state: State) -> Bus:
    return state.bus  # type: ignore[no-any-return]


def _database(state: State) -> Database:
    return state.database  # type: ignore[no-any-return]


def _settings(state: State) -> Settings:
    return state.settings  # type: ignore[no-any-return]


def _clock(state: State) -> Clock:
    return state.clock  # type: ignore[no-any-return]


def _bridged(state: State) -> Bridged:
    return state.hub.bridged  # type: ignore[no-any-return]


DEPENDENCIES = {
    "bus": Provide(_bus, sync_to_thread=False),
    "database": Provide(_database, sync_to_thread=False),
    "settings": Provide(_settings, sync_to_thread=False),
    "clock": Provide(_clock, sync_to_thread=False),
    "bridged": Provide(_bridged, sync_to_thread=False),
    "actor": Provide(auth.provide_actor, sync_to_thread=False),
    "op_id": Provide(auth.provide_op_id, sync_to_thread=False),
    "entrance": Provide(hosts.provide_entrance, sync_to_thread=False),
}


def create_app(settings: Settings, clock: Clock = now) -> Litestar:
    """Make the application; the house is opened when it starts and closed in order when it stops."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_house(settings, WIRING, clock) as house:
            hub = Hub(house.bus)
            house.bus.listeners.append(hub.committed)
            house.bell.listeners.append(hub.wake)
            app.state.update(bus=house.bus, database=house.database, settings=settings, clock=clock, hub=hub)
            app.state.update(house=house, pace=limits.Pace())
            await hub.start()
            try:
                yield
            finally:
                await hub.stop()
                planning.stop()

    return Litestar(
        route_handlers=[*(handler for piece in SLICES for handler in piece.HANDLERS), *pages.ROUTES],
        lifespan=[lifespan],
        dependencies=DEPENDENCIES,
        guards=[auth.guard],
        exception_handlers=errors.HANDLERS,
        before_send=[security.secure],
        middleware=[traces.http],
        request_class=requests.StrictRequest,
        request_max_body_size=settings.max_body,
        openapi_config=openapi.config("0.1.0"),
        logging_config=None,
    )
