"""What waits for moderators, as queries: texts, edits, flags, appeals and texts that a check held, in one order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Join,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    case,
    cast,
    exists,
    func,
    join,
    literal,
    literal_column,
    or_,
    outerjoin,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.models import Person
from app.consultations.models import Topic
from app.contributions.models import Contribution, Revision
from app.contributions.screening_models import Screening
from app.moderation.models import Appeal, Claim, Flag

Reason = Literal["new", "edit", "flag", "appeal", "screened"]
REASONS: tuple[Reason, ...] = ("new", "edit", "flag", "appeal", "screened")
_GONE = ("withdrawn", "merged", "erased")  # nothing is left to decide about


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue is asked for; None: all of it."""

    reason: str | None = None
    topic: str | None = None
    language: str | None = None
    organisation: str | None = None  # its name, where the byline shows it
    hours: int | None = None  # waits for longer than this
    overdue: bool = False
    free: UUID | None = None  # what nobody else than this person has in hand
    topics: Collection[UUID] | None = None  # those that the one who asks moderates


def queue_of(consultation: UUID, asked: Asked, promise: int | None) -> Select[Any]:
    """Everything that waits, as far as asked for, unordered."""
    waits = _grouped(consultation, asked.reason)
    # What waits comes first: Postgres keeps to the order of so many tables, and few of all contributions wait.
    query = _columns(waits, join(waits, Contribution, waits.c.contribution == Contribution.id))
    return query.where(Contribution.status.not_in(_GONE), *_filters(waits, asked, promise))


def these_of(
    consultation: UUID, contributions: Collection[UUID], topics: Collection[UUID] | None
) -> Select[Any]:  # fmt: skip
    """Some contributions of these topics as the queue shows them, whether or not anything of them waits."""
    waits = _grouped(consultation, None, contributions)
    query = _columns(waits, outerjoin(Contribution, waits, waits.c.contribution == Contribution.id))
    query = query.where(Contribution.id.in_(contributions), Contribution.consultation_id == consultation)
    return query if topics is None else query.where(Contribution.topic_id.in_(topics))


def counts_of(consultation: UUID, asked: Asked, promise: int | None) -> Select[Any]:
    """How much waits: in all, beyond the promise, and for each reason."""
    found = queue_of(consultation, asked, promise).subquery()
    late = found.c.since < _promised(promise) if promise is not None else literal(False)
    each: list[Any] = [
        func.count().filter(literal(reason) == any_(found.c.reasons)).label(reason) for reason in REASONS
    ]
    query: Select[Any] = select(func.count().label("total"), func.count().filter(late).label("overdue"), *each)
    return query.select_from(found)


def choices_of(consultation: UUID, topics: Collection[UUID] | None) -> Select[Any]:
    """The languages and the organisations that occur in the queue of these topics."""
    found = queue_of(consultation, Asked(topics=topics), None).subquery()
    return select(found.c.language, found.c.organisation_name).distinct()


def signs_of(revisions: list[UUID]) -> Select[Any]:
    """What automatic checks noticed in these revisions."""
    query = select(Screening.revision_id, Screening.sign, Screening.detail)
    return query.where(Screening.revision_id.in_(revisions)).order_by(Screening.revision_id, Screening.sign)


def _grouped(consultation: UUID, reason: str | None, these: Collection[UUID] | None = None) -> Subquery:
    """One row for each contribution of which something waits: since when, why, and how many flags."""
    each = union_all(*(part for part in _parts(consultation, these))).subquery()
    query = select(
        each.c.contribution, func.min(each.c.since).label("since"), func.array_agg(each.c.reason).label("reasons"),
        func.sum(each.c.flags).label("flags"),
    ).group_by(each.c.contribution)  # fmt: skip
    return (query.having(func.bool_or(each.c.reason == reason)) if reason else query).subquery()


