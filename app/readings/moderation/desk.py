"""One contribution on the moderators' desk, in its context. What a byline withholds is withheld here too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.accounts.models import Person
from app.accounts.roles import holders
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.moderation.acts import ON_TRANSLATIONS
from app.moderation.appeals import DECIDER, DECIDERS, to_judge
from app.moderation.models import Appeal, Decision, Flag
from app.permissions import Actor, Thing, may, require
from app.readings.moderation.on_desk import on_desk
from app.readings.moderation.queue import Waiting, these

_LAST = 5  # decisions on an author's other texts


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as colleagues see it."""

    id: UUID
    contribution: UUID | None
    number: int | None
    act: str
    rule: str | None
    reason: str | None
    note: str | None
    by: str | None  # name of who decided; None: the policy, or somebody who left
    role: str | None
    at: datetime
    batch: UUID | None


@dataclass(frozen=True, slots=True)
class Flagged:
    """What somebody reported. Who did is not for the desk."""

    rule: str | None
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal that waits, and the decision it is about."""

    id: UUID
    words: str
    at: datetime
    act: str
    rule: str | None
    reason: str | None
    may_answer: bool  # this viewer; who decided may not, while anybody else could


@dataclass(frozen=True, slots=True)
class History:
    """What an author has said in this consultation under their name: how many texts in each state, what was decided."""

    states: Mapping[str, int]
    decisions: Sequence[Decided]


@dataclass(frozen=True, slots=True)
class InContext:
    """An item with everything that helps to decide."""

    item: Waiting
    previous: tuple[str | None, str] | None  # title and body before: of what is public, or of the revision before
    decisions: Sequence[Decided]
    flags: Sequence[Flagged]
    appeal: Appealed | None
    history: History | None  # None: the byline withholds who it is


@dataclass(frozen=True, slots=True)
class Batched:
    """One decision of a batch, its contribution now, and whether it still is the last word on it."""

    decision: Decided
    item: Waiting
    stands: bool


async def in_context(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> InContext:
    """One contribution as moderators decide about it. Raises Unauthenticated, Forbidden, NotFound."""
    item = (await these(session, actor, consultation, [id])).get(id)
    if item is None:
        raise errors.NotFound(_("There is no such contribution in this consultation."))
    return InContext(
        item,
        previous=await _previous(session, item),
        decisions=await _decisions(session, Decision.contribution_id == id),
        flags=await _flags(session, id),
        appeal=await _appeal(session, actor, id),
        history=await _history(session, actor, consultation, item.author, id) if item.author else None,
    )


async def _previous(session: AsyncSession, item: Waiting) -> tuple[str | None, str] | None:
    if item.public_body is not None:
        return item.public_title, item.public_body
    row = (
        await session.execute(
            select(Revision.title, Revision.body)
            .where(
                Revision.contribution_id == item.contribution, Revision.number < item.revision_number,
                Revision.body.is_not(None),
            )
            .order_by(Revision.number.desc())
            .limit(1)
        )
    ).one_or_none()  # fmt: skip
    return (row.title, row.body or "") if row else None


async def _decisions(session: AsyncSession, which: ColumnElement[bool], limit: int = 100) -> list[Decided]:
    rows = await session.execute(
        select(
            Decision.id, Decision.contribution_id, Decision.number, Decision.act, Decision.rule, Decision.reason,
            Decision.note, Person.name, Decision.role, Decision.decided, Decision.batch_id,
        )
        .outerjoin(Person, Person.id == Decision.decided_by)
        .where(which)
        .order_by(Decision.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [Decided(*row) for row in rows]


async def _flags(session: AsyncSession, id: UUID) -> list[Flagged]:
    rows = await session.execute(
        select(Flag.rule, Flag.note, Flag.created)
        .where(Flag.contribution_id == id, Flag.closed.is_(None))
        .order_by(Flag.created)
        .limit(50)
    )
    return [Flagged(*row) for row in rows]


async def _appeal(session: AsyncSession, actor: Actor, id: UUID) -> Appealed | None:
    query = select(
        Appeal, Decision.act, Decision.rule, Decision.reason, DECIDER.label("decider"), Contribution.topic_id
    )
    query = query.join(Decision, Decision.id == Appeal.decision_id)
    query = query.join(Contribution, Contribution.id == Appeal.contribution_id)
    query = query.where(Appeal.contribution_id == id, Appeal.decided.is_(None), Appeal.words.is_not(None))
    row = (await session.execute(query.order_by(Appeal.created).limit(1))).one_or_none()
    if row is None:
        return None
    given = row[0]
    deciders = await holders(session, given.consultation_id, DECIDERS, row.topic_id)
    allowed = may(actor, "appeal.decide", to_judge(deciders, given, row.decider, row.topic_id))
    return Appealed(given.id, given.words or "", given.created, row.act, row.rule, row.reason, allowed)


async def _history(session: AsyncSession, actor: Actor, consultation: UUID, author: UUID, but: UUID) -> History:
    """Of their other texts under the same name only: what they signed otherwise must not be told by a difference."""
    signed: Any = (
        select(Contribution.id)
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
        .where(
            Contribution.consultation_id == consultation, Revision.author_id == author, Contribution.id != but,
            *on_desk(actor, consultation),
        )
    )  # fmt: skip
    counted = await session.execute(
        select(Contribution.status, func.count()).where(Contribution.id.in_(signed)).group_by(Contribution.status)
    )
    decisions = await _decisions(session, Decision.contribution_id.in_(signed) & (Decision.act != "reveal"), _LAST)
    return History({row[0]: row[1] for row in counted}, decisions)


async def batch(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Sequence[Batched]:
    """The decisions that were made together, and what became of each. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "queue.read", Thing(consultation))
    made = await _decisions(session, (Decision.batch_id == id) & (Decision.consultation_id == consultation), 1_000)
    if not made:
        raise errors.NotFound(_("There is no such batch of decisions."))
    about = [each.contribution for each in made if each.contribution is not None]
    items = await these(session, actor, consultation, about)
    last: dict[UUID | None, UUID] = {
        row.contribution_id: row.id
        for row in await session.execute(
            select(Decision.contribution_id, Decision.id)
            .ext(distinct_on(Decision.contribution_id))
            .where(Decision.contribution_id.in_(about), Decision.act.not_in(ON_TRANSLATIONS))
            .order_by(Decision.contribution_id, Decision.id.desc())
        )
    }
    return [
        Batched(each, items[each.contribution], last.get(each.contribution) == each.id)
        for each in reversed(made)
        if each.contribution in items
    ]
