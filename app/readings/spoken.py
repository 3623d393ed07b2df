"""A consultation in the reader's language, as far as its organisers have translated what they wrote."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Self

from app.consultations import translations
from app.consultations.translations import HTML, Said
from app.readings.consultation_views import ConsultationView, TopicView

Say = Callable[[str, str], str]  # what is said at a place, where organisers wrote a text


class Foreign(str):
    """A text that is not there in the reader's language: as organisers wrote it, in theirs."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """The text, with the tag of its language."""
        self = super().__new__(cls, text)
        self.language = language
        return self

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # a str has one
        """For who sends it to another process."""
        return str(self), self.language


def spoken(view: ConsultationView, language: str | None) -> ConsultationView:
    """The same consultation with every text that there is in this language; the others stay as they were written, and
    know their language. None: all of it as it was written."""
    original, said = view.languages[0], _said(view.details, language)
    if language in (None, original):
        return view

    def say(place: str, text: str) -> str:
        return said[place] if place in said else Foreign(text, original)

    details = {name: part for name, part in view.details.items() if name != "translations"}
    return replace(
        view,
        title=say("title", view.title),
        summary=say("summary", view.summary),
        details=translations.resaid(details, say),
        phases=[
            replace(phase, note=say(f"phases.{phase.name}", phase.note) if phase.note else None)
            for phase in view.phases
        ],
        topics=[_topic(topic, say) for topic in view.topics],
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


def _topic(topic: TopicView, say: Say) -> TopicView:
    its = f"topics.{topic.slug}"
    return replace(
        topic,
        title=say(f"{its}.title", topic.title),
        background=say(f"{its}.background", topic.background),
        background_html=say(f"{its}.background{HTML}", topic.background_html),
        questions=[replace(each, text=say(f"{its}.{each.key}", each.text)) for each in topic.questions],
    )