def _parts(consultation: UUID, these: Collection[UUID] | None) -> list[Select[Any]]:
    waits = [Contribution.consultation_id == consultation, Contribution.waits_since.is_not(None)]
    flags = [Flag.consultation_id == consultation, Flag.closed.is_(None)]
    appeals = [Appeal.consultation_id == consultation, Appeal.decided.is_(None), Appeal.words.is_not(None)]
    if these is not None:
        waits.append(Contribution.id.in_(these))
        flags.append(Flag.contribution_id.in_(these))
        appeals.append(Appeal.contribution_id.in_(these))
    new_or_edit = case((Contribution.number.is_(None), "new"), else_="edit")
    return [
        _part(Contribution.id, Contribution.waits_since, new_or_edit).where(*waits),
        _part(Contribution.id, Contribution.waits_since, literal("screened")).where(*waits, _screened()),
        _part(Flag.contribution_id, func.min(Flag.created), literal("flag"), func.count())
        .where(*flags)
        .group_by(Flag.contribution_id),
        _part(Appeal.contribution_id, func.min(Appeal.created), literal("appeal"))
        .where(*appeals)
        .group_by(Appeal.contribution_id),
    ]


def _part(id: Any, since: Any, reason: Any, flags: Any = literal_column("0")) -> Select[Any]:  # noqa: B008
    return select(
        id.label("contribution"), since.label("since"), cast(reason, Text).label("reason"), flags.label("flags")
    )


def _screened() -> ColumnElement[bool]:
    waiting = aliased(Revision)
    return exists().where(
        Screening.revision_id == waiting.id,
        waiting.contribution_id == Contribution.id,
        waiting.state == "waiting",
    )


# What is to be judged: what waits or else what is public or, of what was never public, its newest text.
_SHOWN = (
    select(Revision)
    .where(Revision.contribution_id == Contribution.id)
    .order_by(case((Revision.state == "waiting", 0), (Revision.state == "public", 1), else_=2), Revision.number.desc())
    .limit(1)
    .lateral("shown")
)
_Shown = aliased(Revision, _SHOWN)
_Public, _Answered, _Parent, _Root = aliased(Revision), aliased(Revision), aliased(Contribution), aliased(Contribution)


def _columns(waits: Subquery, texts: Join) -> Select[Any]:
    query: Select[Any] = select(
        Contribution.id, Contribution.number, Contribution.kind, Contribution.status, Topic.slug.label("topic"),
        waits.c.since, waits.c.reasons, waits.c.flags, _Shown.id.label("revision"), _Shown.state,
        _Shown.number.label("revision_number"), _Shown.title, _Shown.body, _Shown.html, _Shown.language,
        _Shown.questions, _Shown.places, _Shown.attachments, _Shown.byline, _Shown.author_id, _Shown.author_name,
        _Shown.organisation_name, _Shown.mandate, _Parent.number.label("parent_number"),
        _Root.number.label("root_number"), Contribution.provenance,
        _Public.id.label("public_revision"), _Public.title.label("public_title"),
        _Public.body.label("public_body"), _Answered.body.label("parent_body"), Claim.person_id.label("claimant"),
        Claim.until, Person.name.label("claimant_name"),
    )  # fmt: skip
    return (
        query.select_from(texts)
        .join(_Shown, literal(True))
        .join(Topic, Topic.id == Contribution.topic_id)
        .join(_Root, _Root.id == Contribution.thread_id)
        .outerjoin(_Parent, _Parent.id == Contribution.parent_id)
        .outerjoin(
            _Answered, and_(_Answered.contribution_id == _Parent.id, _Answered.state == "public", _Answered.visible)
        )
        .outerjoin(_Public, and_(_Public.contribution_id == Contribution.id, _Public.state == "public"))
        .outerjoin(Claim, and_(Claim.contribution_id == Contribution.id, Claim.until > clock.now()))
        .outerjoin(Person, Person.id == Claim.person_id)
    )


def _filters(waits: Subquery, asked: Asked, promise: int | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.topics is not None:
        found.append(Contribution.topic_id.in_(asked.topics))
    if asked.topic is not None:
        found.append(Topic.slug == asked.topic)
    if asked.language is not None:
        found.append(_Shown.language == asked.language)
    if asked.organisation is not None:
        found.append(_Shown.organisation_name == asked.organisation)
    if asked.hours is not None:
        found.append(waits.c.since < clock.now() - timedelta(hours=asked.hours))
    if asked.overdue:
        found.append(waits.c.since < _promised(promise) if promise is not None else literal(False))
    if asked.free is not None:
        found.append(or_(Claim.person_id.is_(None), Claim.person_id == asked.free))
    return found


def _promised(hours: int | None) -> datetime:
    return clock.now() - timedelta(hours=hours or 0)
