"""The coding desk: texts to read, narrowed down in many ways, and how far each topic is. Needs a write session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.countries import REGION_OF
from app.contributions.models import Contribution, Publication, Revision
from app.permissions import Actor, Thing, require
from app.readings.coding import codings, gists
from app.readings.coding.codings import CodingView
from app.readings.coding.gists import GistView
from app.readings.views import ContributionView, view
from app.synthesis.coding_models import Coder, Coding, Gist, TextRead

STATES = ("unread", "uncoded")  # as far as the viewer goes
GISTS = ("none", "revised")  # without one; with one for an earlier revision


@dataclass(frozen=True, slots=True)
class Asked:
    """Which texts are asked for; None: all. Facilitators' notes are never among them."""

    topic: UUID | None = None
    question: str | None = None
    code: UUID | None = None  # put on it by the viewer or, with `everybody`, by anyone
    also: UUID | None = None  # another code that is on it as well
    organisation_kind: str | None = None
    region: str | None = None
    language: str | None = None
    channel: str | None = None
    state: str | None = None  # one of STATES
    gist: str | None = None  # one of GISTS
    everybody: bool = False  # others' codings, too
    after: int = 0  # the number of the last text of the page before


@dataclass(frozen=True, slots=True)
class TextView:
    """A text on the desk: whether the viewer has read what it says now, the codings on it, and its gist."""

    view: ContributionView
    read: bool
    revised: bool  # since they read it
    codings: Sequence[CodingView]
    gist: GistView | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a topic is: its texts; how many the viewer has read as they are now, and coded; how many are coded."""

    texts: int = 0
    read: int = 0
    coded: int = 0
    by_all: int = 0


async def texts(
    session: AsyncSession, actor: Actor, consultation: UUID, asked: Asked, limit: int
) -> tuple[list[TextView], bool]:
    """A page of texts by number, and whether there are more. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    query = _SELECT.add_columns(TextRead.revision.label("read")).outerjoin(TextRead, _read_by(actor, _ID))
    query = query.where(Publication.consultation_id == consultation, *_conditions(actor, consultation, asked))
    rows = (await session.execute(query.order_by(Publication.number).limit(limit + 1))).all()
    ids = [row.contribution_id for row in rows[:limit]]
    on = await codings.on_texts(session, actor, ids, everybody=asked.everybody)
    summed_up = await gists.on_texts(session, actor, ids)
    views = [_view(row, on[row.contribution_id], summed_up.get(row.contribution_id)) for row in rows[:limit]]
    return views, len(rows) > limit


async def text(
    session: AsyncSession, actor: Actor, consultation: UUID, number: int, *, everybody: bool
) -> TextView | None:
    """One text with its codings and the memos on them; None where it is not public.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "outcome.read", Thing(consultation))
    query = _SELECT.add_columns(TextRead.revision.label("read")).outerjoin(TextRead, _read_by(actor, _ID))
    query = query.where(Publication.consultation_id == consultation, Publication.number == number)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    on = (await codings.on_texts(session, actor, [row.contribution_id], everybody=everybody))[row.contribution_id]
    memos = await codings.memos_on_codings(session, actor, [each.id for each in on])
    gist = (await gists.on_texts(session, actor, [row.contribution_id])).get(row.contribution_id)
    return _view(row, [replace(each, memos=memos.get(each.id, ())) for each in on], gist)


async def next_unread(session: AsyncSession, actor: Actor, consultation: UUID, after: int) -> int | None:
    """The number of the next text that the viewer has not read. Raises Unauthenticated, Forbidden."""
    found, _more = await texts(session, actor, consultation, Asked(state="unread", after=after), 1)
    return found[0].view.number if found else None


async def languages(session: AsyncSession, consultation: UUID) -> list[str]:
    """The languages of the texts that are public in a consultation."""
    query = select(Publication.language).where(Publication.consultation_id == consultation).distinct()
    return sorted(await session.scalars(query))


async def progress(session: AsyncSession, actor: Actor, consultation: UUID) -> dict[UUID, Progress]:
    """How far each topic is that has texts. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    coded = (
        select(Coding.contribution_id, func.bool_or(Coding.coder_id == _me(actor, consultation)).label("mine"))
        .where(Coding.consultation_id == consultation)
        .group_by(Coding.contribution_id)
        .subquery()
    )
    # Not by publications: all of them would be read, with their documents.
    id, of = Contribution.id, (Contribution.consultation_id == consultation, Contribution.status == "published")
    query = (
        select(
            Contribution.topic_id, func.count().label("texts"), func.count().filter(~_unread(actor, id)).label("read"),
            func.count().filter(coded.c.mine).label("coded"), func.count(coded.c.contribution_id).label("by_all"),
        )
        .outerjoin(TextRead, _read_by(actor, id))
        .outerjoin(coded, coded.c.contribution_id == id)
        .where(*of, Contribution.kind != "note")
        .group_by(Contribution.topic_id)
    )  # fmt: skip
    return {row.topic_id: Progress(row.texts, row.read, row.coded, row.by_all) for row in await session.execute(query)}


