"""`/c/{consultation}/synthesis/report/in/{language}`: the report's draft in another language, beside the original."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import errors
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.discussion.differences import difference
from app.readings.outcome import draft_of_report
from app.readings.outcome.draft_of_report import TranslatedDraft
from app.synthesis import report_translating
from app.synthesis.report_sections import RESULTS, State, mark_of, sections
from app.synthesis.report_wording import LIMITS, ReportWords
from app.web.kit import outcome_words
from app.web.kit.allowed import consultation_to
from app.web.kit.grounds import count_in
from app.web.kit.refused import refusal
from app.web.kit.visit import Visit, Visiting
from app.web.report.report_draft import FIELDS, words_in

router = APIRouter()
_DONE = "done."
_Error = errors.PlenaryError | None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the original, and what it says in the other language."""

    name: str  # of its field
    label: str
    original: str
    html: str
    given: str
    state: State
    mark: str  # of the original's words that are shown
    changes: Sequence[tuple[str, str]]  # in the original, since it was said to be done

    @property
    def rows(self) -> int:
        """How high its field is: none for one line."""
        return 0 if self.name == "title" else min(24, max(4, len(self.original) // 50 + self.original.count("\n")))


@router.get("/c/{slug}/synthesis/report/in/{language}")
async def ask(visit: Visiting, slug: str, language: str) -> Response:
    """Every section of the original, each with what it says in this language. Raises NotFound."""
    return await _show(visit, await consultation_to(visit, "report.write", slug), language)


@router.post("/c/{slug}/synthesis/report/in/{language}")
async def save(visit: Visiting, slug: str, language: str) -> Response:
    """Keep what was written. What cannot be taken comes back with the reason beside it."""
    sent, consultation = await visit.form(FIELDS), await consultation_to(visit, "report.write", slug)
    given = replace(words_in(sent), language=language)
    done = {name.removeprefix(_DONE): str(sent[name]) for name in sent if name.startswith(_DONE)}
    try:
        async with visit.database.writing() as session:
            saved = count_in(sent, "saved")
            await report_translating.translate(session, visit.actor, consultation.id, given, saved, done)
    except (errors.Invalid, errors.Conflict) as error:
        return await _show(visit, consultation, language, error, given, done)
    return visit.go(f"/c/{slug}/synthesis/report/in/{language}", done="saved")


async def _show(
    visit: Visit, consultation: ConsultationView, language: str, error: _Error = None, given: ReportWords | None = None,
    ticked: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    async with visit.database.writing() as session:
        work = await draft_of_report.translated(session, visit.actor, consultation.id, language)
    return visit.page(
        "report/report_translation.html",
        consultation=consultation,
        work=work,
        ticked=ticked,
        parts=list(_sections(work, given or work.words, _labels(consultation))),
        limits=LIMITS,
        outcome=outcome_words,
        **refusal(error),
    )


def _labels(consultation: ConsultationView) -> Mapping[str, str]:
    """What each section is called, by the name of its field."""
    labels = {
        "title": _("Title"), "summary": _("Summary"), "method": _("Remarks on the method"),
        "reason": _("Why there is a new version"),
    }  # fmt: skip
    for topic in consultation.topics:
        labels[f"{RESULTS}{topic.slug}"] = topic.title
        labels |= {f"{RESULTS}{each.full_key}": f"{each.key}. {each.text}" for each in topic.questions}
    return labels


def _sections(work: TranslatedDraft, given: ReportWords, labels: Mapping[str, str]) -> Iterator[Section]:
    original, shown = sections(work.original.text), sections(work.original.words)
    said = sections(given)
    for name in [*(each for each in labels if each in original), *(each for each in original if each not in labels)]:
        state = work.work.states[name]
        changes = difference(work.before[name], original[name]) if state == "changed" else ()
        yield Section(
            name, labels.get(name, name), shown[name], _html_of(work.original.text.html, name), said.get(name, ""),
            state, mark_of(original[name]), changes,
        )  # fmt: skip


def _html_of(html: Mapping[str, Any], name: str) -> str:
    if name.startswith(RESULTS):
        return str(html["results"].get(name.removeprefix(RESULTS), ""))
    return str(html.get(name, ""))
