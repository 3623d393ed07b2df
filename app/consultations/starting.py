"""What a new consultation starts from: texts that its organisers edit, or an earlier consultation's definition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from app.consultations.carrying import all_carried
from app.consultations.definition import Definition, parse
from app.consultations.drafting import written
from app.language import DEFAULT, LANGUAGES, meant, translator
from app.language import gettext_noop as N_

Raw = dict[str, Any]
_WRITTEN = N_("Say here in one or two sentences what this consultation is about.")
# To be written by the organisers: the checklist asks for it as long as it stands there.
TO_WRITE = {
    "summary": _WRITTEN,
    "purpose": N_("Say here what this consultation is for, whom you ask, and why now."),
    "topics.topic-1.title": N_("First topic"),
    "topics.topic-1.background": N_("Say here what people should know before they answer."),
}
_USUAL = {
    "expected_outcome": N_(
        "A report that gives what was said, question by question, with recommendations. Each recommendation says which "
        "contributions it rests on."
    ),
    "how_input_is_used": N_(
        "Moderators read the contributions and decide by the rules below. Facilitators sum up the discussion. "
        "Rapporteurs draw up recommendations and cite what they rest on. The organisers pass them on, and publish the "
        "answers."
    ),
}
_SHARED = ("rules.", "licence.statement", "retention")  # which every consultation can say as the shipped one does


@dataclass(frozen=True, slots=True)
class Start:
    """What is asked of somebody who begins: everything else can wait."""

    slug: str
    title: str
    holder: str
    contact: str
    languages: Sequence[str]
    time_zone: str
    opens: date | datetime | None
    closes: date | datetime | None


def from_scratch(start: Start) -> Raw:
    """The fields of a new definition, in its main language and, where its usual texts exist in others, in those."""
    main = meant(start.languages[0] if start.languages else None) or DEFAULT
    said = {tag: _usual(meant(tag) or "") for tag in start.languages[1:] if meant(tag) not in (None, main)}
    raw: Raw = {
        **_asked(start),
        **{field: translator(main)(text) for field, text in _USUAL.items()},
        **{field: translator(main)(TO_WRITE[field]) for field in ("summary", "purpose")},
        **_shared(main),
        "controller": {"name": start.holder, "mail": start.contact},
        "organisers": [{"name": start.holder}],
        "contact": start.contact,
        "topics": [
            {
                "slug": "topic-1",
                "policy": "before",
                **{name: translator(main)(TO_WRITE[f"topics.topic-1.{name}"]) for name in ("title", "background")},
            }
        ],
        "translations": said,
    }
    return raw


def as_copy(earlier: Definition, start: Start) -> Raw:
    """The fields of another definition with new name, address and dates, and with everything else as it was.

    Dates of topics and milestones were those of the earlier one: they are left out.
    """
    raw = written(earlier)
    raw.pop("milestones", None)
    asked = {field: value for field, value in _asked(start).items() if field not in ("languages", "time_zone")}
    notes = {phase.name: phase.note for phase in earlier.phases if phase.note}
    for phase in asked["phases"]:
        phase |= {"note": notes[phase["name"]]} if phase["name"] in notes else {}
    topics = [{k: v for k, v in topic.items() if k not in ("opens", "closes")} for topic in raw["topics"]]
    raw |= asked | {"topics": topics, "sample": False}
    said = all_carried(earlier, raw)
    new_title = raw["title"] != earlier.title
    kept = {tag: {k: v for k, v in texts.items() if k != "title" or not new_title} for tag, texts in said.items()}
    return raw | {"translations": {tag: texts for tag, texts in kept.items() if texts}}


def is_to_write(place: str, text: str) -> bool:
    """Whether this text is still the one that a new consultation starts with, in any language."""
    starting = TO_WRITE.get(place)
    return starting is not None and text in {translator(language)(starting) for language in LANGUAGES}


def _asked(start: Start) -> Raw:
    phases = [{"name": "open", "starts": start.opens}, {"name": "closed", "starts": start.closes}]
    return {
        "slug": start.slug,
        "title": start.title,
        "languages": list(start.languages),
        "time_zone": start.time_zone,
        "phases": [phase for phase in phases if phase["starts"] is not None],
    }


def _usual(language: str) -> Mapping[str, str]:
    """The usual texts in a language of the interface, by their place."""
    texts = {field: translator(language)(text) for field, text in _USUAL.items()}
    founding = _founding()
    said = founding.translations.get(language) or _in_english(founding)
    return texts | {place: text for place, text in said.items() if place.startswith(_SHARED)}


def _shared(language: str) -> Raw:
    """The rules, the licence and the retention as fields of a definition, in a language of the interface."""
    raw, said = written(_founding()), _usual(language)
    rules = [
        {"number": rule["number"], **{name: said[f"rules.{rule['number']}.{name}"] for name in ("title", "text")}}
        for rule in raw["rules"]
    ]
    licence = raw["licence"] | {"statement": said["licence.statement"]}
    return {"rules": rules, "licence": licence, "retention": said["retention"]}


def _in_english(founding: Definition) -> Mapping[str, str]:
    rules = {
        f"rules.{rule.number}.{name}": getattr(rule, name) for rule in founding.rules for name in ("title", "text")
    }
    return rules | {"licence.statement": founding.licence.statement, "retention": founding.retention}


@cache
def _founding() -> Definition:
    return parse((files("app.consultations") / "definitions" / "mayoral-forum-2016.toml").read_text("utf-8"))
