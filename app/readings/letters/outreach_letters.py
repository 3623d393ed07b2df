"""What the mail to somebody on an organiser's list needs to say. Needs a write session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Person
from app.consultations import translations
from app.consultations.models import Consultation
from app.outreach.answering import link_path
from app.outreach.models import Invitee, Round
from app.outreach.notes import Note
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class InviteeLetter:
    """An invitation to one reader, in their language."""

    id: UUID
    email: str
    language: str
    name: str
    consultation: str
    path: str  # of the consultation
    link: str  # where it is answered
    subject: str
    words: str
    source: str
    sender: str
    organisers: Sequence[str]
    contact: str | None
    forgotten_on: date  # by then name and address are deleted
    note: Note | None


async def invitee_letter(session: AsyncSession, invitee: UUID) -> InviteeLetter | None:
    """The letter to somebody; None where it was sent, answered or stopped, or its sender has left."""
    query = (
        select(Invitee, Round, Consultation, Person.name.label("sender"))
        .join(Round, Round.id == Invitee.round_id)
        .join(Consultation, Consultation.id == Round.consultation_id)
        .join(Person, Person.id == Round.sent_by)
        .where(Invitee.id == invitee, Invitee.state == "waiting", Invitee.email.is_not(None))
    )
    row = (await session.execute(query)).one_or_none()
    return _letter(*row) if row is not None and row.Invitee.language in row.Round.texts else None


def _letter(invitee: Invitee, made: Round, consultation: Consultation, sender: str | None) -> InviteeLetter:
    words, note = made.texts[invitee.language], None
    if made.note is not None:
        note = Note(made.note_name or "", made.note_type or "", made.note)
    details: dict[str, Any] = {name: part for name, part in consultation.details.items() if name != "translations"}
    said = consultation.details.get("translations", {}).get(invitee.language, {})
    details = translations.overlaid(details, said)
    return InviteeLetter(
        id=invitee.id, email=invitee.email or "", language=invitee.language, name=invitee.name or "",
        consultation=title_in(invitee.language, consultation.title, consultation.details),
        path=f"/c/{consultation.slug}", link=link_path(invitee.id),
        subject=words["subject"], words=words["words"], source=words["source"],
        sender=sender or "", organisers=[each["name"] for each in details.get("organisers", ())],
        contact=details.get("contact"),
        forgotten_on=made.forget_at.astimezone(ZoneInfo(consultation.time_zone)).date(), note=note,
    )  # fmt: skip