_SELECT: Select[*tuple[Any, ...]] = select(
    Publication.contribution_id, Publication.document, Publication.replies, Publication.endorsements
).where(Publication.kind != "note")

_ID, _BEFORE = Publication.contribution_id, aliased(TextRead)


def _read_by(actor: Actor, id: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = (TextRead.contribution_id == id) & (TextRead.person_id == actor.person)
    return condition


def _me(actor: Actor, consultation: UUID) -> Any:
    mine = select(Coder.id).where(Coder.consultation_id == consultation, Coder.person_id == actor.person)
    return mine.scalar_subquery()


def _conditions(actor: Actor, consultation: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Publication.number > asked.after]
    for column, value in (
        (Publication.topic_id, asked.topic),
        (Publication.organisation_kind, asked.organisation_kind),
        (Publication.language, asked.language),
    ):
        if value is not None:
            found.append(column == value)
    if asked.question is not None:
        found.append(Publication.questions.contains([asked.question]))
    if asked.region is not None:
        found.append(Publication.country.in_([code for code, region in REGION_OF.items() if region == asked.region]))
    if asked.channel is not None:
        came = exists().where(Contribution.id == Publication.contribution_id, Contribution.channel == asked.channel)
        found.append(came)
    return [*found, *_done(actor, consultation, asked)]


def _done(actor: Actor, consultation: UUID, asked: Asked) -> list[ColumnElement[bool]]:
    """What rapporteurs have made of the texts that are asked for."""
    me = _me(actor, consultation)
    coder = None if asked.everybody else me
    found = [_coded(coder, Coding.code_id == code) for code in (asked.code, asked.also) if code is not None]
    if asked.state == "unread":
        found.append(_unread(actor, _ID))
    if asked.state == "uncoded":
        found.append(~_coded(me))
    summed_up = exists().where(Gist.contribution_id == Publication.contribution_id)
    if asked.gist == "none":
        found.append(~summed_up)
    if asked.gist == "revised":
        found.append(summed_up.where(Gist.revision < _present(_ID)))
    return found


def _coded(coder: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    by = [Coding.coder_id == coder] if coder is not None else []
    return exists().where(Coding.contribution_id == Publication.contribution_id, *by, *more)


def _unread(actor: Actor, id: Any) -> ColumnElement[bool]:
    """Not read, or in an earlier revision than the one that is public now: which that is, only those few are asked that
    have a later one at all."""
    its = aliased(Contribution)
    since = (
        select(_BEFORE.contribution_id)
        .join(its, its.id == _BEFORE.contribution_id)
        .where(_BEFORE.person_id == actor.person, _BEFORE.revision < its.latest)
    )
    revised: ColumnElement[bool] = id.in_(since) & (TextRead.revision < _present(id))
    return TextRead.revision.is_(None) | revised


def _present(id: Any) -> Any:
    present = select(func.max(Revision.number)).where(Revision.contribution_id == id, Revision.state == "public")
    return present.scalar_subquery()


def _view(row: Any, on: Sequence[CodingView], gist: GistView | None) -> TextView:
    shown = view(row.document, row.replies, row.endorsements)
    return TextView(shown, row.read == shown.revision, row.read is not None and row.read != shown.revision, on, gist)
