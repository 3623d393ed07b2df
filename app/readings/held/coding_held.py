"""What is held about somebody who codes: their codings, memos and gists, and what they marked as read."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.synthesis.coding_models import Code, Coder, Coding, Gist, Memo, TextRead
from app.synthesis.exchange.models import HeldFile


async def coded_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Codings of a person, after coding `last`."""
    query = (
        select(Coding, Code.name)
        .join(Coder, Coder.id == Coding.coder_id)
        .join(Code, Code.id == Coding.code_id)
        .where(Coder.person_id == person, *([Coding.id > last] if last else []))
    )
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "code": name,
         "contribution": str(row.contribution_id), "revision": row.revision, "begin": row.begin, "end": row.end,
         "made": clock.iso(row.made)}
        for row, name in await session.execute(query.order_by(Coding.id).limit(most))
    ]  # fmt: skip


async def noted_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Memos of a person, after memo `last`."""
    query = select(Memo).join(Coder, Coder.id == Memo.coder_id).where(Coder.person_id == person)
    rows = await session.scalars(query.where(*([Memo.id > last] if last else [])).order_by(Memo.id).limit(most))
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "memo": row.body, "made": clock.iso(row.made)}
        for row in rows
    ]


async def summed_up_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Gists that a person worded, after that of contribution `last`."""
    query = select(Gist).join(Coder, Coder.id == Gist.coder_id).where(Coder.person_id == person)
    rows = await session.scalars(
        query.where(*([Gist.contribution_id > last] if last else [])).order_by(Gist.contribution_id).limit(most)
    )
    return [
        {"id": str(row.contribution_id), "consultation": str(row.consultation_id), "revision": row.revision,
         "gist": row.body, "written": clock.iso(row.written)}
        for row in rows
    ]  # fmt: skip


async def read_by(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Texts that a person marked as read, after contribution `last`."""
    query = select(TextRead).where(TextRead.person_id == person, *([TextRead.contribution_id > last] if last else []))
    rows = await session.scalars(query.order_by(TextRead.contribution_id).limit(most))
    return [
        {"id": str(row.contribution_id), "consultation": str(row.consultation_id), "revision": row.revision,
         "read": clock.iso(row.read)}
        for row in rows
    ]  # fmt: skip


async def files_of(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
    """Files of codes that are kept for a day while a person looks at what they would do, after file `last`."""
    columns = (HeldFile.id, HeldFile.consultation_id, HeldFile.name, HeldFile.made)
    query = select(*columns).where(HeldFile.person_id == person, *([HeldFile.id > last] if last else []))
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "name": row.name, "made": clock.iso(row.made)}
        for row in await session.execute(query.order_by(HeldFile.id).limit(most))
    ]
