"""Putting a line that stands for something into a text of the report, from the form in which it is written.

Without a script the line comes at the end of the text; `report.js` puts it where the cursor is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app import errors
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings.consultation_views import ConsultationView
from app.readings.outcome.recommendations import RecommendationView
from app.synthesis.insertions import FIGURES
from app.synthesis.report_sections import RESULTS
from app.synthesis.report_wording import ReportWords

_FIELDS = ("insert", "insert_into", "insert_number", "insert_words")
_FIGURES = {
    "organisations": N_("By kind of organisation"), "regions": N_("By region"), "countries": N_("By country"),
    "languages": N_("By language"), "kinds": N_("By kind"), "channels": N_("How they came"),
    "months": N_("Month by month"), "topics": N_("By topic"), "questions": N_("By guiding question"),
}  # fmt: skip


def insertable(public: Sequence[RecommendationView]) -> list[tuple[str, str]]:
    """What can be put in: the beginning of each line, and its name."""
    figures = [(f"figure {name}", _("Figure: %(name)s", name=_(_FIGURES[name]))) for name in FIGURES]
    numbered = [
        (f"recommendation {each.number}", f"{_('Recommendation %(n)s', n=each.number)}: {each.title}")
        for each in public
    ]  # fmt: skip
    return [("quotation", _("Quotation of a contribution")), *numbered, *figures]


def places(consultation: ConsultationView) -> list[tuple[str, str]]:
    """The texts that it can be put into, by the names of their fields."""
    found = [("summary", _("Summary")), ("method", _("Remarks on the method"))]
    for topic in consultation.topics:
        found.append((f"{RESULTS}{topic.slug}", topic.title))
        found += [(f"{RESULTS}{each.full_key}", f"{each.full_key}. {each.text}") for each in topic.questions]
    return found


def wanted(sent: Mapping[str, Any]) -> dict[str, str]:
    """What a form asks to put in, and where."""
    return {name: str(sent.get(name, "")).strip() for name in _FIELDS}


def with_line(given: ReportWords, asked: Mapping[str, str]) -> ReportWords:
    """The words with the line at the end of the text that is named. Raises Invalid where a number is missing."""
    line, where = _line(asked), asked["insert_into"]
    key = where.removeprefix(RESULTS)
    if where.startswith(RESULTS):
        results = dict(given.results)
        results[key] = _after(results.get(key, ""), line)
        return replace(given, results=results)
    if where == "method":
        return replace(given, method=_after(given.method, line))
    return replace(given, summary=_after(given.summary, line))


def _line(asked: Mapping[str, str]) -> str:
    if asked["insert"] != "quotation":
        return f"{{{asked['insert']}}}"
    number = asked["insert_number"].removeprefix("#")
    if not (number.isdecimal() and len(number) < 10):
        raise errors.Invalid({"insert_number": _("Please say which contribution: its number, such as 42.")})
    words = " ".join(asked["insert_words"].split())
    return f'{{quotation {int(number)} "{words}"}}' if words else f"{{quotation {int(number)}}}"


def _after(body: str, line: str) -> str:
    before = body.rstrip()
    return f"{before}\n\n{line}\n" if before else f"{line}\n"
