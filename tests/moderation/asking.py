"""What the tests of flags and appeals share."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.consultations.models import Consultation
from app.database import Database
from app.moderation import appeals, flags
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds
from app.moderation.models import Appeal, Decision, Flag
from app.permissions import Actor
from app.record.log import log_id
from app.record.models import Entry
from tests.making import Made

BASE = "https://plenary.example.org"
WHY = Grounds(reason="Because of a rule.", rule="1")


async def flag(
    database: Database, actor: Actor, id: UUID, rule: str | None = "1", note: str | None = "It names my neighbour."
) -> Flag:
    async with database.writing() as session:
        return await flags.flag(session, actor, id, rule, note)


async def appeal(database: Database, actor: Actor, id: UUID, words: str = "It was no insult.") -> Appeal:
    async with database.writing() as session:
        return await appeals.appeal(session, actor, id, words)


async def answer(
    database: Database, actor: Actor, id: UUID, outcome: str = "upheld", reason: str | None = "I read it so, too."
) -> Appeal:
    async with database.writing() as session:
        return await appeals.decide_appeal(session, actor, id, outcome, reason)


async def act(
    database: Database, actor: Actor, what: str, id: UUID, revision: UUID | None = None, grounds: Grounds = WHY
) -> Decision:
    async with database.writing() as session:
        return await VERBS[what](session, actor, id, revision, grounds)


async def hides_at(database: Database, made: Made, threshold: int) -> None:
    """The consultation's definition says that so many flags hide."""
    async with database.writing() as session:
        details = await session.scalar(select(Consultation.details).where(Consultation.id == made.id))
        changed = {**(details or {}), "moderation": {"hide_at_flags": threshold}}
        await session.execute(update(Consultation).where(Consultation.id == made.id).values(details=changed))


async def flags_on(database: Database, id: UUID) -> list[Flag]:
    async with database.writing() as session:
        return list(await session.scalars(select(Flag).where(Flag.contribution_id == id).order_by(Flag.id)))


async def appeals_on(database: Database, id: UUID) -> list[Appeal]:
    async with database.writing() as session:
        return list(await session.scalars(select(Appeal).where(Appeal.contribution_id == id).order_by(Appeal.id)))


async def entries(database: Database, made: Made, log: str, *beginnings: str) -> list[tuple[str, dict[str, Any]]]:
    """The kinds and payloads of a log, those whose kind begins like one of these."""
    async with database.writing() as session:
        query = select(Entry.kind, Entry.payload).where(Entry.record_id == log_id(log, made.id))  # type: ignore[arg-type]
        rows = (await session.execute(query.order_by(Entry.seq))).all()
    return [(row.kind, row.payload) for row in rows if row.kind.startswith(beginnings)]
