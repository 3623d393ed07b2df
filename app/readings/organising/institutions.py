"""The organisers' list of institutions: what was sent to each, and its link. Needs a write session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.language import gettext as _
from app.outreach.addressee_models import Addressee
from app.outreach.addressees import Entry
from app.permissions import Actor, Thing, require
from app.synthesis.sending_models import AnswerLink, Sending


@dataclass(frozen=True, slots=True)
class SentTo:
    """A version that an institution was sent."""

    id: UUID
    what: str
    version: int
    sent: datetime


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """An institution on the list."""

    id: UUID
    institution: str
    kind: str
    email: str
    name: str | None
    language: str
    keep_until: datetime
    sent: Sequence[SentTo] = ()
    asked: Sequence[int] = ()  # the recommendations that its link is for
    link_until: datetime | None = None  # until when that works

    @property
    def entry(self) -> Entry:
        """What the form begins with."""
        return Entry(self.institution, self.kind, self.email, self.name or "", self.language)


async def institutions(session: AsyncSession, actor: Actor, consultation: UUID) -> list[InstitutionView]:
    """All that are on the list, by name. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.send", Thing(consultation))
    query = select(Addressee).where(Addressee.consultation_id == consultation, Addressee.email.is_not(None))
    rows = (await session.scalars(query)).all()
    sent, links = await _sent(session, consultation), await _links(session, consultation)
    found = [
        InstitutionView(
            row.id, row.institution, row.kind, row.email or "", row.name, row.language, row.keep_until,
            sent.get(row.id, ()), links[row.id].recommendations if row.id in links else (),
            links[row.id].expires if row.id in links else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.institution.casefold(), each.id))


async def institution(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> InstitutionView:
    """One of them. Raises Unauthenticated, Forbidden, NotFound."""
    for each in await institutions(session, actor, consultation):
        if each.id == id:
            return each
    raise errors.NotFound(_("There is no such institution on the list."))


async def _sent(session: AsyncSession, consultation: UUID) -> Mapping[UUID, Sequence[SentTo]]:
    query = select(Sending).where(Sending.consultation_id == consultation).order_by(Sending.seq)
    found: dict[UUID, list[SentTo]] = {}
    for row in await session.scalars(query):
        found.setdefault(row.addressee_id, []).append(SentTo(row.id, row.what, row.version, row.sent))
    return found


async def _links(session: AsyncSession, consultation: UUID) -> Mapping[UUID, AnswerLink]:
    query = select(AnswerLink).where(
        AnswerLink.consultation_id == consultation, AnswerLink.revoked.is_(None), AnswerLink.expires > clock.now()
    )
    return {row.addressee_id: row for row in await session.scalars(query.order_by(AnswerLink.id))}
