"""What is looked at before a report is published: what hinders it, and what the report has to give a reason for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.outline import Outline
from app.contributions.quoting import all_published
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import language_name, listed, ngettext
from app.synthesis.checklist import states_of
from app.synthesis.models import Citation, Recommendation, RecommendationVersion, SetAside
from app.synthesis.report_insertions import wrong_lines
from app.synthesis.report_models import ReportVersion
from app.synthesis.report_translating import complete, translations_of
from app.synthesis.report_wording import cleaned


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as a reader expects. `about` are questions, languages, numbers of recommendations or
    texts, or sentences about lines."""

    code: str  # title, summary, reason, insertions; results, languages, recommendations, coverage, citations, neither
    about: Sequence[str] = ()
    count: int = 0

    @property
    def blocks(self) -> bool:
        """Whether it hinders the publication; all else is to be acknowledged with a reason."""
        return self.code in _BLOCKING

    @property
    def field(self) -> str:
        """The field of a form that it is about, or that takes the reason."""
        return self.code if self.blocks else f"why_{self.code}"

    @property
    def said(self) -> str:
        """What was found, in words."""
        return in_words(self.code, self.about, self.count)


_SIMPLY = {
    "title": N_("Please give it a title."),
    "summary": N_("Please write a summary."),
    "reason": N_("Please say why there is a new version."),
    "coverage": N_("No recommendation is final, so there is no coverage."),
}
_BLOCKING = ("title", "summary", "reason", "insertions")


async def findings(
    session: AsyncSession, draft: ReportVersion, its: Outline, *, held: bool = False
) -> list[Finding]:  # fmt: skip
    """All that is found in a draft, and in what it would be published with. With `held`, to publish it, that stays so
    until the transaction ends: the texts that it quotes, and that are cited, cannot leave the public meanwhile."""
    found = [Finding(name) for name in ("title", "summary") if not getattr(draft, name)]
    if draft.version > 1 and not draft.reason:
        found.append(Finding("reason"))
    if silent := [key for key in its.questions if key not in draft.results]:
        found.append(Finding("results", silent, len(silent)))
    others = await translations_of(session, draft)
    whole = complete(draft, others)
    if wrong := await wrong_lines(session, draft, whole, held=held):
        found.append(Finding("insertions", wrong, len(wrong)))
    if partial := [each.language for each in others if each not in whole]:
        found.append(Finding("languages", partial, len(partial)))
    return [*found, *await _of_the_outcome(session, draft.consultation_id, held=held)]


def acknowledged(found: Sequence[Finding], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """The findings with the reasons that were given, as the report keeps them.

    Raises Invalid with all that hinders the publication, and all that nobody gave a reason for.
    """
    faults: dict[str, str] = {each.field: each.said for each in found if each.blocks}
    kept = []
    for each in found:
        if each.blocks:
            continue
        reason = cleaned(each.field, reasons.get(each.code, ""), faults, "reason")
        if not reason and each.field not in faults:
            faults[each.field] = _("Please say why: %(found)s", found=each.said)
        kept.append({"finding": each.code, "about": list(each.about), "count": each.count, "reason": reason})
    if faults:
        raise errors.Invalid(faults)
    return kept


def in_words(code: str, about: Sequence[str], count: int) -> str:
    """What was found, as the form says it and the report prints it."""
    names = listed(list(about)) if about else ""
    match code:
        case "title" | "summary" | "reason" | "coverage":
            return _(_SIMPLY[code])
        case "insertions":
            return _("These lines cannot be shown: %(lines)s", lines=" ".join(about))
        case "results":
            return _("These questions have no results: %(keys)s.", keys=names)
        case "languages":
            return _(
                "These languages are not complete, and are left out: %(languages)s.",
                languages=listed([language_name(tag) for tag in about]),
            )
        case "recommendations" if about:
            return _("These recommendations are not final: %(numbers)s.", numbers=names)
        case "recommendations":
            return _("No recommendation is public.")
        case "citations":
            return _("These are cited and no longer public: %(numbers)s.", numbers=names)
    return ngettext(
        "One contribution is neither cited nor marked as read and not used.",
        "%(n)s contributions are neither cited nor marked as read and not used.",
        count,
    )


async def _of_the_outcome(session: AsyncSession, consultation: UUID, *, held: bool) -> list[Finding]:
    rows = (await session.execute(_PUBLIC.where(Recommendation.consultation_id == consultation))).all()
    still_open = [str(row.number) for row in rows if row.stage != "final"]
    found = [Finding("recommendations", still_open, len(still_open))] if still_open or not rows else []
    if len(still_open) == len(rows):
        found.append(Finding("coverage"))
    query = select(Citation).where(Citation.version_id.in_([row.id for row in rows]))
    cited = (await session.scalars(query.order_by(Citation.id))).all()
    states = await states_of(session, cited, held=held)
    if gone := sorted({each.number for each in states if each.state == "gone"}):
        found.append(Finding("citations", [str(number) for number in gone], len(gone)))
    aside = await session.scalars(select(SetAside.contribution_id).where(SetAside.consultation_id == consultation))
    neither = await all_published(session, consultation) - {each.contribution_id for each in cited} - set(aside)
    if neither:
        found.append(Finding("neither", count=len(neither)))
    return found


_PUBLIC = (
    select(RecommendationVersion.id, Recommendation.number, Recommendation.stage)
    .join(
        RecommendationVersion,
        (RecommendationVersion.recommendation_id == Recommendation.id)
        & (RecommendationVersion.version == Recommendation.version),
    )
    .where(Recommendation.number.is_not(None))
    .order_by(Recommendation.number)
)
