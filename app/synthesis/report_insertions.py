"""What a report's lines stand for, looked at before it is published: every one that cannot be shown, with why."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contributions import quoting
from app.language import gettext as _
from app.language import language_name
from app.synthesis.insertions import FIGURES, Insertion, insertions
from app.synthesis.models import Recommendation
from app.synthesis.quoting_in import Texts, text_of
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_sections import RESULTS, sections

_MOST = 80  # letters of a line that are repeated


async def wrong_lines(
    session: AsyncSession, draft: ReportVersion, others: Sequence[ReportTranslation], *, held: bool
) -> list[str]:
    """A sentence for each line, in any language of the draft, that stands for what the public does not see; with `held`
    what is quoted stays public until the transaction ends."""
    rows: list[ReportVersion | ReportTranslation] = [draft, *others]
    found = [
        (row, name, each) for row in rows for name, body in sections(row).items()
        if name not in ("title", "reason") for each in insertions(body)
    ]  # fmt: skip
    numbers = {each.number for _row, _name, each in found if each.kind == "quotation"}
    texts = await quoting.by_number(session, draft.consultation_id, numbers, held=held) if numbers else {}
    public = await _recommendations(session, draft.consultation_id) if found else set()
    return [
        _("%(place)s, line %(n)s: %(line)s %(why)s", place=_place(row, name, draft.language), n=each.line,
          line=each.raw[:_MOST], why=why)
        for row, name, each in found for why in _wrong(each, texts, public)
    ]  # fmt: skip


def _wrong(each: Insertion, texts: Texts, public: set[int]) -> Iterator[str]:
    """Why it cannot be shown; nothing where it can."""
    match each.kind:
        case "recommendation":
            if each.number not in public:
                yield _("There is no such recommendation.")
        case "figure":
            if each.figure not in FIGURES:
                yield _("There is no such figure.")
        case "quotation":
            text = text_of(each, texts)
            if text is None:
                yield _("There is no such public text in this consultation.")
            elif each.words or (each.passage and not each.passage[0] < each.passage[1] <= len(text.body)):
                yield _("These words are not in the text: please copy them exactly as they stand.")
        case _:
            yield _("A line in braces stands for a recommendation, a quotation or a figure.")


def _place(row: ReportVersion | ReportTranslation, name: str, original: str) -> str:
    """`Summary`, `inclusion.a`, with the language where it is not the original's."""
    labels = {"summary": _("Summary"), "method": _("Remarks on the method")}
    place = labels.get(name, name.removeprefix(RESULTS))
    return place if row.language == original else f"{place} ({language_name(row.language)})"


async def _recommendations(session: AsyncSession, consultation: UUID) -> set[int]:
    query = select(Recommendation.number).where(Recommendation.consultation_id == consultation)
    return {number for number in await session.scalars(query) if number is not None}
