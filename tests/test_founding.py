"""What most tests begin with is what the application makes of the definition, whichever way it came."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.consultations.models import Consultation, Phase
from app.database import Database
from app.permissions import OPERATOR
from app.record.models import Entry
from tests import founding
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


async def test_it_is_as_of_the_day_that_the_test_lives_in(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(founding, "_loaded", {})
    with monkeypatch.context() as that_year:
        that_year.setattr(clock, "now", lambda: datetime(2016, 7, 20, 12, tzinfo=UTC))
        assert await entered(database) == ["announced"]
    for _way in ("by its action", "as the action left it"):
        assert await entered(database) == ["announced", "open"]


async def entered(database: Database) -> list[str]:
    """Which of its phases have begun when it has just been put in; leaves nothing."""
    async with database.writing() as session:
        id = await put_in(session, FILE)
        query = select(Phase.name).where(Phase.consultation_id == id, Phase.entered.is_not(None))
        phases = list(await session.scalars(query.order_by(Phase.starts)))
        await session.rollback()
    return phases


async def told(session: AsyncSession, consultation: UUID) -> list[tuple[int, str, dict[str, Any]]]:
    """The entries of the public log, whose hashes depend on the identifiers."""
    entries = await session.scalars(select(Entry).where(Entry.record_id == consultation).order_by(Entry.seq))
    return [(each.seq, each.kind, each.payload) for each in entries]
