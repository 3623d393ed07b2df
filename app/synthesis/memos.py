"""Memos: what a rapporteur notes about a code, a text or a coding, for all rapporteurs of the consultation."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.contributions import quoting
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.code_words import memo_of
from app.synthesis.coders import coder_of
from app.synthesis.coding_models import Code, Coder, Coding, Memo


async def on_code(session: AsyncSession, actor: Actor, consultation: UUID, code: UUID, body: str) -> Memo:
    """A memo about a code. Raises Unauthenticated, Forbidden, NotFound, Invalid."""
    require(actor, "code.make", Thing(consultation))
    query = select(Code.id).where(Code.id == code, Code.consultation_id == consultation)
    if await session.scalar(query) is None:
        raise errors.NotFound(_("There is no such code."))
    memo = await _kept(session, actor, Memo(consultation_id=consultation, code_id=code, body=memo_of(body)))
    await record.append(session, consultation, "code.changed", code, code=code, act="memo", person=actor.person)
    return memo


async def on_text(session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID, body: str) -> Memo:
    """A memo about a public text. Raises Unauthenticated, Forbidden, NotFound, Invalid."""
    await _require_text(session, actor, consultation, contribution)
    memo = Memo(consultation_id=consultation, contribution_id=contribution, body=memo_of(body))
    return await _told(session, actor, await _kept(session, actor, memo), contribution)


async def on_coding(session: AsyncSession, actor: Actor, consultation: UUID, coding: UUID, body: str) -> Memo:
    """A memo about a coding of a public text. Raises Unauthenticated, Forbidden, NotFound, Invalid."""
    require(actor, "code.make", Thing(consultation))
    query = select(Coding.contribution_id).where(Coding.id == coding, Coding.consultation_id == consultation)
    contribution = await session.scalar(query)
    if contribution is None:
        raise errors.NotFound(_("There is no such coding."))
    await _require_text(session, actor, consultation, contribution)
    memo = Memo(consultation_id=consultation, coding_id=coding, body=memo_of(body))
    return await _told(session, actor, await _kept(session, actor, memo), contribution)


async def remove(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> None:
    """Take one's own memo away. Raises Unauthenticated, Forbidden, NotFound."""
    require(actor, "code.make", Thing(consultation))
    query = (
        select(Memo, Coder.person_id, Coding.contribution_id)
        .join(Coder, Coder.id == Memo.coder_id)
        .outerjoin(Coding, Coding.id == Memo.coding_id)
        .where(Memo.id == id, Memo.consultation_id == consultation)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such memo."))
    memo, person, coded = row
    if person is None or person != actor.person:
        raise errors.Forbidden(_("Each rapporteur takes away only their own memos."))
    await session.delete(memo)
    await session.flush()
    about = memo.code_id or memo.contribution_id or coded
    kind, field = ("code.changed", "code") if memo.code_id else ("text.coded", "contribution")
    await record.append(session, consultation, kind, about, act="unmemo", person=actor.person, **{field: about})


async def _require_text(session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID) -> None:
    require(actor, "code.make", Thing(consultation))
    quoted = await quoting.quotable(session, consultation, contribution, held=True)
    require(actor, "text.code", Thing(consultation, topic=quoted.topic))


async def _kept(session: AsyncSession, actor: Actor, memo: Memo) -> Memo:
    memo.id, memo.made = clock.new_id(), clock.now()
    memo.coder_id = await coder_of(session, memo.consultation_id, person=actor.person)
    session.add(memo)
    await session.flush()
    return memo


async def _told(session: AsyncSession, actor: Actor, memo: Memo, contribution: UUID) -> Memo:
    await record.append(
        session, memo.consultation_id, "text.coded", contribution, contribution=contribution, act="memo",
        person=actor.person,
    )  # fmt: skip
    return memo
