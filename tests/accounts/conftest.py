"""What the tests of accounts share."""

from uuid import UUID

import pytest

from app import record
from app.database import Database
from tests.people import People, ServiceLog


@pytest.fixture
async def service_log(database: Database) -> ServiceLog:
    """The service log, begun and empty."""
    async with database.writing() as session:
        await record.ensure_service_log(session)
    return ServiceLog(database)


@pytest.fixture
def registered(database: Database) -> People:
    """Registers people."""
    return People(database)


@pytest.fixture
def consultation() -> UUID:
    """Accounts know consultations by their id alone."""
    return UUID("0190d6a0-0000-7000-8000-000000000001")
