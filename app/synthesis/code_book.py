"""The code book: codes made, changed, retired and taken up again. Each verb: require, change, append, return.

Merging and splitting are in `code_merging.py`; putting codes on texts in `coding.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.code_words import COLOURS, CodeWords, checked
from app.synthesis.coders import take_turn
from app.synthesis.coding_models import Code, CodeChange

MOST = 1_000  # codes of one consultation


async def make(session: AsyncSession, actor: Actor, consultation: UUID, given: CodeWords) -> Code:
    """A new code, which nobody but rapporteurs and organisers sees. Raises Unauthenticated, Forbidden, Invalid,
    Conflict."""
    require(actor, "code.make", Thing(consultation))
    await take_turn(session, consultation)
    code = await new_code(session, actor, consultation, given)
    await tell(session, actor, code, "make")
    return code


async def change(session: AsyncSession, actor: Actor, id: UUID, given: CodeWords) -> Code:
    """Another name, definition, colour or place. What was stays in its history.

    Raises NotFound, Forbidden, Invalid; Conflict for a code that is retired.
    """
    code = await found(session, actor, "code.change", id)
    require_in_use(code)
    clean = checked(given)
    await _require_place(session, code.consultation_id, clean, code)
    wanted = {"name": clean.name, "definition": clean.definition, "colour": clean.colour or code.colour}
    before = {name: getattr(code, name) for name, value in wanted.items() if getattr(code, name) != value}
    if code.parent_id != clean.parent:
        before["parent"] = str(code.parent_id) if code.parent_id else None
    if before:
        code.name, code.definition, code.colour = wanted["name"], wanted["definition"], wanted["colour"]
        code.parent_id = clean.parent
        await remember(session, actor, code, "changed", before)
        await tell(session, actor, code, "change")
    return code


async def retire(session: AsyncSession, actor: Actor, id: UUID) -> Code:
    """Put it on nothing any more; its codings stay. Raises NotFound, Forbidden; Conflict with codes beneath it."""
    code = await found(session, actor, "code.manage", id)
    if code.retired is not None:
        return code
    if await children_of(session, code):
        raise errors.Conflict(_("There are codes beneath this one: move or retire them first."))
    code.retired = clock.now()
    await remember(session, actor, code, "retired")
    await tell(session, actor, code, "retire")
    return code


async def resume(session: AsyncSession, actor: Actor, id: UUID) -> Code:
    """Use a retired code again. Raises NotFound, Forbidden, Invalid; Conflict where it was merged."""
    code = await found(session, actor, "code.manage", id)
    if code.merged_into is not None:
        raise errors.Conflict(_("This code was merged into another one."))
    if code.retired is None:
        return code
    await _require_place(session, code.consultation_id, CodeWords(code.name, parent=code.parent_id), code)
    code.retired = None
    await remember(session, actor, code, "resumed")
    await tell(session, actor, code, "resume")
    return code


async def new_code(
    session: AsyncSession, actor: Actor, consultation: UUID, given: CodeWords, *, act: str = "made",
    origin: UUID | None = None,
) -> Code:  # fmt: skip
    """A code that is in the book from now on, for acts that hold the turn. Raises Invalid, Conflict."""
    clean = checked(given)
    await _require_place(session, consultation, clean)
    made = int(await session.scalar(select(func.count()).where(Code.consultation_id == consultation)) or 0)
    if made >= MOST:
        raise errors.Conflict(_("This consultation has %(most)s codes, which is the most.", most=MOST))
    code = Code(
        id=clock.new_id(), consultation_id=consultation, parent_id=clean.parent, name=clean.name,
        definition=clean.definition, colour=clean.colour or list(COLOURS)[made % len(COLOURS)], made=clock.now(),
        made_by=actor.person,
    )  # fmt: skip
    session.add(code)
    await session.flush()
    await remember(session, actor, code, act, other=origin)
    return code


async def found(session: AsyncSession, actor: Actor, act: str, id: UUID) -> Code:
    """The code, with the turn in its book and locked until the transaction ends, if the actor may do this act on it.

    Raises Unauthenticated, Forbidden; NotFound, also for those who have nothing to do with the outcome there.
    """
    code = await session.get(Code, id)
    if code is None:
        raise errors.NotFound(_("There is no such code."))
    require(actor, act, Thing(code.consultation_id, code.made_by))
    await take_turn(session, code.consultation_id)
    await session.refresh(code, with_for_update=True)
    return code


async def children_of(session: AsyncSession, code: Code) -> Sequence[Code]:
    """The codes in use that stand right beneath this one."""
    query = select(Code).where(Code.parent_id == code.id, Code.retired.is_(None)).order_by(Code.id)
    return (await session.scalars(query)).all()


async def remember(
    session: AsyncSession, actor: Actor, code: Code, act: str, before: Mapping[str, Any] | None = None, *,
    other: UUID | None = None, codings: int = 0,
) -> None:  # fmt: skip
    """Add to the code's history."""
    session.add(
        CodeChange(
            id=clock.new_id(), code_id=code.id, act=act, before=dict(before or {}), other_id=other, codings=codings,
            person_id=actor.person, at=clock.now(),
        )
    )  # fmt: skip
    await session.flush()


async def tell(session: AsyncSession, actor: Actor, code: Code, act: str) -> None:
    """Tell the staff log."""
    await record.append(
        session, code.consultation_id, "code.changed", code.id, code=code.id, act=act, person=actor.person
    )


def require_in_use(code: Code, field: str | None = None) -> None:
    """Go on only with a code that is not retired. Raises Conflict or, beside a field, Invalid."""
    if code.retired is not None:
        message = _("The code “%(name)s” is retired.", name=code.name)
        raise errors.Invalid({field: message}) if field else errors.Conflict(message)


async def _require_place(session: AsyncSession, consultation: UUID, clean: CodeWords, code: Code | None = None) -> None:
    """A parent of the same book that is not beneath the code itself, and a name that no sibling has."""
    query = select(Code.id, Code.parent_id, Code.name).where(
        Code.consultation_id == consultation, Code.retired.is_(None)
    )
    rows = (await session.execute(query)).all()
    parents = {row.id: row.parent_id for row in rows}
    if clean.parent is not None and clean.parent not in parents:
        raise errors.Invalid({"parent": _("There is no such code in use in this code book.")})
    above = clean.parent
    while above is not None and code is not None:
        if above == code.id:
            raise errors.Invalid({"parent": _("A code cannot stand beneath itself.")})
        above = parents.get(above)
    name, own = clean.name.casefold(), code.id if code else None
    if any(row.id != own and row.parent_id == clean.parent and row.name.casefold() == name for row in rows):
        raise errors.Invalid({"name": _("There is a code of this name in this place already.")})
