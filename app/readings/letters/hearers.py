"""Who may hear of what, as parts of queries over many people at once: what is public, and who would be told of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Subquery, Uuid, any_, func, literal, or_, select, true, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.models import Membership, Person
from app.accounts.private_consultations import let_in
from app.accounts.suspensions import ROLE as SUSPENDED
from app.consultations.models import Consultation
from app.contributions.models import Author, Contribution, Publication
from app.readings.followed import NUMBERS, Scope

_DESK = ("moderator", "organiser")
_UNSET = "UTC"  # of a profile: as good as no answer


def said(contributions: ColumnElement[Any]) -> Subquery:
    """Those contributions of an array that are public: where they stand, who wrote them, and who what they answer."""
    answered, its_author = aliased(Contribution), aliased(Author)
    return (
        select(
            Publication.contribution_id, Publication.consultation_id, Publication.topic_id, Publication.thread_id,
            Publication.number, Publication.kind, Author.person_id.label("author"),
            its_author.person_id.label("answered"),
        )
        .join(Contribution, Contribution.id == Publication.contribution_id)
        .outerjoin(Author, Author.id == Contribution.author_id)
        .outerjoin(answered, answered.id == Publication.parent_id)
        .outerjoin(its_author, its_author.id == answered.author_id)
        .where(Publication.contribution_id == any_(contributions))
        .subquery("said")
    )  # fmt: skip


def may_hear(person: Any, consultation: Any, now: Any = None) -> ColumnElement[bool]:
    """That somebody has an account with an address, is not suspended there and, where it is private, a member.

    A query that is made once gives a parameter for `now`.
    """
    now = literal(clock.now()) if now is None else now
    present = select(Person.id).where(Person.id == person, Person.erased.is_(None), Person.email.is_not(None))
    suspended = select(Membership.id).where(
        Membership.person_id == person, Membership.consultation_id == consultation, Membership.role == SUSPENDED,
        Membership.ended.is_(None), or_(Membership.until.is_(None), Membership.until > now),
    )  # fmt: skip
    return present.exists() & ~suspended.exists() & let_in(person, consultation, now)


def taking_part(consultation: UUID) -> Select[Any]:
    """Everybody of whom something is public there."""
    return (
        select(Author.person_id.label("person"))
        .join(Contribution, Contribution.author_id == Author.id)
        .join(Publication, Publication.contribution_id == Contribution.id)
        .where(Author.consultation_id == consultation, Author.person_id.is_not(None))
        .distinct()
    )


def on_the_desk(consultation: UUID | None = None, contribution: UUID | None = None) -> Select[*tuple[Any, ...]]:
    """Who moderates where: there, or anywhere; of one topic only who may decide on this contribution in it."""
    query = select(Membership.person_id.label("person"), Membership.consultation_id.label("consultation")).where(
        Membership.role.in_(_DESK), Membership.ended.is_(None), or_(Membership.until.is_(None),
                                                                   Membership.until > clock.now()),
    )  # fmt: skip
    if consultation is not None:
        query = query.where(Membership.consultation_id == consultation)
    if contribution is not None:
        topic = select(Contribution.topic_id).where(Contribution.id == contribution).scalar_subquery()
        query = query.where(or_(Membership.topic_id.is_(None), Membership.topic_id == topic))
    return query.distinct()


def local_time(person: Any, consultation: Any) -> ColumnElement[Any]:
    """The time of day where somebody lives: as their profile says or else in this consultation's zone."""
    own = select(func.nullif(Person.time_zone, _UNSET)).where(Person.id == person).scalar_subquery()
    its = select(Consultation.time_zone).where(Consultation.id == consultation).scalar_subquery()
    return func.timezone(func.coalesce(own, its, _UNSET), literal(clock.now()))


def newest_number(consultation: Any) -> ColumnElement[int]:
    """The highest number of what is public in a consultation; 0 where nothing is."""
    highest = select(func.max(Publication.number)).where(Publication.consultation_id == consultation)
    return func.coalesce(highest.scalar_subquery(), 0)


def answers_to(person: Any, above: ColumnElement[int]) -> Select[Any]:
    """What was answered to somebody, of numbers above this, which may name `Publication.consultation_id`."""
    answered = aliased(Contribution)
    return (
        select(Publication.contribution_id)
        .join(answered, answered.id == Publication.parent_id)
        .join(Author, Author.id == answered.author_id)
        .where(Author.person_id == person, Publication.number > above)
    )


def consultations_of(person: UUID) -> Select[*tuple[Any, ...]]:
    """Where somebody has written, each with the highest number of what is public there."""
    where = select(Author.consultation_id.label("consultation"), newest_number(Author.consultation_id).label("number"))
    return where.where(Author.person_id == person)


async def new_to(
    session: AsyncSession, person: UUID, followed: Sequence[tuple[Scope, UUID, int]],
    replies_above: Mapping[UUID, int] | None, most: int,
) -> list[UUID]:  # fmt: skip
    """What is new in each of these (a scope, its thing, the number up to which all was told), and what was answered to
    somebody, above these numbers by consultation; None: that is not asked."""
    parts: list[Select[Any]] = []
    for scope, place in NUMBERS.items():
        asked = [(thing, number) for its, thing, number in followed if its == scope]
        if asked:
            parts.append(_above(place, asked, most))
    if replies_above is not None:
        told = _unnested(list(replies_above.items()))
        number = select(told.c.number).where(told.c.thing == Publication.consultation_id).scalar_subquery()
        parts.append(answers_to(person, func.coalesce(number, 0)).order_by(Publication.number).limit(most))
    if not parts:
        return []
    return list(await session.scalars(union(*(select(part.subquery()) for part in parts))))


def _above(place: Any, asked: Sequence[tuple[UUID, int]], most: int) -> Select[Any]:
    given = _unnested(asked)
    new = (
        select(Publication.contribution_id)
        .where(place == given.c.thing, Publication.number > given.c.number)
        .order_by(Publication.number)
        .limit(most)
        .lateral("new")
    )
    return select(new.c.contribution_id).select_from(given).join(new, true())


def _unnested(pairs: Sequence[tuple[UUID, int]]) -> Any:
    things = literal([thing for thing, _number in pairs], ARRAY(Uuid()))
    numbers = literal([number for _thing, number in pairs], ARRAY(Integer()))
    return func.unnest(things, numbers).table_valued("thing", "number").render_derived()


async def place_of_thread(session: AsyncSession, thread: UUID) -> UUID | None:
    """The consultation that a thread is in; None where there is no such thread."""
    return await session.scalar(select(Contribution.consultation_id).where(Contribution.id == thread))
