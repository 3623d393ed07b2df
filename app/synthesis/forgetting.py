"""What goes with an account or a text that is erased, and with a consultation that is removed.

Erasing is beneath this package and does not know of it: the worker follows the record and does the rest.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions import quoting
from app.record.following import Seen
from app.synthesis.coding_models import Code, CodeChange, Coder, Coding, Gist, Memo, TextRead
from app.synthesis.exchange.holding import forget_held, remove_held
from app.synthesis.models import Citation, Recommendation, RecommendationVersion, Response, SetAside
from app.synthesis.position_models import OpinionMap, OpinionMember, Position
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.sending_models import AnswerLink, Sending, Telling
from app.synthesis.summary_models import SummaryVersion

_WHO = (
    RecommendationVersion.written_by, ReportVersion.written_by, ReportTranslation.written_by, SetAside.marked_by,
    Response.entered_by, Code.made_by, CodeChange.person_id, Coder.person_id,
)  # fmt: skip
_OF_REVISIONS = ("contribution.redacted", "text.erased")  # the latter: while nobody in public could see it
KINDS = frozenset(("contribution.erased", "account.erased", *_OF_REVISIONS))


async def follow(session: AsyncSession, entries: Sequence[Seen]) -> None:
    """Forget who wrote, marked and coded, of people who left; and that a text was read, coded and not used, of what is
    erased. A gist goes as well once the revision that it sums up was destroyed.

    Citations stay: they hold a number, and no words.
    """
    await forget_people(session, {each.subject for each in entries if each.kind == "account.erased"})
    erased = {each.subject for each in entries if each.kind == "contribution.erased"}
    for table in (SetAside, Memo, Gist, Coding, TextRead):
        await session.execute(delete(table).where(table.contribution_id.in_(erased)))
    destroyed = await quoting.destroyed(session, {each.subject for each in entries if each.kind in _OF_REVISIONS})
    await session.execute(delete(Gist).where(tuple_(Gist.contribution_id, Gist.revision).in_(destroyed)))


async def forget_people(session: AsyncSession, people: Collection[UUID]) -> None:
    """What they wrote for the consultation stays, and their codings stay apart; that it was they is forgotten. Their
    positions go, what they had read, and files that were held for them."""
    await forget_held(session, people)
    for table in (Position, OpinionMember, TextRead):
        await session.execute(delete(table).where(table.person_id.in_(people)))
    for column in (*_WHO, SummaryVersion.written_by, Sending.sent_by, AnswerLink.made_by, Telling.told_by):
        theirs = update(column.class_).where(column.in_(people)).values({column: None})
        await session.execute(theirs.execution_options(synchronize_session=False))


async def remove_outcome(session: AsyncSession, consultation: UUID) -> None:
    """Delete report, summary and all recommendations of a consultation that goes, what people think of them, to whom
    they were sent, its codes, and what was set aside there."""
    await remove_held(session, consultation)
    its = select(Recommendation.id).where(Recommendation.consultation_id == consultation)
    versions = select(RecommendationVersion.id).where(RecommendationVersion.recommendation_id.in_(its))
    await session.execute(delete(Citation).where(Citation.version_id.in_(versions)))
    for table in (Response, Position):
        await session.execute(delete(table).where(table.recommendation_id.in_(its)))
    await session.execute(delete(RecommendationVersion).where(RecommendationVersion.recommendation_id.in_(its)))
    reports = select(ReportVersion.id).where(ReportVersion.consultation_id == consultation)
    await session.execute(delete(ReportTranslation).where(ReportTranslation.version_id.in_(reports)))
    codes = select(Code.id).where(Code.consultation_id == consultation)
    await session.execute(delete(CodeChange).where(CodeChange.code_id.in_(codes)))
    for of_it in (
        Recommendation, SetAside, ReportVersion, OpinionMap, OpinionMember, Memo, Gist, Coding, Coder, Code, TextRead,
    ):  # fmt: skip
        await session.execute(delete(of_it).where(of_it.consultation_id == consultation))
    for sent in (SummaryVersion, Sending, AnswerLink, Telling):
        await session.execute(delete(sent).where(sent.consultation_id == consultation))
