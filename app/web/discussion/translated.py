"""Translations on a contribution's page: the one that is shown, the list of all, and what its reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.contributions import transcripts
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.permissions import Thing
from app.readings.consultation_views import ConsultationView
from app.readings.moderation import translations
from app.readings.moderation.translations import STANDING
from app.readings.views import ContributionView
from app.web.kit.visit import Visit

_BY = {
    "participant": N_("translated by a participant"),
    "moderator": N_("translated by a moderator"),
    "author": N_("translated by the author"),
}
_MACHINE = N_("translated by a machine")
_STATUS = {
    "waiting": N_("waits for a moderator"),
    "offered": N_("offered, not reviewed yet"),
    "reviewed": N_("reviewed by a moderator"),
    "approved": N_("approved by the author"),
    "superseded": N_("another one took its place"),
    "refused": N_("not accepted"),
    "removed": N_("taken away"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One translation in the list. `given` is its JSON; the rest says what its reader may do."""

    given: Mapping[str, Any]
    said: Sequence[str]
    stands: bool
    mine: bool
    may_approve: bool
    may_review: bool
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Translations:
    """What a page shows: `shown` is the translation that stands in the place of the original's words, with what is
    `said` of it; `own_language` the one that its reader may want instead."""

    shown: Mapping[str, Any] | None
    said: Sequence[str]
    own_language: Line | None
    lines: Sequence[Line]
    may_offer: bool


async def translations_on(
    visit: Visit, consultation: ConsultationView, topic: UUID, text: ContributionView, wanted: str | None, *,
    is_author: bool,
) -> Translations:  # fmt: skip
    """The translations of a public contribution for this visitor, who may have asked for one by its language."""
    shown = next((each for each in text.translations if each["language"] == wanted), None)
    mine: list[dict[str, Any]] = []
    if visit.actor.person is not None:
        async with visit.database.writing() as session:
            mine = await translations.own_of(session, visit.actor.person, text.id)
    thing = Thing(consultation.id, topic=topic)
    moderates = visit.may("translation.decide", thing)
    is_author = is_author and not transcripts.is_transcript(text.provenance)
    own = {each["id"] for each in mine}
    lines = [_line(each, text, own, is_author, moderates) for each in text.translations]
    lines += [_line(each, text, own, is_author, moderates) for each in mine if each["status"] not in STANDING]
    return Translations(
        shown,
        facts(shown, text.revision) if shown else (),
        next((line for line in lines if line.stands and line.given["language"] == visit.language), None),
        lines,
        visit.may("translation.offer", thing),
    )


def facts(given: Mapping[str, Any], revision: int) -> list[str]:
    """Who translated it, as what; whether somebody says that it is right; whether the original was changed since."""
    translated, status = _MACHINE if given["machine"] else _BY[given["by"]], _STATUS[given["status"]]
    said = [_(translated)]
    if (given["by"], given["status"]) != ("author", "approved"):
        said.append(_(status))
    if given["revision"] != revision:
        said.append(_("of an earlier version"))
    return said


def _line(
    given: Mapping[str, Any], text: ContributionView, own: set[str], is_author: bool, moderates: bool
) -> Line:  # fmt: skip
    status, mine, stands = given["status"], given["id"] in own, given["status"] in STANDING
    return Line(
        given,
        facts(given, text.revision),
        stands,
        mine,
        may_approve=is_author and stands and status != "approved",
        may_review=moderates and status == "offered" and (not mine or given["machine"]),
        may_remove=stands and (is_author or moderates) and not mine,
    )
