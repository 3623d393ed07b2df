"""Letters of the moderator, and who received them, for tests."""

from uuid import UUID

from sqlalchemy import select

from app.database import Database
from app.moderation import inviting
from app.moderation.audience import To
from app.moderation.models import Invitation, Invited
from app.permissions import Actor
from tests.making import Made, make_person, say

SUBJECT, WORDS = "A last round", "Would you say more about this?"


async def invite(
    database: Database, made: Made, to: To, *, actor: Actor | None = None, subject: str = SUBJECT, words: str = WORDS,
    id: UUID | None = None,
) -> Invitation:  # fmt: skip
    """Send a letter, as the moderator."""
    async with database.writing() as session:
        return await inviting.invite(session, actor or made.moderator, made.id, to, subject, words, id)


async def readers(database: Database, sent: Invitation) -> set[UUID]:
    """Who received it."""
    async with database.writing() as session:
        return set(await session.scalars(select(Invited.person_id).where(Invited.invitation_id == sent.id)))


async def speak(database: Database, made: Made, *names: str, **fields: object) -> list[Actor]:
    """People who each say something in public."""
    people = [await make_person(database, name) for name in names]
    for person in people:
        await say(database, made, actor=person, **fields)
    return people
