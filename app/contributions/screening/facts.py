"""What was written before, as far as screening asks: one statement, which keeps the new text's fingerprint as well.

A text that is too short to be compared, of somebody who is not new, asks nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    ColumnElement,
    LargeBinary,
    Uuid,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.contributions.models import Author, Contribution, Revision
from app.contributions.screening.fingerprints import ALIKE, Print
from app.contributions.screening.signs import FIRST, Sign
from app.contributions.screening_models import Fingerprint
from app.database.prepared import Prepared

_OWN_COPIES = 2  # that somebody may have sent before: twice the same is an accident


@dataclass(frozen=True, slots=True)
class Writer:
    """What is asked of the person who writes."""

    person: UUID
    since: datetime | None  # a new account: its texts since then are counted
    most: int  # of them
    first: bool  # whether anything of theirs is public


async def of_writer(session: AsyncSession, writer: Writer) -> list[Sign]:
    """Signs that the writer gives, whatever the text."""
    if writer.since is None and not writer.first:
        return []
    asked = _about_the_writer(writer.since is not None, writer.first)
    row = await asked.row(session, person=writer.person, since=writer.since)
    return list(_about_writer(row, writer.most))


async def of_text(
    session: AsyncSession, writer: Writer, contribution: Contribution, revision: UUID, made: Print
) -> list[Sign]:
    """As `of_writer`, and what is known of the text; its fingerprint is kept for those that come after."""
    row: Any = await _about_the_text(writer.since is not None, writer.first).row(
        session, person=writer.person, since=writer.since, revision=revision,
        contribution=contribution.id, consultation=contribution.consultation_id, author=contribution.author_id,
        exact=made.exact, similar=made.similar, now=clock.now(),
    )  # fmt: skip
    signs = list(_about_writer(row, writer.most))
    if row["others"] or row["own"] >= _OWN_COPIES:
        copies = {"copies": row["others"] + row["own"]}  # whose they are is not said: a byline may withhold it
        signs.append(Sign("repeated", copies | ({"number": row["number"]} if row["number"] else {})))
    if row["removed"]:
        signs.append(Sign("removed"))
    return signs


def _about_writer(row: Any, most: int) -> Iterator[Sign]:
    if not row["known"]:
        yield Sign(FIRST)
    if row["recent"] >= most:
        yield Sign("rate")  # how many is not said: it would tie what bylines keep apart


def still_removed() -> ColumnElement[bool]:
    """Whether what was removed once still is: it may have been restored, or published after all."""
    return or_(Contribution.status == "rejected", Contribution.status == "hidden", Revision.state == "rejected")


_MOMENT = TIMESTAMP(timezone=True)
_PERSON, _SINCE = bindparam("person", type_=Uuid()), bindparam("since", type_=_MOMENT)
_CONTRIBUTION, _CONSULTATION = bindparam("contribution", type_=Uuid()), bindparam("consultation", type_=Uuid())
_EXACT, _SIMILAR = bindparam("exact", type_=LargeBinary()), bindparam("similar", type_=BigInteger())

_THEIRS = Contribution.author_id.in_(select(Author.id).where(Author.person_id == _PERSON))
_PUBLIC = exists(select(Contribution.id).where(_THEIRS, Contribution.status == "published"))


def _of_writer(counted: bool, first: bool) -> tuple[Any, Any]:
    """How many texts are new, and whether one is public; nothing is looked up that is not asked."""
    texts = select(func.count()).select_from(Contribution).where(_THEIRS, Contribution.created > _SINCE)
    recent = texts.scalar_subquery() if counted else literal(0)
    return recent.label("recent"), (_PUBLIC if first else true()).label("known")


_BY_OTHERS = Contribution.author_id.is_distinct_from(bindparam("author", type_=Uuid()))
_COPIES = (
    select(
        func.count().filter(_BY_OTHERS).label("others"),
        func.count().filter(~_BY_OTHERS).label("own"),
        func.min(Contribution.number).filter(Contribution.status == "published").label("number"),
    )
    .select_from(Fingerprint)
    .join(Contribution, Contribution.id == Fingerprint.contribution_id)
    .where(
        Fingerprint.consultation_id == _CONSULTATION,
        Fingerprint.exact == _EXACT,
        Fingerprint.contribution_id != _CONTRIBUTION,
    )
    .subquery("copies")
)
_DIFFERING = func.bit_count(cast(Fingerprint.similar.op("#")(_SIMILAR), BIT(64)))
_ALIKE = exists(
    select(Fingerprint.revision_id)
    .join(Contribution, Contribution.id == Fingerprint.contribution_id)
    .join(Revision, Revision.id == Fingerprint.revision_id)
    .where(
        Fingerprint.consultation_id == _CONSULTATION,
        Fingerprint.removed,
        # An edit of a text is much like the edit that was rejected, and yet may be what was wanted.
        or_(Fingerprint.exact == _EXACT, (Fingerprint.contribution_id != _CONTRIBUTION) & (_DIFFERING <= ALIKE)),
        still_removed(),
    )
)
_KEPT = (
    insert(Fingerprint)
    .values(
        revision_id=bindparam("revision", type_=Uuid()), contribution_id=_CONTRIBUTION, consultation_id=_CONSULTATION,
        exact=_EXACT, similar=_SIMILAR, created=bindparam("now", type_=_MOMENT),
    )
    .cte("kept")
)  # fmt: skip


@cache
def _about_the_writer(counted: bool, first: bool) -> Prepared:
    return Prepared(select(*_of_writer(counted, first)))


@cache
def _about_the_text(counted: bool, first: bool) -> Prepared:
    asked = (_COPIES.c.others, _COPIES.c.own, _COPIES.c.number, _ALIKE.label("removed"))
    return Prepared(select(*_of_writer(counted, first), *asked).add_cte(_KEPT))
