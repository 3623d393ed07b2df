"""`/c/{consultation}/record`: what the public record promises, and its latest entries in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.responses import Response

from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.record import changes
from app.readings.record.checkpoints import checkpoints_of
from app.web.kit import words
from app.web.kit.entries import rule_in_words
from app.web.kit.visit import Visiting, version_of
from app.web.record.decided import what

router = APIRouter()
LATEST = 30

_SAID = {
    "consultation.updated": N_("The consultation’s definition was updated"),
    "topic.opened": N_("A topic opened: %(topic)s"),
    "topic.updated": N_("A topic was updated: %(topic)s"),
    "topic.closed": N_("A topic closed: %(topic)s"),
    "phase.opened": N_("A phase began: %(phase)s"),
    "phase.closed": N_("A phase ended: %(phase)s"),
    "phase.extended": N_("The closing date was extended"),
    "contribution.published": N_("Contribution %(number)s was published"),
    "contribution.revised": N_("Contribution %(number)s was revised"),
    "contribution.updated": N_("Contribution %(number)s is signed differently"),
    "contribution.moved": N_("Contribution %(number)s was moved"),
    "contribution.merged": N_("Contribution %(number)s was merged"),
    "contribution.redacted": N_("An earlier revision of contribution %(number)s was erased by its author"),
    "contribution.hidden": N_("Contribution %(number)s was hidden"),
    "contribution.restored": N_("Contribution %(number)s was restored"),
    "contribution.withdrawn": N_("Contribution %(number)s was withdrawn by its author"),
    "decision.unsigned": N_("A moderator who left is no longer named"),
    "contribution.erased": N_("Contribution %(number)s was erased"),
    "meeting.announced": N_("A meeting was announced"),
    "meeting.changed": N_("What was announced of a meeting changed"),
    "meeting.cancelled": N_("A meeting was cancelled"),
    "thread.locked": N_("The thread of contribution %(number)s was closed to replies"),
    "thread.unlocked": N_("The thread of contribution %(number)s takes replies again"),
    "endorsement.given": N_("A contribution was endorsed"),
    "endorsement.taken_back": N_("An endorsement was taken back"),
    "document.announced": N_("A document was announced"),
    "document.updated": N_("What is said of a document was changed"),
    "document.published": N_("A document was published"),
    "document.revised": N_("A new version of a document was published"),
    "document.withdrawn": N_("A document, or a file of it, was withdrawn"),
    "notice.posted": N_("The organisers posted a notice"),
    "notice.revised": N_("The organisers revised a notice"),
    "notice.removed": N_("The organisers took a notice back"),
    "appeal.made": N_("A decision was appealed"),
    "appeal.decided": N_("An appeal was answered"),
    "recommendation.published": N_("Recommendation %(number)s was published"),
    "recommendation.revised": N_("A new version of recommendation %(number)s was published"),
    "response.received": N_("Recommendation %(number)s was answered"),
    "response.file_withdrawn": N_("The file of an answer to recommendation %(number)s was withdrawn"),
    "opinion.updated": N_("What people think of the recommendations was counted anew"),
    "report.published": N_("Version %(version)s of the report was published"),
    "summary.published": N_("Version %(version)s of the summary was published"),
    "outcome.sent": N_("Version %(version)s of report or summary was sent to an institution"),
    "coverage.marked": N_("Rapporteurs said whether contribution %(number)s is used"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    seq: int
    time: datetime
    kind: str
    said: str
    href: str | None  # of what it is about, beneath the consultation


@router.get("/c/{slug}/record")
async def record(visit: Visiting, slug: str) -> Response:
    """The record's page."""
    signed = await checkpoints_of(visit.request.app.state, visit.database).of(slug)
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        after = max(0, consultation.size - LATEST)
        found = await changes.changes(connection, consultation.id, "", after, LATEST)
    lines = [_line(orjson.loads(item), consultation) for item in [*found.items][::-1]]
    return visit.public(
        "record/record.html",
        version_of(consultation),
        consultation=consultation,
        lines=lines,
        note=signed.note.decode(),
        key=str(signed.verifier),
    )


def _line(entry: Mapping[str, Any], consultation: ConsultationView) -> Line:
    kind = entry["kind"]
    topic = next((each.title for each in consultation.topics if each.slug == entry.get("topic")), entry.get("topic"))
    values = {
        "number": entry.get("number"), "topic": topic, "version": entry.get("version"),
        "phase": _(words.PHASES.get(entry.get("phase", ""), "")),
    }  # fmt: skip
    if kind == "decision.made":
        said = what(entry["act"], entry.get("number"))
        because = rule_in_words(entry.get("rule"), consultation.details)
        said = _("%(name)s: %(fault)s", name=said, fault=because) if because else said
    elif kind == "contribution.redacted" and entry.get("decision"):
        said = _("A passage of contribution %(number)s was removed by a moderator", **values)
    elif kind == "contribution.updated" and entry.get("changed") == ["questions"]:
        said = _("The guiding questions that contribution %(number)s answers were set", **values)
    else:
        said = _(_SAID[kind], **values) if kind in _SAID else kind
    return Line(entry["seq"], datetime.fromisoformat(entry["time"]), kind, said, _href(kind, entry))


def _href(kind: str, entry: Mapping[str, Any]) -> str | None:
    if kind in ("report.published", "summary.published"):
        return f"{kind.partition('.')[0]}?version={entry['version']}"
    if kind == "outcome.sent":
        return "recommendations/answers#sent"
    if kind == "opinion.updated":
        return "opinion"
    number = entry.get("number")
    if number is None:
        return None
    return f"recommendations/{number}" if kind.startswith(("recommendation.", "response.")) else str(number)
