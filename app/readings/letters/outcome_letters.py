"""What mails about the outcome of a flag or an appeal need to say. Needs a write session."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.accounts.models import Person
from app.accounts.private_consultations import let_in
from app.consultations.models import Consultation
from app.contributions.models import Author, Contribution, Revision
from app.moderation.models import Appeal, Decision, Flag
from app.readings.letters.letters import rule_in_full
from app.readings.spoken import title_in

_SHOWN = 120  # characters of a text without a title


@dataclass(frozen=True, slots=True)
class FlagLetter:
    """What became of a report, told to who made it. It quotes nobody's text."""

    email: str
    language: str
    consultation: str
    number: int
    path: str
    outcome: str
    act: str | None  # of the decision that closed it
    reason: str | None
    rule: str | None


@dataclass(frozen=True, slots=True)
class AppealLetter:
    """What became of an appeal, told to the author."""

    email: str
    language: str
    consultation: str
    contact: str | None
    about: str | None  # the author's own title, or how the text begins
    path: str
    act: str  # of the decision that was looked at again
    outcome: str
    reason: str | None
    by_same: bool


async def flag_letter(session: AsyncSession, flag: UUID, person: UUID) -> FlagLetter | None:
    """The letter to who raised a flag; None where it is open, either is gone, or they may not read the text now."""
    query = (
        _to_person(
            person, Contribution.number, Flag.outcome, Decision.act, Decision.reason, Decision.rule,
        )
        .join(Flag, (Flag.contribution_id == Contribution.id) & (Flag.person_id == person))
        .outerjoin(Decision, Decision.id == Flag.decision_id)
        .where(Flag.id == flag, Flag.closed.is_not(None), let_in(Flag.person_id, Consultation.id))
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    return FlagLetter(
        email=row.email, language=row.language, consultation=title_in(row.language, row.consultation, row.details),
        number=row.number, path=f"/c/{row.slug}/{row.number}", outcome=row.outcome, act=row.act, reason=row.reason,
        rule=rule_in_full(row.details, row.rule),
    )  # fmt: skip


async def appeal_letter(session: AsyncSession, appeal: UUID, person: UUID) -> AppealLetter | None:
    """The letter to who appealed; None where it is not answered, or either is gone."""
    query = (
        _to_person(
            person, Contribution.id.label("contribution"), Contribution.number, Appeal.outcome, Appeal.reason,
            Appeal.by_same, Decision.act, Author.id.label("author"), Revision.title, Revision.body,
        )
        .join(Appeal, (Appeal.contribution_id == Contribution.id) & (Appeal.person_id == person))
        .join(Decision, Decision.id == Appeal.decision_id)
        .outerjoin(Author, (Author.id == Contribution.author_id) & (Author.person_id == person))
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
        .where(Appeal.id == appeal, Appeal.decided.is_not(None))
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    own = row.author is not None
    return AppealLetter(
        email=row.email, language=row.language, consultation=title_in(row.language, row.consultation, row.details),
        contact=row.details.get("contact"),
        about=(row.title or text.excerpt(row.body or "", _SHOWN) or None) if own else None,
        path=f"/c/{row.slug}/{row.number or row.contribution}", act=row.act, outcome=row.outcome, reason=row.reason,
        by_same=bool(row.by_same),
    )  # fmt: skip


async def kept_outcomes(session: AsyncSession, told: Collection[tuple[str, UUID, UUID]]) -> set[tuple[str, UUID, UUID]]:
    """Those of these letters (`flag` or `appeal`, which, its reader) of which neither account nor text was erased."""
    standing: set[tuple[str, UUID, UUID]] = set()
    for kind, table in (("flag", Flag), ("appeal", Appeal)):
        ids = {id for each, id, _person in told if each == kind}
        erased = exists().where(Revision.contribution_id == table.contribution_id, Revision.state == "erased")
        query = select(table.id, table.person_id).where(table.id.in_(ids), ~erased, table.person_id.is_not(None))
        standing |= {(kind, row.id, row.person_id) for row in await session.execute(query)}
    return {letter for letter in told if letter in standing}


def _to_person(person: UUID, *columns: Any) -> Select[Any]:
    return (
        select(
            Person.email, Person.language, Consultation.slug, Consultation.title.label("consultation"),
            Consultation.details, *columns,
        )
        .select_from(Contribution)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .join(Person, and_(Person.id == person, Person.erased.is_(None), Person.email.is_not(None)))
    )  # fmt: skip
