"""What a mail about a decision needs to say. It shows authors their own text only. Needs a write session."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.accounts.models import Person
from app.consultations.models import Consultation
from app.contributions.models import Author, Contribution, Revision
from app.moderation.appeals import APPEALABLE
from app.moderation.deciding import AUTOMATIC
from app.moderation.models import Decision
from app.readings.spoken import title_in

_SHOWN = 120  # characters of a text without a title


@dataclass(frozen=True, slots=True)
class DecisionLetter:
    """A decision, told to the person it concerns."""

    email: str
    language: str
    consultation: str
    contact: str | None
    act: str
    about: str | None  # the title, or how the text begins; None once it is erased
    is_edit: bool  # what was judged is an edit of a text that had been there before
    still_public: bool
    path: str  # where its author reads it
    reason: str | None
    rule: str | None  # number and title; its text on a second line
    until: datetime | None = None  # of a suspension
    automatic: bool = False  # the consultation's policy did it, and no moderator yet
    appeal_path: str | None = None  # where its author can ask that it be looked at again
    to_change: tuple[UUID, UUID] | None = None  # who is asked to change which text
    body: str | None = None  # of that text, whole


async def decision_letter(session: AsyncSession, decision: UUID, person: UUID) -> DecisionLetter | None:
    """The letter about a decision to a person; None where either is gone, or the account was erased."""
    judged = Revision.id == Decision.revision_id
    newest = Decision.revision_id.is_(None) & (Revision.contribution_id == Contribution.id)
    query = (
        select(
            Person.email, Person.language, Decision.details.label("made"), Consultation.slug,
            Consultation.title.label("consultation"), Consultation.details, Decision.act, Decision.reason,
            Decision.rule, Decision.role, Contribution.number, Contribution.id.label("contribution"),
            Contribution.status, Author.id.label("author"), Revision.number.label("revision"), Revision.title,
            Revision.body,
        )
        .select_from(Decision)
        .join(Contribution, Contribution.id == Decision.contribution_id)
        .join(Consultation, Consultation.id == Decision.consultation_id)
        .join(Person, and_(Person.id == person, Person.erased.is_(None), Person.email.is_not(None)))
        .outerjoin(Author, (Author.id == Contribution.author_id) & (Author.person_id == person))
        .outerjoin(Revision, judged | (newest & (Revision.number == Contribution.latest)))
        .where(Decision.id == decision)
    )  # fmt: skip
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    own = row.author is not None
    asked = own and row.act == "ask"
    return DecisionLetter(
        email=row.email,
        language=row.language,
        consultation=title_in(row.language, row.consultation, row.details),
        contact=row.details.get("contact"),
        act=row.act,
        about=(row.title or text.excerpt(row.body or "", _SHOWN) or None) if own else None,
        is_edit=row.act in ("approve", "reject") and (row.revision or 1) > 1,
        still_public=row.status == "published",
        path=f"/c/{row.slug}/{row.number}" if row.number is not None else "/me",
        reason=row.reason,
        rule=rule_in_full(row.details, row.rule),
        until=datetime.fromisoformat(row.made["until"]) if row.act == "suspend" and row.made else None,
        automatic=row.role == AUTOMATIC,
        appeal_path=f"/c/{row.slug}/{row.number or row.contribution}/appeal" if own and row.act in APPEALABLE else None,
        to_change=(person, row.contribution) if asked else None,
        body=row.body if asked else None,
    )


async def kept_letters(session: AsyncSession, told: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of these letters, each a decision and its reader, of which neither account nor any text was erased."""
    erased = exists().where(Revision.contribution_id == Decision.contribution_id, Revision.state == "erased")
    decisions = select(Decision.id).where(Decision.id.in_({decision for decision, _person in told}), ~erased)
    readers = select(Person.id).where(Person.id.in_({person for _decision, person in told}), Person.erased.is_(None))
    standing, present = set(await session.scalars(decisions)), set(await session.scalars(readers))
    return {(decision, person) for decision, person in told if decision in standing and person in present}


def rule_in_full(details: dict[str, list[dict[str, object]]], number: str | None) -> str | None:
    """Number and title of a rule and, on a second line, its text; None for no rule."""
    if number is None:
        return None
    found = next((rule for rule in details.get("rules", []) if str(rule.get("number")) == number), {})
    return "\n".join(
        [f"{number}. {found.get('title', '')}".strip(), *([str(found["text"])] if "text" in found else [])]
    )
