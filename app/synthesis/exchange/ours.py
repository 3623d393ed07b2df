"""What there is in a consultation that a file is held against."""

from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions import quoting
from app.permissions import Actor
from app.synthesis.coding_models import Code, Coder, Coding, Gist, Memo
from app.synthesis.exchange.plan import Key, Ours, OwnCode, OwnCoder, Subject
from app.synthesis.qdpx.model import Project


async def ours(session: AsyncSession, actor: Actor, consultation: UUID, project: Project) -> Ours:
    """All codes, coders, codings, memos and gists of a consultation, and its public texts where the file has any."""
    codes = await session.execute(select(Code).where(Code.consultation_id == consultation).order_by(Code.id))
    texts = await quoting.public_texts(session, consultation) if project.sources or project.gists else []
    coders = await session.execute(select(Coder).where(Coder.consultation_id == consultation).order_by(Coder.number))
    return Ours(
        codes={
            code.id: OwnCode(code.name, code.parent_id, code.retired is not None, code.merged_into)
            for code in codes.scalars()
        },
        elsewhere=await _elsewhere(session, consultation, project),
        texts=texts,
        coders={
            coder.id: OwnCoder(coder.name, coder.person_id is not None and coder.person_id == actor.person)
            for coder in coders.scalars()
        },
        codings=await _codings(session, consultation),
        memos=await _memos(session, consultation),
        gists=await _gists(session, consultation),
    )


async def _elsewhere(session: AsyncSession, consultation: UUID, project: Project) -> frozenset[UUID]:
    guids = bindparam("guids", [code.guid for code in project.codes], ARRAY(Uuid()))
    query = select(Code.id).where(Code.id == any_(guids), Code.consultation_id != consultation)
    return frozenset(await session.scalars(query))


async def _codings(session: AsyncSession, consultation: UUID) -> dict[UUID, Key]:
    columns = (
        Coding.id, Coding.coder_id, Coding.code_id, Coding.contribution_id, Coding.revision, Coding.begin, Coding.end
    )  # fmt: skip
    rows = await session.execute(select(*columns).where(Coding.consultation_id == consultation))
    return {
        row.id: (row.coder_id, (row.code_id, row.contribution_id, row.revision, row.begin, row.end)) for row in rows
    }


async def _memos(session: AsyncSession, consultation: UUID) -> frozenset[tuple[Subject, str]]:
    rows = await session.scalars(select(Memo).where(Memo.consultation_id == consultation))
    return frozenset((subject_of(memo), memo.body) for memo in rows)


async def _gists(session: AsyncSession, consultation: UUID) -> dict[UUID, tuple[str, int]]:
    columns = (Gist.contribution_id, Gist.body, Gist.revision)
    rows = await session.execute(select(*columns).where(Gist.consultation_id == consultation))
    return {row.contribution_id: (row.body, row.revision) for row in rows}


def subject_of(memo: Memo) -> Subject:
    """What a memo is about."""
    about = {"code": memo.code_id, "contribution": memo.contribution_id, "coding": memo.coding_id}
    return next((kind, id) for kind, id in about.items() if id is not None)
