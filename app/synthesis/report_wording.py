"""The rapporteur's own words in a report: cleaned, and what is wrong with them told beside each field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from app import errors, text
from app.language import gettext as _
from app.language import number

WORDS = ("title", "summary", "method", "results", "reason")  # what a report says in each of its languages
LIMITS = {"title": 200, "summary": 20_000, "method": 10_000, "results": 20_000, "reason": 1_000}


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What a report says, as given. `results` has a text for each topic (`inclusion`) or question (`inclusion.a`)."""

    title: str = ""
    language: str = "en"
    summary: str = ""
    method: str = ""
    results: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def checked(given: ReportWords, places: Collection[str]) -> ReportWords:
    """The same as it will be stored; `places` are the topics and questions that there are.

    Raises Invalid with a sentence for each field that cannot be taken.
    """
    faults: dict[str, str] = {}
    clean = replace(
        given,
        title=cleaned("title", given.title, faults),
        summary=cleaned("summary", given.summary, faults),
        method=cleaned("method", given.method, faults),
        reason=cleaned("reason", given.reason, faults),
        results=_results(given.results, places, faults),
    )
    try:
        clean = replace(clean, language=text.language_tag(given.language))
    except ValueError as fault:
        faults["language"] = _("The language %(fault)s.", fault=fault)
    if faults:
        raise errors.Invalid(faults)
    return clean


def cleaned(name: str, value: str, faults: dict[str, str], limit: str = "") -> str:
    """One text, cleaned; what is wrong with it goes into `faults` under its name. `limit` names another field's."""
    most, cleaner = LIMITS[limit or name], text.line if name == "title" else text.paragraphs
    try:
        clean = cleaner(value)
    except ValueError as fault:
        faults[name] = _("This %(fault)s.", fault=fault)
        return ""
    if len(clean) > most:
        faults[name] = _(
            "This has %(count)s characters; at most %(limit)s fit.", count=number(len(clean)), limit=number(most)
        )
    return clean


def _results(given: Mapping[str, str], places: Collection[str], faults: dict[str, str]) -> dict[str, str]:
    if any(key not in places for key in given):
        faults["results"] = _("There is no such topic or question in this consultation.")
        return {}
    clean = {key: cleaned(f"results.{key}", value, faults, "results") for key, value in given.items()}
    return {key: value for key, value in clean.items() if value}
