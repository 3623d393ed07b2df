"""The whole application as a server that listens, in the test's own process and on its own database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from app.database import Database
from app.main import create_app


@dataclass(frozen=True, slots=True)
class Site:
    """A server that runs."""

    url: str
    app: FastAPI


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[Site]:
    """A server, for as long as the block runs. Only what listens for signals while it runs is told to end by them."""
    app = create_app(database)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield Site(f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", app)
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, 10)
