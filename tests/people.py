"""People for the tests, and the service log to look into."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import record
from app.accounts.actions import complete_profile
from app.accounts.actors import actor_of_person
from app.accounts.people import find_or_register
from app.accounts.profile_form import ProfileForm
from app.database import Database
from app.permissions import Actor
from app.record.models import Entry

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Someone(Actor):
    """An actor who is surely a person, with a session where one was started."""

    person: UUID = NOBODY
    session: UUID = NOBODY


def someone(actor: Actor) -> Someone:
    """The same actor, surely a person."""
    assert actor.person is not None
    known = {field.name: getattr(actor, field.name) for field in fields(actor)}
    return Someone(**known | {"session": actor.session or NOBODY})


@dataclass(frozen=True)
class People:
    """Registers people: call it with an address and the fields of a profile, if they are to have one."""

    database: Database

    async def __call__(self, email: str = "ana@example.org", **profile: Any) -> Someone:
        async with self.database.writing() as session:
            await record.ensure_service_log(session)
            person, _new = await find_or_register(session, email)
            if profile:
                actor = await actor_of_person(session, person)
                await complete_profile(session, actor, ProfileForm(**profile), consents=True)
            return someone(await actor_of_person(session, person))


@dataclass(frozen=True)
class ServiceLog:
    """The service log, as the tests read it."""

    database: Database

    async def kinds(self) -> list[str]:
        return [entry.kind for entry in await self.all()]

    async def last(self) -> Entry:
        return (await self.all())[-1]

    async def all(self) -> Sequence[Entry]:
        async with self.database.writing() as session:
            query = select(Entry).where(Entry.record_id == record.log_id("service", None)).order_by(Entry.seq)
            return (await session.scalars(query)).all()
