"""Appeals: for moderators what waits for an answer, for authors how they stand. Needs a write session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.accounts.roles import holders
from app.consultations.models import Topic
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.moderation.appeals import APPEALABLE, DECIDER, DECIDERS, STANDING, in_effect, to_judge
from app.moderation.models import Appeal, Decision
from app.permissions import Actor, Thing, may, require
from app.readings import cursors
from app.readings.moderation.on_desk import on_desk


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal that waits, with the decision it is against and the text. What the byline withholds is withheld."""

    id: UUID
    contribution: UUID
    words: str
    created: datetime
    number: int | None
    status: str
    topic: str
    decision: UUID
    act: str
    rule: str | None
    decided: datetime
    decision_reason: str | None
    kind: str
    title: str | None
    body: str | None
    html: str | None
    language: str
    byline: str
    author_name: str | None
    organisation_name: str | None
    may_answer: bool  # this viewer; who decided may not, while anybody else could
    by_same: bool  # this viewer decided, and nobody else could answer

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "contribution": str(self.contribution), "number": self.number, "status": self.status,
            "topic": self.topic, "decision": {
                "id": str(self.decision), "act": self.act, "rule": self.rule, "reason": self.decision_reason,
                "decided": clock.iso(self.decided),
            },
            "words": self.words, "created": clock.iso(self.created), "kind": self.kind, "title": self.title,
            "body": self.body, "html": self.html, "language": self.language, "byline": self.byline,
            "author": {"name": self.author_name} if self.author_name else None,
            "organisation": {"name": self.organisation_name} if self.organisation_name else None,
            "may_answer": self.may_answer,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AppealedPage:
    """One page of what waits for an answer, and the cursor of the next."""

    items: Sequence[Appealed]
    next: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an author stands to the decisions on one text: whether they can appeal, and what became of their appeals."""

    possible: Decision | None
    appeal: Appeal | None  # the newest


async def appealed(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int = 50, cursor: str | None = None
) -> AppealedPage:
    """One page of the appeals that wait, oldest first. Raises Unauthenticated, Forbidden, Malformed."""
    require(actor, "queue.read", Thing(consultation))
    query = _WAITING.where(Appeal.consultation_id == consultation, *on_desk(actor, consultation))
    purpose = f"{consultation}:appeals"
    if cursor is not None:
        created, id = cursors.unseal(purpose, cursor)
        query = query.where(tuple_(Appeal.created, Appeal.id) > tuple_(datetime.fromisoformat(created), UUID(id)))
    rows = (await session.execute(query.order_by(Appeal.created, Appeal.id).limit(limit + 1))).all()
    topics = {row.topic_id for row in rows[:limit]}
    people = {topic: await holders(session, consultation, DECIDERS, topic) for topic in topics}
    items = [_appealed(actor, people[row.topic_id], row) for row in rows[:limit]]
    last = [items[-1].created.isoformat(), str(items[-1].id)] if len(rows) > limit else None
    return AppealedPage(items, cursors.seal(purpose, last) if last else None)


async def standings(session: AsyncSession, contributions: Collection[UUID]) -> dict[UUID, Standing]:
    """How the author of each of these texts stands, in three queries whatever their number."""
    decisions: dict[UUID, list[Decision]] = {id: [] for id in contributions}
    query = select(Decision).where(Decision.contribution_id.in_(contributions), Decision.act.in_(APPEALABLE))
    for decision in await session.scalars(query.order_by(Decision.id.desc())):
        if decision.contribution_id is not None:
            decisions[decision.contribution_id].append(decision)
    made: dict[UUID, list[Appeal]] = {id: [] for id in contributions}
    for appeal in await session.scalars(
        select(Appeal).where(Appeal.contribution_id.in_(contributions)).order_by(Appeal.id.desc())
    ):
        made[appeal.contribution_id].append(appeal)
    states = select(Contribution.id, Contribution.status, Revision.id.label("newest"), Revision.state).join(
        Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest)
    )
    return {
        row.id: _standing(row, decisions[row.id], made[row.id])
        for row in await session.execute(states.where(Contribution.id.in_(contributions)))
    }


async def appeal_of(session: AsyncSession, actor: Actor, id: UUID) -> dict[str, Any]:
    """An appeal for its author and for moderators, as the API gives it. Raises NotFound for everybody else."""
    given = await session.get(Appeal, id)
    text = await session.get(Contribution, given.contribution_id) if given else None
    if given is None or text is None:
        raise errors.NotFound(_("There is no such appeal."))
    if not may(actor, "contribution.read", Thing(given.consultation_id, given.person_id, topic=text.topic_id)):
        raise errors.NotFound(_("There is no such appeal."))
    return {**_own(given), "status": text.status}


async def made_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """A person's own appeals, those after the appeal `after`, as JSON-able values."""
    query = select(Appeal).where(Appeal.person_id == person).order_by(Appeal.id).limit(limit)
    return [_own(given) for given in await session.scalars(query.where(Appeal.id > after) if after else query)]


_OPEN = Appeal.decided.is_(None) & Appeal.words.is_not(None) & Contribution.status.in_(STANDING)
_JUDGED = func.coalesce(
    Decision.revision_id,
    select(Revision.id)
    .where(Revision.contribution_id == Appeal.contribution_id, Revision.state == "public")
    .correlate(Appeal)
    .scalar_subquery(),
)
_WAITING = (
    select(
        Appeal, DECIDER.label("decider"), Contribution.topic_id, Contribution.number, Contribution.status,
        Topic.slug.label("topic"),
        Decision.id.label("decision"), Decision.act, Decision.rule, Decision.decided,
        Decision.reason.label("decision_reason"), Contribution.kind, Revision.title, Revision.body, Revision.html,
        Revision.language, Revision.byline, Revision.author_name, Revision.organisation_name,
    )
    .join(Decision, Decision.id == Appeal.decision_id)
    .join(Contribution, Contribution.id == Appeal.contribution_id)
    .join(Topic, Topic.id == Contribution.topic_id)
    .join(Revision, Revision.id == _JUDGED)
    .where(_OPEN)
)  # fmt: skip


def _appealed(actor: Actor, people: Collection[UUID], row: Any) -> Appealed:
    columns = row._asdict()
    given, decider, topic = (columns.pop(name) for name in ("Appeal", "decider", "topic_id"))
    allowed = may(actor, "appeal.decide", to_judge(people, given, decider, topic))
    return Appealed(
        id=given.id, contribution=given.contribution_id, words=given.words, created=given.created, may_answer=allowed,
        by_same=allowed and actor.person == decider, **columns,
    )  # fmt: skip


def _standing(row: Any, decisions: Sequence[Decision], made: Sequence[Appeal]) -> Standing:
    rejected = row.newest if row.state == "rejected" else None
    before = {appeal.decision_id for appeal in made}
    holding = (one for one in in_effect(row.status, rejected, decisions) if one.id not in before)
    return Standing(next(holding, None), made[0] if made else None)


def _own(given: Appeal) -> dict[str, Any]:
    return {
        "id": str(given.id), "contribution": str(given.contribution_id), "decision": str(given.decision_id),
        "words": given.words, "created": clock.iso(given.created), "outcome": given.outcome, "reason": given.reason,
        "role": given.role, "by_same": bool(given.by_same), "decided": clock.iso(given.decided),
    }  # fmt: skip
