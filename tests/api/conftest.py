"""The API alone, in front of a real database. Every answer that any test gets is held against the OpenAPI document."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app import api as surface
from app.database import Database
from tests.api.document import conforms
from tests.api.talk import Talk, talk
from tests.making import Made, make

BASE = "https://plenary.example"


@pytest.fixture
def application(database: Database) -> FastAPI:
    """An application with nothing but the API."""
    app = FastAPI(openapi_url=None)
    app.state.database, app.state.base_url = database, None
    surface.install(app)
    return app


@pytest.fixture
async def api(application: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client without a key."""
    transport = ASGITransport(application, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url=BASE, event_hooks={"response": [conforms]}) as client:
        yield client


@pytest.fixture
async def made(database: Database) -> Made:
    """The founding consultation and a person in each role."""
    return await make(database)


@pytest.fixture
async def said(database: Database, api: AsyncClient, made: Made) -> Talk:
    """The API in the founding consultation, with a key for everyone."""
    return await talk(database, api, made)
