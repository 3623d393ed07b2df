"""Builds the ASGI app, nothing else: surfaces on one side, the database and the worker on the other."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import api, web, worker
from app.config import Settings, settings
from app.database import Database
from app.errors import OperatorError
from app.inbound import hook, lmtp


def create_app(database: Database | None = None) -> FastAPI:
    """The whole application. Without `database` the settings' one is opened when it starts and closed when it stops."""
    app = FastAPI(title="Plenary", lifespan=_lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.database = database
    api.install(app)
    hook.install(app)
    web.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    chosen, given = settings(), app.state.database
    database: Database = given or _opened(chosen)
    app.state.database, app.state.base_url = database, chosen.base_url
    stop = asyncio.Event()
    work = asyncio.create_task(worker.run(database, chosen.base_url or f"http://{chosen.host}:{chosen.port}", stop))
    _settle_garbage_collection()
    try:
        async with lmtp.listening(database, chosen):
            yield
    finally:
        stop.set()
        await work
        if not given:
            await database.close()


def _opened(chosen: Settings) -> Database:
    if chosen.database_url is None:
        raise OperatorError("No database: start the server with python3 -m app, or set PLENARY_DATABASE_URL.")
    read_url = chosen.read_database_url.get_secret_value() if chosen.read_database_url else None
    return Database(chosen.database_url.get_secret_value(), read_url, chosen.database_pool)


def _settle_garbage_collection() -> None:
    """What start-up made stays for good: looking through it again at each collection made the slowest pages slow."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
