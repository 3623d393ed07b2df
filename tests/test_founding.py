"""What most tests begin with is what the application makes of the definition, whichever way it came."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.consultations.models import Consultation
from app.database import Database
from app.permissions import OPERATOR
from app.record.models import Entry
from tests.founding import put_in
from tests.making import DEFINITIONS, SLUG

pytestmark = pytest.mark.anyio
FILE = DEFINITIONS / f"{SLUG}.toml"


async def test_it_is_as_its_action_leaves_it(database: Database) -> None:
    async with database.writing() as session:
        await put_in(session, FILE)  # from here on it is known
        await session.rollback()
    async with database.writing() as session:
        id = await put_in(session, FILE)
        assert await load_definition(session, OPERATOR, parse(FILE.read_text())) == []
        other = parse(FILE.read_text().replace(f'slug = "{SLUG}"', 'slug = "by-its-action"'))
        await load_definition(session, OPERATOR, other)
        by_action = (await session.scalars(select(Consultation.id).where(Consultation.slug == other.slug))).one()
        assert await told(session, id) == await told(session, by_action)


async def told(session: AsyncSession, consultation: UUID) -> list[tuple[int, str, dict[str, Any]]]:
    """The entries of the public log, whose hashes depend on the identifiers."""
    entries = await session.scalars(select(Entry).where(Entry.record_id == consultation).order_by(Entry.seq))
    return [(each.seq, each.kind, each.payload) for each in entries]
