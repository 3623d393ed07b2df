"""Translations for the tests: offered as somebody, and what is public of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.contributions import translating
from app.contributions.translating import Wording
from app.contributions.translation_models import Translation
from app.database import Database
from app.moderation import translations as deciding
from app.moderation.deciding import Grounds, Options
from app.moderation.models import Decision
from app.permissions import Actor
from tests.contributions.stored import document
from tests.making import Made

BECAUSE = Grounds(reason="Because of a rule.", rule="1")


async def offer(
    database: Database, made: Made, id: UUID, actor: Actor | None = None, language: str = "fr", **fields: Any
) -> Translation:
    """Offer as another participant than the author: of revision 1, unless `fields` say otherwise."""
    given: dict[str, Any] = {"revision": 1, "title": "Une proposition", "body": "Des *mots*."} | fields
    async with database.writing() as session:
        return await translating.offer(session, actor or made.other, id, Wording(language=language, **given))


async def judge(
    database: Database, made: Made, act: str, row: Translation, actor: Actor | None = None, grounds: Grounds = BECAUSE
) -> Decision:
    """Decide about a translation as the moderator, with a reason."""
    async with database.writing() as session:
        verb = deciding.VERBS[f"{act}-translation"]
        return await verb(
            session, actor or made.moderator, row.contribution_id, None, grounds, Options(translation=row.id)
        )


async def public(database: Database, id: UUID) -> list[dict[str, Any]]:
    """The translations in what is public of a contribution."""
    found: list[dict[str, Any]] = (await document(database, id) or {})["translations"]
    return found


async def kept(database: Database, id: UUID) -> list[Translation]:
    """The rows, whatever their status, as they were made."""
    async with database.writing() as session:
        query = select(Translation).where(Translation.contribution_id == id).order_by(Translation.id)
        return list((await session.scalars(query)).all())
