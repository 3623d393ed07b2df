"""The draft of the report: found and locked, its words filled in, thrown away."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors, record
from app.contributions.citing import html_with_links
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.insertions import apart
from app.synthesis.quoting_in import bound
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_wording import ReportWords


async def draft_of(session: AsyncSession, consultation: UUID) -> ReportVersion | None:
    """The draft, locked until the transaction ends; None where there is none."""
    query = select(ReportVersion).where(ReportVersion.consultation_id == consultation, ReportVersion.seq.is_(None))
    found: ReportVersion | None = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return found


async def fill(
    session: AsyncSession, row: ReportVersion | ReportTranslation, given: ReportWords, consultation: UUID, slug: str
) -> None:
    """Put words into a draft, or into what it says in another language, with their HTML."""

    async def html(body: str) -> str:
        return await html_with_links(session, consultation, slug, apart(body))

    async def kept(body: str) -> str:
        return await bound(session, consultation, body)

    row.title, row.summary, row.method = given.title, await kept(given.summary), await kept(given.method)
    row.results = {key: await kept(body) for key, body in given.results.items()}
    row.html = {
        "summary": await html(row.summary), "method": await html(row.method),
        "results": {key: await html(body) for key, body in row.results.items()},
    }  # fmt: skip


async def discard(session: AsyncSession, actor: Actor, consultation: UUID, saved: int) -> None:
    """Throw the draft away, in all languages, as it was when it had been `saved` so often. What is public stays.

    Raises Unauthenticated, Forbidden; Conflict where there is none, or somebody else saved meanwhile.
    """
    require(actor, "report.write", Thing(consultation))
    draft = await draft_of(session, consultation)
    if draft is None:
        raise errors.Conflict(no_draft())
    if draft.saved != saved:
        raise errors.Conflict(changed_meanwhile())
    await session.execute(delete(ReportTranslation).where(ReportTranslation.version_id == draft.id))
    await session.delete(draft)
    await session.flush()
    await record.append(session, consultation, "outcome.drafted", draft.id, act="discard report", person=actor.person)


def no_draft() -> str:
    """What is said where there is no draft."""
    return _("There is no draft of the report: save one first.")


def changed_meanwhile() -> str:
    """What is said where two write in the same words at the same time."""
    return _("Somebody else saved meanwhile. Look at theirs in another window: if you save now, yours replaces it.")
