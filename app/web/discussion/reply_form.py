"""The reply form at the foot of a thread. Strangers all get the same, so it is set once for each topic."""

from typing import Any

from markupsafe import Markup

from app.permissions import Thing
from app.readings.consultation_views import ConsultationView, TopicView
from app.web.discussion import bylines
from app.web.discussion.writing_place import signer
from app.web.kit import contribution_form as forms
from app.web.kit.templating import render
from app.web.kit.visit import Visit

_SET: dict[Any, Markup] = {}
_MOST = 500  # forms that are kept


async def reply_fields(visit: Visit, consultation: ConsultationView, topic: TopicView) -> Markup:
    """All of the form but what it replies to, as HTML."""
    if visit.actor.person is not None:
        return await _fields(visit, consultation, topic)
    key = (consultation.id, consultation.defined, topic.slug, visit.language)
    if key not in _SET:
        if len(_SET) >= _MOST:
            _SET.clear()
        _SET[key] = await _fields(visit, consultation, topic)
    return _SET[key]


async def _fields(visit: Visit, consultation: ConsultationView, topic: TopicView) -> Markup:
    signs = await signer(visit)
    context = {
        "form": forms.blank_reply(consultation, topic.slug, signs, visit.language),
        "topic": topic,
        "slug": consultation.slug,
        "terms": consultation.details,
        "signer": signs,
        "byline_choices": bylines.for_signer(signs),
        "faults": forms.Faults(),
        "limits": forms.LIMITS,
        "may_note": visit.may("contribution.note", Thing(consultation.id, topic=topic.id)),
        "languages": forms.language_choices(consultation)[: len(consultation.languages)],
        "signed_in": visit.actor.person is not None,
        "compact": True,
    }
    return Markup(render("parts/reply_fields.html", context).decode())  # noqa: S704  # a template escapes
