"""What the answer to a mail needs to say. Needs a write session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations.models import Consultation
from app.mailed.asking import link_path
from app.mailed.models import InboundMail
from app.mailed.settling import ASKED_FOR
from app.readings.mailed import Became, became
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """The one answer to a mail, in the language of its sender."""

    mail: UUID
    email: str
    language: str
    subject: str
    message_id: str | None
    consultation: str
    home: str
    state: str  # asked, done, refused, failed
    reason: str
    message: str  # why it was refused
    asks: Sequence[str]
    told: Sequence[str]
    parts: Sequence[Mapping[str, Any]]
    text: str
    path: str  # where the question is answered
    days: int  # for which the question stands
    became: Sequence[Became]


async def mail_answer(session: AsyncSession, id: UUID) -> MailAnswer | None:
    """The answer to a mail; None where it has been forgotten meanwhile."""
    mail = await session.get(InboundMail, id)
    if mail is None or mail.sender is None:
        return None
    where = await session.get(Consultation, mail.consultation_id) if mail.consultation_id else None
    return MailAnswer(
        mail=mail.id, email=mail.sender, language=mail.language, subject=mail.subject or "",
        message_id=mail.message_id, consultation=title_in(mail.language, where.title, where.details) if where else "",
        home=f"/c/{where.slug}" if where else "/", state=mail.state, reason=mail.reason or "",
        message=mail.message or "", asks=mail.asks, told=mail.told, parts=mail.parts, text=mail.text or "",
        path=link_path(mail.id), days=ASKED_FOR.days, became=await became(session, mail.id),
    )  # fmt: skip
