"""Codings as rapporteurs see them. Words are cut from revisions that are public when somebody reads, and never stored:
so of a text that left the public nothing but its number is shown. Needs a write session.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.accounts.models import Person
from app.contributions.models import Contribution, Revision
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.synthesis.coders import called, label
from app.synthesis.coding_models import Code, Coder, Coding, Memo

_MOST_WORDS = 1_000
_FIRST_WORDS = 240


@dataclass(frozen=True, slots=True)
class MemoView:
    """A memo, and who wrote it."""

    id: UUID
    body: str
    label: str
    who: str | None
    mine: bool
    made: datetime


@dataclass(frozen=True, slots=True)
class CodingView:
    """One coding. `words` are the passage, or the text's first words; empty once these are no longer public."""

    id: UUID
    code: UUID
    name: str
    colour: str
    contribution: UUID
    number: int
    revision: int
    begin: int | None
    end: int | None
    state: str  # current, revised; hidden, withdrawn, merged or erased: then nothing but the number is shown
    words: str
    language: str
    label: str  # of the coder: A, B …
    who: str | None
    mine: bool
    made: datetime
    memos: Sequence[MemoView] = ()

    @property
    def is_public(self) -> bool:
        """Whether the coded words can be read."""
        return self.state in ("current", "revised")

    def json(self) -> dict[str, Any]:
        """As the API gives it: nobody is named."""
        passage = None if self.begin is None else {"start": self.begin, "end": self.end}
        return {
            "id": str(self.id), "code": str(self.code), "contribution": str(self.contribution), "number": self.number,
            "revision": self.revision, "passage": passage, "words": self.words if passage and self.is_public else None,
            "state": self.state, "coder": "you" if self.mine else self.label, "made": clock.iso(self.made),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which codings are asked for; None: all."""

    code: UUID | None = None
    contribution: UUID | None = None
    coder: str | None = None  # a label, or `you`


async def on_texts(
    session: AsyncSession, actor: Actor, contributions: Collection[UUID], *, everybody: bool = False
) -> dict[UUID, list[CodingView]]:
    """The codings of these texts: the viewer's in the order of the text and, where wanted, those of others after them.

    For what was asked in a way that required the permission already.
    """
    query = _SELECT.where(Coding.contribution_id.in_(contributions))
    if not everybody:
        query = query.where(Coder.person_id == actor.person)
    found: dict[UUID, list[CodingView]] = {id: [] for id in contributions}
    for row in await session.execute(query):
        found[row.contribution_id].append(_view(row, actor))
    for views in found.values():
        views.sort(key=lambda each: (not each.mine, each.label, each.begin or 0, each.name.casefold(), each.id))
    return found


async def of_code(
    session: AsyncSession, code: UUID, actor: Actor, limit: int, after: UUID | None
) -> tuple[list[CodingView], bool]:
    """Codings of a code in the order in which they were made, and whether there are more."""
    query = _SELECT.where(Coding.code_id == code, *([Coding.id > after] if after else []))
    rows = (await session.execute(query.order_by(Coding.id).limit(limit + 1))).all()
    return [_view(row, actor) for row in rows[:limit]], len(rows) > limit


async def page(
    session: AsyncSession, actor: Actor, consultation: UUID, asked: Asked, limit: int, cursor: str | None
) -> tuple[list[CodingView], str | None]:
    """Codings for the API, in the order in which they were made, and the cursor of the next page.

    Raises Unauthenticated, Forbidden, Malformed.
    """
    require(actor, "outcome.read", Thing(consultation))
    purpose = f"{consultation}:codings"
    query = _SELECT.where(Coding.consultation_id == consultation)
    if asked.code is not None:
        query = query.where(Coding.code_id == asked.code)
    if asked.contribution is not None:
        query = query.where(Coding.contribution_id == asked.contribution)
    if asked.coder is not None:
        query = query.where(Coding.coder_id == await _coder(session, actor, consultation, asked.coder))
    if cursor is not None:
        query = query.where(Coding.id > UUID(cursors.unseal(purpose, cursor)[0]))
    rows = (await session.execute(query.order_by(Coding.id).limit(limit + 1))).all()
    views = [_view(row, actor) for row in rows[:limit]]
    return views, cursors.seal(purpose, [str(views[-1].id)]) if len(rows) > limit else None


async def coded_words(session: AsyncSession, actor: Actor, consultation: UUID, coding: UUID) -> str:
    """The passage that somebody coded; empty where it was the whole text, is no longer public, or is none of here.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "outcome.read", Thing(consultation))
    row = (await session.execute(_SELECT.where(Coding.consultation_id == consultation, Coding.id == coding))).first()
    return "" if row is None or row.begin is None else _view(row, actor).words


