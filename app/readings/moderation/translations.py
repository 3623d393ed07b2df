"""Translations that the public does not read: for their translators, and for moderators what waits.

Those that stand are in each contribution's JSON. Needs a write session. Who translated is never told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.consultations.models import Consultation
from app.contributions.models import Author, Contribution, Revision
from app.contributions.translated import item
from app.contributions.translation_models import STANDING, Translation
from app.permissions import Actor, Thing, may, require
from app.readings import cursors
from app.readings.moderation.on_desk import on_desk

__all__ = ["STANDING", "Waiting", "WaitingPage", "made_by", "one", "own_of", "unseen", "waiting", "waiting_one"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A translation that waits for a moderator, beside the original as it is now."""

    translation: dict[str, Any]
    contribution: UUID
    number: int
    revision: int  # of the original
    title: str | None
    body: str
    html: str
    language: str
    stands: bool  # another one does, in its language

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            **self.translation,
            "contribution": str(self.contribution), "number": self.number,
            "original": {"revision": self.revision, "title": self.title, "body": self.body, "html": self.html,
                         "language": self.language},
            "replaces": self.stands,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """One page of what waits, and the cursor of the next."""

    items: Sequence[Waiting]
    next: str | None


async def waiting(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int = 50, cursor: str | None = None
) -> WaitingPage:
    """One page of the translations that wait, of texts that are public, oldest first.

    Raises Unauthenticated, Forbidden, Malformed.
    """
    require(actor, "queue.read", Thing(consultation))
    query = _waiting().where(Translation.consultation_id == consultation, *on_desk(actor, consultation))
    purpose = f"{consultation}:translations"
    if cursor is not None:
        created, id = cursors.unseal(purpose, cursor)
        position = tuple_(Translation.created, Translation.id)
        query = query.where(position > tuple_(datetime.fromisoformat(created), UUID(id)))
    rows = (await session.execute(query.order_by(Translation.created, Translation.id).limit(limit + 1))).all()
    items = [_item(row) for row in rows[:limit]]
    last = rows[limit - 1][0] if len(rows) > limit else None
    return WaitingPage(items, cursors.seal(purpose, [last.created.isoformat(), str(last.id)]) if last else None)


async def waiting_one(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Waiting | None:
    """One of them; None where it does not wait any more. Raises Unauthenticated, Forbidden."""
    require(actor, "queue.read", Thing(consultation))
    query = _waiting().where(Translation.consultation_id == consultation, *on_desk(actor, consultation))
    query = query.where(Translation.id == id)
    row = (await session.execute(query)).one_or_none()
    return _item(row) if row else None


async def unseen(session: AsyncSession, actor: Actor, contribution: UUID) -> list[dict[str, Any]]:
    """The translations of a contribution that do not stand: the actor's own and, for moderators, those that wait."""
    query = (
        select(Translation, Author.person_id, Contribution.topic_id)
        .join(Contribution, Contribution.id == Translation.contribution_id)
        .outerjoin(Author, Author.id == Translation.author_id)
        .where(Translation.contribution_id == contribution, Translation.status.not_in(STANDING))
        .order_by(Translation.language, Translation.id)
    )

    def is_for(row: Translation, translator: UUID | None, topic: UUID) -> bool:
        if translator is not None and translator == actor.person:
            return True
        thing = Thing(row.consultation_id, topic=topic)
        return row.status == "waiting" and may(actor, "translation.decide", thing)

    return [item(row) for row, translator, topic in await session.execute(query) if is_for(row, translator, topic)]


async def own_of(session: AsyncSession, person: UUID, contribution: UUID) -> list[dict[str, Any]]:
    """A person's own translations of a contribution, but for what others replaced; the newest first."""
    query = (
        select(Translation)
        .join(Author, Author.id == Translation.author_id)
        .where(Translation.contribution_id == contribution, Author.person_id == person)
        .order_by(Translation.id.desc())
    )
    return [item(row) for row in await session.scalars(query)]


async def one(session: AsyncSession, id: UUID) -> dict[str, Any]:
    """A translation as JSON, for who has just offered it."""
    row = await session.get(Translation, id)
    assert row is not None
    return item(row)


async def made_by(session: AsyncSession, person: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """A person's own translations, those after the translation `after`, as JSON-able values."""
    query = (
        select(Translation, Contribution.number, Consultation.slug)
        .join(Author, Author.id == Translation.author_id)
        .join(Contribution, Contribution.id == Translation.contribution_id)
        .join(Consultation, Consultation.id == Translation.consultation_id)
        .where(Author.person_id == person)
        .order_by(Translation.id)
        .limit(limit)
    )
    rows = await session.execute(query.where(Translation.id > after) if after else query)
    return [
        {**item(row), "contribution": str(row.contribution_id), "number": number, "consultation": slug}
        for row, number, slug in rows
    ]


_COLUMNS: tuple[Any, ...] = (
    Translation, Contribution.number, Revision.number.label("public"), Revision.title, Revision.body, Revision.html,
    Revision.language,
)  # fmt: skip


def _waiting() -> Select[Any]:
    other = aliased(Translation)
    stands = (
        select(other.id)
        .where(other.contribution_id == Translation.contribution_id, other.language == Translation.language,
               other.status.in_(STANDING))
        .exists()
    )  # fmt: skip
    return (
        select(*_COLUMNS, stands.label("stands"))
        .join(Contribution, Contribution.id == Translation.contribution_id)
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.state == "public"))
        .where(Translation.status == "waiting", Contribution.status == "published")
    )


def _item(row: Any) -> Waiting:
    translation: Translation = row[0]
    return Waiting(
        item(translation), translation.contribution_id, row.number, row.public, row.title, row.body or "",
        row.html or "", row.language, bool(row.stands),
    )  # fmt: skip
