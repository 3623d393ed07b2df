"""Somebody's own texts on a page: what only they and the moderators see, marked so."""

from collections.abc import Sequence

from app.language import gettext as _
from app.readings.consultation_views import ConsultationView
from app.readings.discussion.private import Own
from app.readings.views import view
from app.web.kit import words
from app.web.kit.entries import Entry, entry


def own_entry(own: Own, consultation: ConsultationView) -> Entry:
    """The newest text that its author may read, whatever its state, with that state in words."""
    fields = own.fields
    shown = view({**fields, "status": "published", "number": fields["number"] or 0}, fields["replies"])
    prepared = entry(shown, consultation)
    prepared.href = address(own, consultation.slug)
    prepared.number = fields["number"]
    prepared.state = state_in_words(own)
    return prepared


def waiting_entries(found: Sequence[Own], consultation: ConsultationView) -> list[Entry]:
    """Own texts that wait for a moderator."""
    return [own_entry(own, consultation) for own in found]


def state_in_words(own: Own) -> str:
    """What a text's author reads about its state; an edit that waits is said beside the public text."""
    fields = own.fields
    if fields["status"] == "pending" and not fields["waiting"]:
        return _("A moderator asks for a change")
    because = fields["waiting"]["because"] if fields["waiting"] else ""
    if because and fields["status"] == "published":
        if because == "check":
            return _("An automatic check lets your edit wait for a moderator; the earlier text is public")
        return _("Your edit waits for a moderator; the earlier text is public")
    if because == "check":
        return _("An automatic check lets it wait for a moderator")
    if because == "first":
        return _("Waits for a moderator, as everyone’s first contributions here do")
    state = words.STATES[fields["status"]]
    return _(state)


def address(own: Own, slug: str) -> str:
    """The page of a text: under its number or, before it has one, under its identifier."""
    return f"/c/{slug}/{own.fields['number'] or own.fields['id']}"
