"""Contributions as a page sets them: every word that has to be worked out, worked out once, here.

A page shows up to a hundred of these, so this is plain code on plain strings; the template only puts them in place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from app.readings.consultations import ConsultationView
from app.readings.views import ContributionView
from app.web import dates, words
from app.web.language import gettext as _
from app.web.language import ngettext

INDENTED_LEVELS = 4


@dataclass(slots=True)
class Entry:
    """One contribution, ready to be set. `html` is empty in a gap, where `gap` says what happened."""

    number: int | None
    href: str
    css: str
    who: Markup
    kind: str
    kind_name: str
    date: str
    iso: str
    notes: Sequence[str]
    revised: str
    replies_to: int | None
    title: str | None
    html: Markup
    language: str
    places: str
    replies: str
    gap: str
    reply: bool
    state: str = ""


def entry(view: ContributionView, consultation: ConsultationView, *, after: int | None = None, base_depth: int = 0,
          reply: bool = False) -> Entry:  # fmt: skip
    """A contribution under the one numbered `after`; `base_depth` is the depth that stands at the margin."""
    zone, href = consultation.zone, f"/c/{consultation.slug}/{view.number}"
    gap = "" if view.status == "published" else gap_in_words(view, consultation)
    when = view.published
    return Entry(
        number=view.number,
        href=href,
        css=_css(view, base_depth, bool(gap)),
        who=Markup() if gap else who(view),
        kind=view.kind,
        kind_name=_(words.KINDS[view.kind]),
        date=dates.short(when, zone) if when else "",
        iso=when.isoformat() if when else "",
        notes=_notes(view, zone),
        revised=_revised(view),
        replies_to=view.parent_number if view.parent_number != after else None,
        title=view.title,
        html=Markup(view.html),  # noqa: S704  # sanitised when it was written
        language=view.language,
        places=" · ".join(map(words.place_name, view.places)),
        replies=ngettext("%(n)s reply", "%(n)s replies", view.replies) if view.replies else "",
        gap=gap,
        reply=reply and not gap,
    )


def thread_entries(items: Sequence[ContributionView], consultation: ConsultationView, focus: ContributionView,
                   reply: bool) -> list[Entry]:  # fmt: skip
    """The contributions beneath `focus`, each saying what it replies to unless that stands right above it."""
    prepared = []
    above = focus.number
    for item in items:
        prepared.append(entry(item, consultation, after=above, base_depth=focus.depth + 1, reply=reply))
        above = item.number
    return prepared


def who(view: ContributionView) -> Markup:
    """The byline in words: a name, for an organisation, from a country; or what is withheld."""
    organisation = _organisation(view.organisation) if view.organisation else None
    if view.kind == "note" and view.author_name is None and organisation is None:
        return escape(_(words.KINDS["note"]))
    if view.author_name is not None:
        name = Markup("<bdi>%s</bdi>") % view.author_name
        if organisation is not None:
            return name + Markup(" <span>%s %s</span>") % (_("for"), organisation)
        return name if view.provenance else name + Markup(" <span>%s</span>") % _("in a personal capacity")
    if organisation is not None:
        return organisation + Markup(" <span>%s</span>") % _("name withheld")
    return escape(_("Name withheld"))


def gap_in_words(view: ContributionView, consultation: ConsultationView) -> str:
    """What happened to a contribution that is no longer public, with the rule and the reason where there are any."""
    when = dates.day(view.since, consultation.zone) if view.since else ""
    if view.status == "hidden":
        because = rule_in_words(view.rule, consultation.details)
        said = _("Hidden by a moderator on %(day)s", day=when)
        reason = f" “{view.reason}”" if view.reason else ""
        return f"{said}: {because}.{reason}" if because else f"{said}.{reason}"
    if view.status == "withdrawn":
        return _("Withdrawn by its author on %(day)s.", day=when)
    if view.status == "merged":
        return _("Merged into another contribution on %(day)s.", day=when)
    return _("Erased on %(day)s. The text no longer exists.", day=when)


def rule_in_words(number: str | None, details: Mapping[str, Any]) -> str:
    """`rule 4, Protect third persons`; nothing for no rule."""
    if not number:
        return ""
    title = next((rule["title"] for rule in details.get("rules", ()) if str(rule["number"]) == number), None)
    return _("rule %(number)s, %(title)s", number=number, title=title) if title else _("rule %(number)s", number=number)


def question_texts(keys: Iterable[str], consultation: ConsultationView) -> list[tuple[str, str]]:
    """The letter and the text of each guiding question that a contribution answers."""
    texts = {question.full_key: question for topic in consultation.topics for question in topic.questions}
    return [(texts[key].key, texts[key].text) for key in keys if key in texts]


def _organisation(given: Mapping[str, Any]) -> Markup:
    name = Markup("<bdi>%s</bdi>") % given["name"]
    parts = [words.country_name(given.get("country"))]
    if given.get("mandate") == "confirmed":
        parts.append(_("mandate confirmed"))
    more = ", ".join(part for part in parts if part)
    return Markup("%s, %s") % (name, more) if more else name


def _css(view: ContributionView, base_depth: int, is_gap: bool) -> str:
    names = ["note" if view.kind == "note" and not is_gap else "entry"]
    if is_gap:
        names.append("gap")
    level = min(view.depth - base_depth, INDENTED_LEVELS)
    if level > 0:
        names.append(f"d{level}")
    return " ".join(names)


def _notes(view: ContributionView, zone: ZoneInfo) -> list[str]:
    notes = [] if view.language.startswith("en") or not view.html else [words.language_name(view.language)]
    if view.channel != "web":
        notes.append(_(words.CHANNELS.get(view.channel, view.channel)))
    if view.created and view.published and (view.published - view.created).days > 30:
        notes.append(_("written %(day)s", day=dates.day(view.created, zone)))
    return notes


def _revised(view: ContributionView) -> str:
    if view.revision < 2 or view.status != "published":
        return ""
    return _("revised once") if view.revision == 2 else _("revised %(n)s times", n=view.revision - 1)
