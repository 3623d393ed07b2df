"""Contributions as a page sets them: every word that has to be worked out, worked out once, here.

A page shows up to a hundred of these. So this and `setting.py` are plain code on plain strings: what a template engine
does for each value would cost more than the values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from app.readings.consultations import ConsultationView
from app.readings.views import ContributionView
from app.web import dates, words
from app.web.language import current, ngettext
from app.web.language import gettext as _

INDENTED_LEVELS = 4
_NOTHING = Markup()
_LATE = 30  # days between writing and publication from which both dates are said


@dataclass(slots=True)
class Entry:
    """One contribution, ready to be set. In a gap `gap` says what happened, and there is no text."""

    number: int | None
    href: str
    css: str
    language: str
    title: str | None
    gap: str = ""
    who: Markup = _NOTHING
    kind_name: str = ""
    date: str = ""
    iso: str = ""
    notes: Sequence[str] = ()
    revised: str = ""
    replies_to: int | None = None
    html: Markup = _NOTHING
    places: str = ""
    replies: str = ""
    reply: bool = False
    state: str = ""


def entry(
    view: ContributionView,
    consultation: ConsultationView,
    *,
    after: int | None = None,
    base_depth: int = 0,
    reply: bool = False,
) -> Entry:
    """A contribution under the one numbered `after`; `base_depth` is the depth that stands at the margin."""
    href = f"/c/{consultation.slug}/{view.number}"
    if view.status != "published":
        css = f"entry gap{_indent(view, base_depth)}"
        return Entry(view.number, href, css, "und", None, gap_in_words(view, consultation), state=view.status)
    zone, when = consultation.zone, view.published
    return Entry(
        number=view.number,
        href=href,
        css=("note" if view.kind == "note" else "entry") + _indent(view, base_depth),
        language=view.language,
        title=view.title,
        who=who(view),
        kind_name=_(words.KINDS[view.kind]),
        date=dates.short(when, zone) if when else "",
        iso=when.isoformat() if when else "",
        notes=_notes(view, consultation),
        revised=_revised(view.revision) if view.revision > 1 else "",
        replies_to=view.parent_number if view.parent_number != after else None,
        html=Markup(view.html),  # noqa: S704  # sanitised when it was written
        places=" · ".join(map(words.place_name, view.places)) if view.places else "",
        replies=ngettext("%(n)s reply", "%(n)s replies", view.replies) if view.replies else "",
        reply=reply,
    )


def thread_entries(
    items: Sequence[ContributionView], consultation: ConsultationView, focus: ContributionView, reply: bool
) -> list[Entry]:
    """The contributions beneath `focus`, each saying what it replies to unless that stands right above it."""
    prepared = []
    above = focus.number
    for item in items:
        prepared.append(entry(item, consultation, after=above, base_depth=focus.depth + 1, reply=reply))
        above = item.number
    return prepared


def who(view: ContributionView) -> Markup:
    """The byline in words: a name, for an organisation, from a country; or what is withheld."""
    named = view.organisation or {}
    organisation = (named.get("name"), named.get("country"), named.get("mandate"))
    return _byline(current.get(), view.author_name, *organisation, view.kind == "note", bool(view.provenance))


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


@lru_cache(maxsize=5_000)  # the same people speak again and again
def _byline(
    _language: str, name: str | None, organisation: str | None, country: str | None, mandate: str | None, is_note: bool,
    attributed: bool,
) -> Markup:  # fmt: skip
    group = _organisation(organisation, country, mandate) if organisation else ""
    if name is not None:
        said = f"<bdi>{escape(name)}</bdi>"
        if group:
            said += f" <span>{_('for')} {group}</span>"
        elif not attributed and not is_note:
            said += f" <span>{_('in a personal capacity')}</span>"
    elif group:
        said = f"{group} <span>{_('name withheld')}</span>"
    else:
        said = _(words.KINDS["note"]) if is_note else _("Name withheld")
    return Markup(said)  # noqa: S704  # made of escaped parts


def _organisation(name: str, country: str | None, mandate: str | None) -> str:
    said = f"<bdi>{escape(name)}</bdi>"
    if country:
        said += f", {escape(words.country_name(country))}"
    return f"{said}, {_('mandate confirmed')}" if mandate == "confirmed" else said


def _indent(view: ContributionView, base_depth: int) -> str:
    level = min(view.depth - base_depth, INDENTED_LEVELS)
    return f" d{level}" if level > 0 else ""


def _notes(view: ContributionView, consultation: ConsultationView) -> list[str]:
    notes = [] if view.language == "en" else [words.language_name(view.language)]
    if view.channel != "web":
        notes.append(_(words.CHANNELS.get(view.channel, view.channel)))
        if view.created and view.published and (view.published - view.created).days > _LATE:
            notes.append(_("written %(day)s", day=dates.day(view.created, consultation.zone)))
    return notes


def _revised(revision: int) -> str:
    return _("revised once") if revision == 2 else _("revised %(n)s times", n=revision - 1)
