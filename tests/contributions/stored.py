"""What is in the database of contributions, as the tests look at it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.contributions.document import load
from app.contributions.models import Contribution, Publication, Revision
from app.database import Database
from app.record.log import log_id
from app.record.models import Entry
from tests.making import Made


async def kinds(database: Database, made: Made, log: Any = "public") -> list[str]:
    """The kinds of a log's entries since the consultation was set up."""
    async with database.writing() as session:
        rows = await session.scalars(
            select(Entry.kind).where(Entry.record_id == log_id(log, made.id)).order_by(Entry.seq)
        )
        return [kind for kind in rows if not kind.startswith(("consultation.", "topic.", "phase."))]


async def document(database: Database, id: UUID) -> dict[str, Any] | None:
    """What is public of a contribution, with its counts."""
    async with database.reading() as connection:
        row = (await connection.execute(select(Publication).where(Publication.contribution_id == id))).one_or_none()
    return None if row is None else load(row.document) | {"replies": row.replies, "seq": row.seq}


async def stored(database: Database, id: UUID) -> Contribution:
    async with database.writing() as session:
        found = await session.get(Contribution, id)
        assert found is not None
        return found


async def revisions(database: Database, id: UUID) -> list[Revision]:
    async with database.writing() as session:
        query = select(Revision).where(Revision.contribution_id == id).order_by(Revision.number)
        return list((await session.scalars(query)).all())
