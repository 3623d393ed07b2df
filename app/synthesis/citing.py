"""Citations: made, moved to the present revision, and taken away, in drafts only."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.contributions import quoting
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis import actions, passages
from app.synthesis.checklist import citations_of
from app.synthesis.finding import note, to_write
from app.synthesis.models import Citation, Recommendation, RecommendationVersion
from app.synthesis.wording import Wording

STANCES = ("support", "dissent")
MOST = 200  # of one version


async def cite(
    session: AsyncSession, actor: Actor, id: UUID, contribution: UUID, *,
    revision: int | None = None, passage: str = "", stance: str = "support",
) -> Citation:  # fmt: skip
    """Let a draft rest on a public text (or name it as `dissent`): on its newest revision, unless another is named.

    Citing the same again changes how. Raises NotFound, Forbidden, Conflict; Invalid for a text that the public does not
    read, one of another consultation, or a passage that is not in the revision.
    """
    recommendation, draft = await to_write(session, actor, id)
    if stance not in STANCES:
        raise errors.Invalid({"stance": _("This is one of %(choice)s.", choice=", ".join(STANCES))})
    quoted = await _quotable(session, recommendation.consultation_id, contribution, revision)
    place = passages.place_of(passage, quoted.body)
    begin, end = place or (None, None)
    cited = await citations_of(session, draft.id)
    same = (each for each in cited if (each.contribution_id, each.revision) == (contribution, quoted.revision))
    citation = next((each for each in same if (each.begin, each.end) == (begin, end)), None)
    if citation is None:
        if len(cited) >= MOST:
            raise errors.Conflict(_("It cites %(most)s texts, which is the most.", most=MOST))
        citation = Citation(
            id=clock.new_id(), version_id=draft.id, contribution_id=contribution, revision=quoted.revision, begin=begin,
            end=end,
        )  # fmt: skip
        session.add(citation)
    citation.stance = stance
    await session.flush()
    await note(session, actor, recommendation, "cite", contribution=contribution)
    return citation


async def cite_in_new(
    session: AsyncSession, actor: Actor, consultation: UUID, contribution: UUID, topic: str, language: str,
    *, passage: str = "", stance: str = "support",
) -> tuple[Recommendation, Citation]:  # fmt: skip
    """As `cite`, in a draft that is begun for it and says nothing yet."""
    require(actor, "outcome.read", Thing(consultation))
    begun = await actions.begin(session, actor, consultation, Wording(topic=topic, language=language))
    return begun, await cite(session, actor, begun.id, contribution, passage=passage, stance=stance)


async def renew(session: AsyncSession, actor: Actor, id: UUID, citation: UUID) -> Citation:
    """Cite the present revision instead; the passage goes with it where it still stands there.

    Raises NotFound, Forbidden, Conflict; Invalid where the passage is no longer in the text.
    """
    recommendation, draft = await to_write(session, actor, id)
    row = await _citation(session, draft, citation)
    quoted = await _quotable(session, recommendation.consultation_id, row.contribution_id, None)
    if quoted.revision != row.revision:
        words = await _words(session, recommendation.consultation_id, row)
        row.begin, row.end = passages.place_of(words, quoted.body) or (None, None)
        row.revision = quoted.revision
    await session.flush()
    await note(session, actor, recommendation, "renew", contribution=row.contribution_id)
    return row


async def drop(session: AsyncSession, actor: Actor, id: UUID, citation: UUID) -> None:
    """Take a citation out of a draft. Raises NotFound, Forbidden, Conflict."""
    recommendation, draft = await to_write(session, actor, id)
    row = await _citation(session, draft, citation)
    await session.delete(row)
    await session.flush()
    await note(session, actor, recommendation, "drop", contribution=row.contribution_id)


async def _words(session: AsyncSession, consultation: UUID, citation: Citation) -> str:
    """The cited passage; nothing where none is, or where the revision was erased."""
    try:
        text = await quoting.quotable(session, consultation, citation.contribution_id, citation.revision)
    except errors.NotFound:
        return ""
    return text.body[citation.begin : citation.end] if citation.begin is not None else ""


async def _quotable(
    session: AsyncSession, consultation: UUID, contribution: UUID, revision: int | None
) -> quoting.Quotable:
    try:
        return await quoting.quotable(session, consultation, contribution, revision)
    except errors.NotFound as nothing:
        raise errors.Invalid({"contribution": nothing.message}) from None


async def _citation(session: AsyncSession, draft: RecommendationVersion, id: UUID) -> Citation:
    query = select(Citation).where(Citation.id == id, Citation.version_id == draft.id)
    row: Citation | None = await session.scalar(query)
    if row is None:
        raise errors.NotFound(_("There is no such citation in this draft."))
    return row
