"""What the mails that bring the outcome to institutions, and ask for their answers, need to say. Needs a write
session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations import translations
from app.consultations.models import Consultation
from app.outreach.addressee_models import Addressee
from app.readings.spoken import title_in
from app.synthesis.answering import link_path
from app.synthesis.sending import open_link
from app.synthesis.sending_models import AnswerLink, Sending


@dataclass(frozen=True, slots=True)
class OutcomeLetter:
    """A mail to one institution, in its language. Without `what` it only asks for an answer."""

    email: str
    language: str
    name: str
    institution: str
    consultation_id: UUID
    slug: str
    consultation: str
    organisers: Sequence[str]
    contact: str | None
    what: str | None  # report, summary
    version: int
    answer_path: str | None
    numbers: Sequence[int]
    until: date | None  # until when the link works
    forgotten_on: date


async def outcome_letter(session: AsyncSession, sending: UUID) -> OutcomeLetter | None:
    """The letter that a version goes with; None where the address is gone."""
    query = (
        select(Sending, Addressee, Consultation)
        .join(Addressee, Addressee.id == Sending.addressee_id)
        .join(Consultation, Consultation.id == Sending.consultation_id)
        .where(Sending.id == sending, Addressee.email.is_not(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    link = await open_link(session, row.Addressee.id)
    return _letter(row.Addressee, row.Consultation, link, row.Sending.what, row.Sending.version)


async def answer_letter(session: AsyncSession, link: UUID) -> OutcomeLetter | None:
    """The letter that asks for answers; None where the link is over, or the address is gone."""
    query = (
        select(AnswerLink, Addressee, Consultation)
        .join(Addressee, Addressee.id == AnswerLink.addressee_id)
        .join(Consultation, Consultation.id == AnswerLink.consultation_id)
        .where(AnswerLink.id == link, Addressee.email.is_not(None))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None or (now := await open_link(session, row.Addressee.id)) is None or now.id != link:
        return None
    return _letter(row.Addressee, row.Consultation, now)


async def kept_sendings(session: AsyncSession, sendings: Collection[UUID]) -> set[UUID]:
    """Those of these sendings whose addresses are kept."""
    query = select(Sending.id).join(Addressee, Addressee.id == Sending.addressee_id)
    return set(await session.scalars(query.where(Sending.id.in_(sendings), Addressee.email.is_not(None))))


async def kept_links(session: AsyncSession, links: Collection[UUID]) -> set[UUID]:
    """Those of these links whose addresses are kept."""
    query = select(AnswerLink.id).join(Addressee, Addressee.id == AnswerLink.addressee_id)
    return set(await session.scalars(query.where(AnswerLink.id.in_(links), Addressee.email.is_not(None))))


def _letter(
    to: Addressee, consultation: Consultation, link: AnswerLink | None, what: str | None = None, version: int = 0
) -> OutcomeLetter:
    details: dict[str, Any] = {name: part for name, part in consultation.details.items() if name != "translations"}
    said = consultation.details.get("translations", {}).get(to.language, {})
    details = translations.overlaid(details, said)
    zone = ZoneInfo(consultation.time_zone)
    return OutcomeLetter(
        email=to.email or "", language=to.language, name=to.name or "", institution=to.institution,
        consultation_id=consultation.id, slug=consultation.slug,
        consultation=title_in(to.language, consultation.title, consultation.details),
        organisers=[each["name"] for each in details.get("organisers", ())], contact=details.get("contact"),
        what=what, version=version, answer_path=link_path(link.id) if link else None,
        numbers=link.recommendations if link else (),
        until=link.expires.astimezone(zone).date() if link else None,
        forgotten_on=to.keep_until.astimezone(zone).date(),
    )  # fmt: skip
