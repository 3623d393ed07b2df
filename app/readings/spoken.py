"""A consultation in the reader's language, as far as its organisers have translated what they wrote."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.consultations import translations
from app.consultations.translations import HTML, Said
from app.readings.consultation_views import ConsultationView, TopicView


def spoken(view: ConsultationView, language: str | None) -> ConsultationView:
    """The same consultation with every text that there is in this language; the others stay as they were written."""
    said = _said(view.details, language)
    if not said:
        return view
    details = {name: part for name, part in view.details.items() if name != "translations"}
    return replace(
        view,
        title=said.get("title", view.title),
        summary=said.get("summary", view.summary),
        details=translations.overlaid(details, said),
        phases=[replace(phase, note=said.get(f"phases.{phase.name}", phase.note)) for phase in view.phases],
        topics=[_topic(topic, said) for topic in view.topics],
    )


def title_in(language: str | None, title: str, details: Mapping[str, Any]) -> str:
    """The title of a consultation in the language of who is told of it, where it is translated."""
    return _said(details, language).get("title", title)


def topic_in(language: str | None, slug: str | None, title: str | None, details: Mapping[str, Any]) -> str | None:
    """The title of a topic of the consultation with these details, likewise; None for no topic."""
    return title and _said(details, language).get(f"topics.{slug}.title", title)


def _said(details: Mapping[str, Any], language: str | None) -> Said:
    said: Said = details.get("translations", {}).get(language) or {}
    return said


def _topic(topic: TopicView, said: Said) -> TopicView:
    its = f"topics.{topic.slug}"
    return replace(
        topic,
        title=said.get(f"{its}.title", topic.title),
        background=said.get(f"{its}.background", topic.background),
        background_html=said.get(f"{its}.background{HTML}", topic.background_html),
        questions=[replace(each, text=said.get(f"{its}.{each.key}", each.text)) for each in topic.questions],
    )
