"""People for the tests, and the service log to look into."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import record
from app.accounts.actions import complete_profile
from app.accounts.actors import actor_of_person
from app.accounts.people import find_or_register
from app.accounts.profile_form import ProfileForm
from app.database import Database
from app.permissions import Actor
from app.record.models import Entry


@dataclass(frozen=True)
class ServiceLog:
    """The service log, as the tests read it."""

    database: Database

    async def kinds(self) -> list[str]:
        return [entry.kind for entry in await self.all()]

    async def last(self) -> Entry:
        return (await self.all())[-1]

    async def all(self) -> list[Entry]:
        async with self.database.writing() as session:
            query = select(Entry).where(Entry.record_id == record.log_id("service", None)).order_by(Entry.seq)
            return list(await session.scalars(query))


@pytest.fixture
async def service_log(database: Database) -> ServiceLog:
    async with database.writing() as session:
        await record.ensure_service_log(session)
    return ServiceLog(database)


Registered = Callable[..., Awaitable[Actor]]


@pytest.fixture
def registered(database: Database, service_log: ServiceLog) -> Registered:
    """Somebody with an account and, where fields of the profile are given, a profile."""

    async def register(email: str = "ana@example.org", **fields: Any) -> Actor:
        async with database.writing() as session:
            person, _new = await find_or_register(session, email)
            actor = await actor_of_person(session, person)
            if fields:
                await complete_profile(session, actor, ProfileForm(**fields), consents=True)
                actor = await actor_of_person(session, person)
        return actor

    return register


CONSULTATION = UUID("0190d6a0-0000-7000-8000-000000000001")


@pytest.fixture
def consultation() -> UUID:
    """Accounts know consultations by their id alone."""
    return CONSULTATION
