"""Mail that came in, as its sender sees it on the page of its link, and as moderators see what a text came by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import errors
from app.accounts.byline import speaks_for_one
from app.accounts.vocabulary import BYLINES
from app.consultations.models import Consultation
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.language import reader
from app.mailed import asking
from app.mailed.models import InboundMail, InboundText
from app.permissions import Actor, Thing, require
from app.readings.spoken import title_in


@dataclass(frozen=True, slots=True)
class Became:
    """A contribution that a mail became; its number is None while it waits."""

    number: int | None
    path: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """What opening the link of a mail shows. All but the state is empty where it is over, or no link of ours."""

    state: asking.State
    email: str = ""
    consultation: str = ""
    home: str = "/"  # the page of the consultation
    parts: Sequence[Mapping[str, Any]] = ()
    asks: Sequence[str] = ()
    told: Sequence[str] = ()
    outcome: str = ""  # done, refused, given_up …
    reason: str = ""
    message: str = ""
    became: Sequence[Became] = ()
    bylines: Sequence[str] = ("full", "anonymous")  # to choose from


@dataclass(frozen=True, slots=True)
class Original:
    """A mail as moderators may read it: its words before anything was cut, without a header that names anybody."""

    received: datetime
    unsure: bool
    subject: str | None  # None, as is the text: its byline withholds who wrote it, or it is forgotten
    text: str | None


async def asked(session: AsyncSession, id: UUID, token: str) -> AskedView:
    """What opening this link shows. It changes nothing: mail scanners open links."""
    mail = await session.get(InboundMail, id)
    state = asking.state_of(id, token, mail)
    if mail is None or mail.sender is None or state == "unknown":
        return AskedView(state)
    where = await session.get(Consultation, mail.consultation_id) if mail.consultation_id else None
    return AskedView(
        state, mail.sender, title_in(reader.get(), where.title, where.details) if where else "",
        f"/c/{where.slug}" if where else "/", mail.parts, mail.asks, mail.told, mail.state, mail.reason or "",
        mail.message or "", await became(session, mail.id),
        BYLINES if mail.person_id and await speaks_for_one(session, mail.person_id) else ("full", "anonymous"),
    )  # fmt: skip


async def became(session: AsyncSession, mail: UUID) -> Sequence[Became]:
    """The contributions that a mail became or changed."""
    query = (
        select(Contribution.id, Contribution.number, Consultation.slug)
        .join(InboundText, InboundText.contribution_id == Contribution.id)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .where(InboundText.mail_id == mail)
        .order_by(Contribution.number, Contribution.created)
    )
    return [Became(row.number, f"/c/{row.slug}/{row.number or row.id}") for row in await session.execute(query)]


async def what_became(session: AsyncSession, id: UUID) -> dict[str, Any]:
    """What became of a mail, for the operator: JSON-able values without an address."""
    mail = await session.get_one(InboundMail, id)
    return {
        "id": str(mail.id), "state": mail.state, "reason": mail.reason, "message": mail.message,
        "asks": list(mail.asks),
        "contributions": [{"number": each.number, "path": each.path} for each in await became(session, id)],
    }  # fmt: skip


async def originals_of(
    session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID
) -> Sequence[Original]:  # fmt: skip
    """The mails that a contribution came by, for its moderators. Raises Unauthenticated, Forbidden, NotFound.

    What its byline withholds is withheld, or that of another text which the same mail became: then they see that it
    came by mail, and no more.
    """
    where = select(Contribution.topic_id).where(
        Contribution.id == contribution, Contribution.consultation_id == consultation
    )
    topic = await session.scalar(where)
    require(actor, "queue.read", Thing(consultation))
    if topic is None:
        raise errors.NotFound(_("There is no such contribution in this consultation."))
    require(actor, "contribution.decide", Thing(consultation, topic=topic))
    mails = (
        select(InboundMail, _withholds(InboundMail.id).label("withheld"))
        .join(InboundText, InboundText.mail_id == InboundMail.id)
        .where(InboundText.contribution_id == contribution)
        .order_by(InboundMail.id)
    )
    return [
        Original(mail.received, mail.unsure, None if withheld else mail.subject, None if withheld else mail.text)
        for mail, withheld in await session.execute(mails)
    ]


def _withholds(mail: Any) -> ColumnElement[bool]:
    """That any of the texts which a mail became withholds who wrote it."""
    became = aliased(InboundText)
    return (
        select(became.contribution_id)
        .join(Contribution, Contribution.id == became.contribution_id)
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
        .where(became.mail_id == mail, Revision.byline != "full")
        .exists()
    )


async def kept_mails(session: AsyncSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of these mails of which it is still known who sent them."""
    query = select(InboundMail.id).where(InboundMail.id.in_(ids), InboundMail.sender.is_not(None))
    return set(await session.scalars(query))
