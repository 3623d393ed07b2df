"""Codes merged into others, and split. Codings stay with whoever made them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock, errors
from app.language import gettext as _
from app.permissions import Actor
from app.synthesis.code_book import children_of, found, new_code, remember, require_in_use, tell
from app.synthesis.code_words import CodeWords
from app.synthesis.coding_models import Code, Coding, Memo

MOST = 500  # codings that are moved at once by a split


async def merge(session: AsyncSession, actor: Actor, id: UUID, into: UUID) -> Code:
    """Let another code take over all codings of this one, and what stands beneath it. This one is retired, and points
    there. Who had put both on the same words has put the other one on them.

    Returns the survivor. Raises NotFound, Forbidden; Invalid for a code of another book, itself, or one out of use.
    """
    code = await found(session, actor, "code.manage", id)
    require_in_use(code)
    survivor = await session.get(Code, into)
    if survivor is None or survivor.consultation_id != code.consultation_id:
        raise errors.Invalid({"into": _("There is no such code in use in this code book.")})
    await session.refresh(survivor, with_for_update=True)
    require_in_use(survivor, "into")
    if survivor.id == code.id:
        raise errors.Invalid({"into": _("Please choose another code than this one.")})
    moved = await _move_all(session, code, survivor)
    await _lift_children(session, actor, code, survivor)
    code.retired, code.merged_into = clock.now(), survivor.id
    await remember(session, actor, code, "merged", other=survivor.id, codings=moved)
    await tell(session, actor, code, "merge")
    return survivor


async def split(
    session: AsyncSession, actor: Actor, id: UUID, codings: Collection[UUID], given: CodeWords
) -> Code:  # fmt: skip
    """Give these codings of a code to a new one. Returns that. Raises NotFound, Forbidden, Conflict, Invalid."""
    code = await found(session, actor, "code.manage", id)
    require_in_use(code)
    if not 0 < len(set(codings)) <= MOST:
        raise errors.Invalid({"codings": _("Please choose between one and %(most)s codings.", most=MOST)})
    chosen = select(func.count()).where(Coding.id.in_(codings), Coding.code_id == code.id)
    if await session.scalar(chosen) != len(set(codings)):
        raise errors.Invalid({"codings": _("Not all of these are codings of this code. Please choose again.")})
    part = await new_code(session, actor, code.consultation_id, given, origin=code.id)
    moving = update(Coding).where(Coding.id.in_(codings), Coding.code_id == code.id).values(code_id=part.id)
    await session.execute(moving.execution_options(synchronize_session=False))
    await remember(session, actor, code, "split", other=part.id, codings=len(set(codings)))
    await tell(session, actor, code, "split")
    return part


async def _move_all(session: AsyncSession, code: Code, survivor: Code) -> int:
    """All codings to the survivor, but for those it has already, whose memos go to the one that stays."""
    kept = aliased(Coding)
    same = (
        Coding.code_id == code.id,
        kept.code_id == survivor.id,
        *(
            getattr(Coding, name).is_not_distinct_from(getattr(kept, name))
            for name in ("coder_id", "contribution_id", "revision", "begin", "end")
        ),
    )
    doubles = select(Coding.id).where(*same).correlate(None)
    moving = update(Memo).where(Memo.coding_id == Coding.id, *same).values(coding_id=kept.id)
    for statement in (
        moving,
        delete(Coding).where(Coding.id.in_(doubles)),
    ):
        await session.execute(statement.execution_options(synchronize_session=False))
    all_else = update(Coding).where(Coding.code_id == code.id).values(code_id=survivor.id).returning(Coding.id)
    return len((await session.execute(all_else.execution_options(synchronize_session=False))).all())


async def _lift_children(session: AsyncSession, actor: Actor, code: Code, survivor: Code) -> None:
    """What stands beneath a code that goes stands beneath its survivor; where that is beneath itself, one step up."""
    home = code.parent_id if await _is_beneath(session, survivor, code) else survivor.id
    for child in await children_of(session, code):
        child.parent_id = home
        await remember(session, actor, child, "changed", {"parent": str(code.id)})


async def _is_beneath(session: AsyncSession, below: Code, above: Code) -> bool:
    query = select(Code.id, Code.parent_id).where(Code.consultation_id == above.consultation_id)
    parents = {row.id: row.parent_id for row in await session.execute(query)}
    step = below.parent_id
    while step is not None and step != above.id:
        step = parents.get(step)
    return step is not None
