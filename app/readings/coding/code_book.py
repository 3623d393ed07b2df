"""The code book as rapporteurs see it: the tree of codes, how often each is used, its history.

Needs a write session.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock, errors
from app.accounts.models import Person
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.synthesis.coders import called
from app.synthesis.coding_models import Code, CodeChange, Coder, Coding


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code, and how many codings it has: by the viewer, and in all."""

    id: UUID
    name: str
    definition: str
    colour: str
    parent: UUID | None
    made: datetime
    made_by: UUID | None
    retired: datetime | None
    merged_into: UUID | None
    mine: int = 0
    all: int = 0
    depth: int = 0

    def json(self, earlier: Sequence[str]) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "name": self.name, "definition": self.definition, "colour": self.colour,
            "parent": _text(self.parent), "made": clock.iso(self.made), "retired": clock.iso(self.retired),
            "merged_into": _text(self.merged_into), "earlier_names": list(earlier), "codings": self.all,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One act in a code's history: its own, or that of a code that was merged into it."""

    act: str
    before: Mapping[str, Any]
    code: UUID
    name: str  # of the code as it is called now
    other: UUID | None
    other_name: str | None
    codings: int
    person: str | None  # None: who left
    at: datetime


async def codes(
    session: AsyncSession, actor: Actor, consultation: UUID, *, counted: bool = True
) -> list[CodeView]:  # fmt: skip
    """All codes: those in use as a tree, parents before what is beneath them, by name; then the retired ones. Where it
    does not matter how often each is used, that is not `counted`.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "outcome.read", Thing(consultation))
    used = await _used(session, actor, consultation) if counted else {}
    rows = await session.scalars(select(Code).where(Code.consultation_id == consultation))
    views = [_view(row, used) for row in rows]
    retired = sorted((each for each in views if each.retired), key=_order)
    return [*_tree([each for each in views if not each.retired]), *retired]


async def code(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> CodeView:
    """One code of this consultation. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "outcome.read", Thing(consultation))
    row = await session.scalar(select(Code).where(Code.id == id, Code.consultation_id == consultation))
    if row is None:
        raise errors.NotFound(_("There is no such code."))
    return _view(row, await _used(session, actor, consultation, id))


async def history(session: AsyncSession, code: UUID) -> list[ChangeView]:
    """What became of a code, and of those that were merged into it, newest first."""
    about, other = aliased(Code), aliased(Code)
    query = (
        select(CodeChange, about.name, other.name, Person.name)
        .join(about, about.id == CodeChange.code_id)
        .outerjoin(other, other.id == CodeChange.other_id)
        .outerjoin(Person, Person.id == CodeChange.person_id)
        .where((CodeChange.code_id == code) | ((CodeChange.other_id == code) & (CodeChange.act == "merged")))
        .order_by(CodeChange.id.desc())
    )
    return [
        ChangeView(
            row.act, row.before, row.code_id, name, row.other_id, other_name, row.codings,
            called(None, person, row.person_id), row.at,
        )
        for row, name, other_name, person in await session.execute(query)
    ]  # fmt: skip


async def page(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Codes for the API, in the order in which they were made, and the cursor of the next page.

    Raises Unauthenticated, Forbidden, Malformed.
    """
    require(actor, "outcome.read", Thing(consultation))
    purpose = f"{consultation}:codes"
    query = select(Code).where(Code.consultation_id == consultation)
    if cursor is not None:
        query = query.where(Code.id > UUID(cursors.unseal(purpose, cursor)[0]))
    rows = (await session.scalars(query.order_by(Code.id).limit(limit + 1))).all()
    shown = rows[:limit]
    used = await _used(session, actor, consultation)
    earlier = await _earlier_names(session, [row.id for row in shown])
    items = [_view(row, used).json(earlier.get(row.id, ())) for row in shown]
    return items, cursors.seal(purpose, [str(shown[-1].id)]) if len(rows) > limit else None


async def _earlier_names(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    was = CodeChange.before["name"].astext
    query = select(CodeChange.code_id, was.label("was")).where(CodeChange.code_id.in_(ids), was.is_not(None))
    found: dict[UUID, list[str]] = {}
    for row in await session.execute(query.order_by(CodeChange.id)):
        found.setdefault(row.code_id, []).append(row.was)
    return found


async def _used(
    session: AsyncSession, actor: Actor, consultation: UUID, code: UUID | None = None
) -> Mapping[UUID, tuple[int, int]]:
    """How many codings each code has: by the viewer, and in all."""
    mine = select(Coder.id).where(Coder.consultation_id == consultation, Coder.person_id == actor.person)
    query: Select[*tuple[Any, ...]] = select(
        Coding.code_id, func.count().filter(Coding.coder_id == mine.scalar_subquery()).label("mine"),
        func.count().label("all"),
    ).where(Coding.consultation_id == consultation)  # fmt: skip
    if code is not None:
        query = query.where(Coding.code_id == code)
    return {row.code_id: (row.mine, row.all) for row in await session.execute(query.group_by(Coding.code_id))}


def _view(row: Code, used: Mapping[UUID, tuple[int, int]]) -> CodeView:
    mine, all_ = used.get(row.id, (0, 0))
    return CodeView(
        row.id, row.name, row.definition, row.colour, row.parent_id, row.made, row.made_by, row.retired,
        row.merged_into, mine, all_,
    )  # fmt: skip


def _tree(views: Sequence[CodeView]) -> Iterable[CodeView]:
    """Depth first, by name. What is beneath a retired code stands at the top."""
    known = {each.id for each in views}
    beneath: dict[UUID | None, list[CodeView]] = {}
    for each in sorted(views, key=_order, reverse=True):
        beneath.setdefault(each.parent if each.parent in known else None, []).append(each)
    waiting = [(each, 0) for each in beneath.get(None, ())]
    while waiting:
        view, depth = waiting.pop()
        yield replace(view, depth=depth)
        waiting += [(each, depth + 1) for each in beneath.get(view.id, ())]


def _order(view: CodeView) -> tuple[str, UUID]:
    return view.name.casefold(), view.id


def _text(id: UUID | None) -> str | None:
    return str(id) if id else None