async def memos_on_text(session: AsyncSession, actor: Actor, contribution: UUID) -> list[MemoView]:
    """What was noted about a text."""
    return [memo for _coding, memo in await _memos(session, actor, Memo.contribution_id == contribution)]


async def memos_on_code(session: AsyncSession, actor: Actor, code: UUID) -> list[MemoView]:
    """What was noted about a code."""
    return [memo for _coding, memo in await _memos(session, actor, Memo.code_id == code)]


async def memos_on_codings(
    session: AsyncSession, actor: Actor, codings: Collection[UUID]
) -> dict[UUID, list[MemoView]]:  # fmt: skip
    """What was noted about these codings."""
    found: dict[UUID, list[MemoView]] = {}
    if codings:
        for coding, memo in await _memos(session, actor, Memo.coding_id.in_(codings)):
            if coding is not None:
                found.setdefault(coding, []).append(memo)
    return found


async def _coder(session: AsyncSession, actor: Actor, consultation: UUID, wanted: str) -> UUID:
    """The coder of this label. Raises Invalid where there is none."""
    query = select(Coder.id, Coder.number, Coder.person_id).where(Coder.consultation_id == consultation)
    rows = (await session.execute(query)).all()
    if wanted == "you":
        return next((row.id for row in rows if row.person_id == actor.person), UUID(int=0))
    for row in rows:
        if label(row.number) == wanted:
            return UUID(str(row.id))
    raise errors.Invalid({"coder": _("There is no such coder here.")})


async def _memos(session: AsyncSession, actor: Actor, which: Any) -> list[tuple[UUID | None, MemoView]]:
    query = (
        select(Memo, Coder.number, Coder.name, Coder.person_id, Person.name)
        .join(Coder, Coder.id == Memo.coder_id)
        .outerjoin(Person, Person.id == Coder.person_id)
        .where(which)
        .order_by(Memo.id)
    )
    return [
        (
            memo.coding_id,
            MemoView(memo.id, memo.body, label(number), called(named, name, person), _is(person, actor), memo.made),
        )
        for memo, number, named, person, name in await session.execute(query)
    ]


# The words are cut by the database: a page of codings is not a page of whole texts.
_BODY = func.substr(
    Revision.body, func.coalesce(Coding.begin, 0) + 1,
    func.coalesce(Coding.end - Coding.begin, _FIRST_WORDS * 4),
)  # fmt: skip
_SELECT: Select[*tuple[Any, ...]] = (
    select(
        Coding.id, Coding.code_id, Code.name, Code.colour, Coding.contribution_id, Coding.revision, Coding.begin,
        Coding.end, Coding.made, Coder.number.label("coder"), Coder.person_id, Coder.name.label("named"),
        Person.name.label("person"), Contribution.number, Contribution.status, Revision.state, Revision.language,
        _BODY.label("words"),
    )
    .join(Code, Code.id == Coding.code_id)
    .join(Coder, Coder.id == Coding.coder_id)
    .outerjoin(Person, Person.id == Coder.person_id)
    .join(Contribution, Contribution.id == Coding.contribution_id)
    .outerjoin(
        Revision,
        (Revision.contribution_id == Coding.contribution_id) & (Revision.number == Coding.revision) & Revision.visible,
    )
)  # fmt: skip


def _view(row: Any, actor: Actor) -> CodingView:
    state = _state(row)
    public = state in ("current", "revised")
    most = _FIRST_WORDS if row.begin is None else _MOST_WORDS
    return CodingView(
        id=row.id, code=row.code_id, name=row.name, colour=row.colour, contribution=row.contribution_id,
        number=row.number, revision=row.revision, begin=row.begin, end=row.end, state=state,
        words=text.excerpt(row.words or "", most) if public else "", language=row.language if public else "und",
        label=label(row.coder), who=called(row.named, row.person, row.person_id), mine=_is(row.person_id, actor),
        made=row.made,
    )  # fmt: skip


def _is(person: UUID | None, actor: Actor) -> bool:
    return person is not None and person == actor.person


def _state(row: Any) -> str:
    if row.status != "published":
        return str(row.status)
    if row.words is None:  # the contribution is public, and this revision of it destroyed
        return "erased"
    return "current" if row.state == "public" else "revised"
