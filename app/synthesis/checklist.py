"""What a draft needs before it may be public. It rests on texts that anyone can read: on nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.contributions import quoting
from app.language import gettext as _
from app.language import listed
from app.synthesis.models import Citation, RecommendationVersion

State = Literal["current", "revised", "gone"]


@dataclass(frozen=True, slots=True)
class Cited:
    """How a cited text stands: its number, and whether the revision is current, replaced by another, or gone."""

    number: int
    state: State


async def citations_of(session: AsyncSession, version: UUID) -> Sequence[Citation]:
    """What a version cites, in the order in which it was cited."""
    return (await session.scalars(select(Citation).where(Citation.version_id == version).order_by(Citation.id))).all()


async def states_of(session: AsyncSession, cited: Sequence[Citation], *, held: bool) -> list[Cited]:
    """How each of these texts stands; with `held` it stays so until the transaction ends."""
    standing = await quoting.standings(session, {each.contribution_id for each in cited}, held=held)
    return [_state(each, standing[each.contribution_id]) for each in cited]


async def require_publishable(
    session: AsyncSession, draft: RecommendationVersion, cited: Sequence[Citation], *, acknowledged: bool
) -> None:
    """Raises Invalid with all that hinders the publication of a draft."""
    faults = missing(draft)
    if not any(each.stance == "support" for each in cited):
        faults["citations"] = _("Nothing is cited that it rests on: cite at least one contribution.")
    states = await states_of(session, cited, held=True)
    if gone := sorted({each.number for each in states if each.state == "gone"}):
        faults["citations"] = _(
            "These are cited and no longer public: %(numbers)s. Take the citations away, or cite others.",
            numbers=listed([str(each) for each in gone]),
        )
    revised = sorted({each.number for each in states if each.state == "revised"})
    if revised and not acknowledged:
        faults["acknowledged"] = _(
            "These were revised since they were cited: %(numbers)s. Look at what changed, and say that you did.",
            numbers=listed([str(each) for each in revised]),
        )
    if faults:
        raise errors.Invalid(faults)


def missing(draft: RecommendationVersion) -> dict[str, str]:
    """What a draft does not say yet, by field."""
    needed = {
        "title": _("Please give it a title."),
        "statement": _("Please write what you recommend."),
        "addressee_name": _("Please say to whom it is addressed."),
    }
    return {field: fault for field, fault in needed.items() if not getattr(draft, field)}


def _state(citation: Citation, standing: quoting.Standing) -> Cited:
    if not standing.public or citation.revision not in standing.revisions:
        return Cited(standing.number, "gone")
    return Cited(standing.number, "current" if citation.revision == standing.current else "revised")
