"""One's own texts and drafts, each as a line of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app import text
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.discussion.private import Own
from app.readings.moderation.appeals import Standing
from app.web.discussion.own import address, state_in_words
from app.web.kit import words
from app.web.kit.contribution_form import ContributionForm
from app.web.kit.entries import rule_in_words
from app.web.meetings.meeting_form import KIND as MEETING

_EXCERPT = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One text: what it begins with, where it stands, and what was decided on it."""

    href: str
    number: int | None
    title: str
    language: str
    consultation: str
    state: str
    since: datetime
    view: ConsultationView
    erased: bool = False
    reason: str = ""
    rule: str = ""
    id: str = ""
    appeal: str = ""  # words of the link to it; nothing where there is nothing to appeal against


class Draft(Protocol):
    """As much of a draft as a line needs."""

    id: UUID
    updated: datetime
    fields: dict[str, Any]


def listed(own: Own, known: Mapping[str, ConsultationView], standing: Standing | None = None) -> Line:
    """A text that was sent, with its state and the last decision's reason."""
    fields, consultation = own.fields, known[own.fields["consultation"]]
    decision = own.decision if own.decision and own.decision.reason else None
    return Line(
        href=address(own, consultation.slug),
        number=fields["number"],
        title=fields["title"] or text.excerpt(fields["body"] or "", _EXCERPT) or _("(erased)"),
        language=fields["language"],
        consultation=consultation.title,
        state=state_in_words(own),
        since=own.since,
        view=consultation,
        erased=fields["status"] == "erased",
        reason=decision.reason or "" if decision else "",
        rule=rule_in_words(decision.rule, consultation.details) if decision else "",
        id=fields["id"],
        appeal=_appeal(standing),
    )


def _appeal(standing: Standing | None) -> str:
    if standing is None or not (standing.possible or standing.appeal):
        return ""
    return _("Ask that it be looked at again") if standing.possible else _("Your appeal")


def drafted(form: ContributionForm, draft: Draft, consultation: ConsultationView) -> Line:
    """A text that was not sent yet."""
    page = "meetings/new" if draft.fields.get("form") == MEETING else "contribute"
    return Line(
        href=f"/c/{consultation.slug}/{page}?draft={draft.id}",
        number=None,
        title=form.title or text.excerpt(form.body, _EXCERPT) or _("(empty)"),
        language=form.tag or "und",
        consultation=consultation.title,
        state=_(words.STATES["draft"]),
        since=draft.updated,
        view=consultation,
        id=str(draft.id),
    )
