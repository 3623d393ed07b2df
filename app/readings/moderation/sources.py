"""Who was asked to confirm what was transcribed, and what they are shown. Needs a write session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations.floor import floor_of
from app.consultations.models import Consultation
from app.contributions import document
from app.contributions.models import Contribution, Revision
from app.contributions.writing import current_revision
from app.language import gettext as _
from app.language import reader
from app.meetings import sources
from app.meetings.models import Source
from app.permissions import Actor, Thing, require
from app.readings.moderation.on_desk import on_desk
from app.readings.spoken import title_in
from app.readings.views import ContributionView, view

_MOST = 200


@dataclass(frozen=True, slots=True)
class SourceLetter:
    """What the mail to a source needs."""

    email: str
    language: str
    consultation: str
    channel: str
    path: str
    days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What opening a link shows: the newest text that was entered, for its source alone."""

    state: sources.State
    slug: str = ""
    consultation: str = ""
    revision: UUID | None = None
    text: ContributionView | None = None


@dataclass(frozen=True, slots=True)
class SourceView:
    """One question to a source, for the moderators. The address is not shown to anybody."""

    id: UUID
    contribution: UUID
    number: int | None
    title: str | None
    asked: datetime
    expires: datetime
    answered: datetime | None
    answer: str | None
    words: str | None

    @property
    def is_open(self) -> bool:
        """Whether an answer may still come."""
        return self.answered is None and self.expires > clock.now()


async def source_letter(session: AsyncSession, source: UUID) -> SourceLetter | None:
    """The letter to a source; None once it is answered, over or gone."""
    query = (
        select(Source.email, Source.language, Source.expires, Source.created, Source.answered, Contribution.channel,
               Consultation.title, Consultation.details)
        .join(Contribution, Contribution.id == Source.contribution_id)
        .join(Consultation, Consultation.id == Source.consultation_id)
        .where(Source.id == source)
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    if row is None or row.email is None or row.expires <= clock.now():
        return None
    days = (row.expires - row.created).days
    title = title_in(row.language, row.title, row.details)
    return SourceLetter(row.email, row.language, title, row.channel, sources.link_path(source), days)


async def asked(session: AsyncSession, source: UUID, token: str) -> Asked:
    """What opening this link shows. It changes nothing: mail scanners open links."""
    row = await session.get(Source, source) if sources.holds_link(source, token) else None
    if row is None:
        return Asked("unknown")
    contribution = (await session.scalars(select(Contribution).where(Contribution.id == row.contribution_id))).one()
    floor = await floor_of(session, topic=contribution.topic_id)
    consultation = select(Consultation.title, Consultation.details).where(Consultation.id == row.consultation_id)
    title = title_in(reader.get(), *(await session.execute(consultation)).one())
    state = sources.state_of(row, contribution.status)
    if state != "good":
        return Asked(state, floor.slug, title)
    revision = await current_revision(session, contribution)
    if revision.state not in ("public", "waiting"):
        return Asked("gone", floor.slug, title)
    fields = document.fields(contribution, revision, floor) | {"status": "published", "number": contribution.number}
    return Asked("good", floor.slug, title, revision.id, view(fields))


async def just_asked(session: AsyncSession, source: UUID) -> dict[str, Any]:
    """A question to a source as the API answers who asked it, without the address. Raises NotFound."""
    found = await session.get(Source, source)
    if found is None:
        raise errors.NotFound(_("The text was erased meanwhile, and this question with it."))
    return {
        "id": str(found.id), "contribution": str(found.contribution_id), "created": clock.iso(found.created),
        "expires": clock.iso(found.expires),
    }  # fmt: skip


async def in_consultation(
    session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID | None = None
) -> Sequence[SourceView]:
    """Whom moderators asked, of one text or of all, newest first: first those who say that something is wrong.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "queue.read", Thing(consultation))
    query = (
        select(Source, Contribution.number, Revision.title)
        .join(Contribution, Contribution.id == Source.contribution_id)
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
        .where(Source.consultation_id == consultation, *on_desk(actor, consultation))
        .order_by((Source.answer == "wrong").is_not(True), Source.id.desc())
        .limit(_MOST)
    )
    if contribution is not None:
        query = query.where(Source.contribution_id == contribution)
    return [
        SourceView(row.id, row.contribution_id, number, title, row.created, row.expires, row.answered, row.answer,
                   row.words)
        for row, number, title in (await session.execute(query)).all()
    ]  # fmt: skip
