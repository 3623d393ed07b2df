"""How one point becomes a checked text with its provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.accounts.people import name_to_sign
from app.consultations.floor import Floor
from app.contributions import transcripts
from app.contributions.submissions import ROOT_KINDS, Submission, checked
from app.contributions.transcripts import Transcript
from app.language import gettext as _
from app.meetings.reports import Faults, Point, checked_speaker
from app.permissions import Actor

_TITLE_FROM_TEXT = 80  # characters
_KIND = "experience"  # of a point that does not say


@dataclass(frozen=True, slots=True)
class Setting:
    """What all points of a report have in common."""

    channel: str
    said: date
    place: str | None
    transcribed_by: dict[str, Any]
    meeting: dict[str, Any] | None
    language: str
    source: dict[str, Any] | None = None
    confirmed: date | None = None


async def transcriber(session: AsyncSession, actor: Actor, consultation: UUID, signed: bool) -> dict[str, Any]:
    """Who entered it: always as what, and by name only where they chose so."""
    roles = actor.roles.get(consultation, frozenset())
    role = next((each for each in ("moderator", "organiser") if each in roles), "participant")
    return {"role": role, "name": await name_to_sign(session, actor.person) if signed and actor.person else None}


def checked_point(
    point: Point, setting: Setting, floors: Mapping[str, Floor], faults: Faults, at: tuple[str, ...] = (),
    id: UUID | None = None,
) -> Transcript | None:  # fmt: skip
    """A point as it will be stored, with where it comes from; None where there are faults, told beside its fields."""
    before = len(faults)
    speaker = checked_speaker(point, faults, at)
    floor = _floor(point, floors, faults, at)
    if floor is None:
        return None
    title = point.title if text_of(point.title) else _beginning(point.body)
    given = Submission(
        body=point.body, language=point.language or setting.language, title=title, kind=point.kind or _KIND,
        topic=floor.topic_slug, questions=point.questions,
    )  # fmt: skip
    if point.kind is not None and point.kind not in ROOT_KINDS:
        faults[".".join((*at, "kind"))] = _("This is one of %(choice)s.", choice=", ".join(ROOT_KINDS))
    try:
        given = checked(given, floor.questions)
    except errors.Invalid as invalid:
        for field, fault in invalid.fields.items():
            faults.setdefault(".".join((*at, field)), fault)
    if len(faults) > before:
        return None
    return Transcript(
        id or clock.new_id(), floor, given, setting.channel, speaker, _provenance(point, setting), point.deposit
    )


def text_of(value: str | None) -> str:
    """What can be seen of a text; nothing, of one that is blank."""
    return text.visible(value or "")


def _floor(point: Point, floors: Mapping[str, Floor], faults: Faults, at: tuple[str, ...]) -> Floor | None:
    slug = point.topic or next((question.partition(".")[0] for question in point.questions), None)
    if slug is not None and slug in floors:
        return floors[slug]
    faults[".".join((*at, "topic"))] = (
        _("There is no such topic in this consultation.") if slug else _("Please choose a guiding question or a topic.")
    )
    return None


def _provenance(point: Point, setting: Setting) -> dict[str, Any]:
    state = transcripts.CONFIRMED if setting.confirmed else transcripts.TRANSCRIBED
    return {
        "meeting": setting.meeting,
        "said": (point.said or "floor") if setting.channel == "meeting" else None,
        "date": setting.said.isoformat(),
        "place": setting.place,
        "consent": {"given": point.consent.given, "how": point.consent.how},
        "transcribed_by": setting.transcribed_by,
        "source": setting.source,
        "confirmation": transcripts.confirmation(state, setting.confirmed, 1 if setting.confirmed else None),
    }


def _beginning(body: str) -> str | None:
    try:
        return text.excerpt(text.paragraphs(body), _TITLE_FROM_TEXT) or None
    except ValueError:
        return None
