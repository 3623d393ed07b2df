"""Single contributions as a page sets them: in parts, which templates put in their places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app import dates
from app.contributions.fragment import Parts
from app.contributions.headings import beneath
from app.language import gettext as _
from app.language import ngettext, quoted
from app.readings.consultation_views import ConsultationView
from app.readings.views import ContributionView
from app.web.kit.open_words import OpenWords, indented, words_for


@dataclass(slots=True)
class Entry:
    """One contribution, ready to be set. In a gap `gap` says what happened, and there are no parts."""

    number: int | None
    href: str
    css: str
    view: ContributionView
    parts: Parts | None
    words: OpenWords
    gap: str = ""
    titled: bool = True
    state: str = ""

    @property
    def who(self) -> Markup:
        """The byline."""
        return self._said("who")

    @property
    def kind(self) -> Markup:
        """What it is: experience, proposal, reply, …"""
        return self._said("kind")

    @property
    def meta(self) -> Markup:
        """When it was said, in which language, how it came, how often it was revised."""
        return self._said("meta")

    @property
    def heading(self) -> Markup:
        """The title, if it has one."""
        return self._said("heading") if self.titled else Markup()

    @property
    def text(self) -> Markup:
        """The text, and the places it concerns. Its headings are beneath its own, or else beneath the page's."""
        return beneath(self._said("text"), 3 if self.heading else 2)

    @property
    def title(self) -> str | None:
        """The title as plain text."""
        return self.view.title

    @property
    def language(self) -> str:
        """Tag of the text's language."""
        return self.view.language

    @property
    def replies(self) -> str:
        """How many replies there are, in words; nothing for none."""
        count = self.view.replies
        return ngettext("%(n)s reply", "%(n)s replies", count) if count else ""

    def _said(self, part: str) -> Markup:
        said: str = getattr(self.parts, part) if self.parts else ""
        return Markup(self.words.fill(said.encode()).decode())  # noqa: S704  # escaped or sanitised at writing


def entry(view: ContributionView, consultation: ConsultationView, *, base_depth: int | None = None) -> Entry:
    """One contribution; `base_depth` is the depth that stands at the margin, its own where none is given."""
    href, words = f"/c/{consultation.slug}/{view.number}", words_for(consultation.zone)
    indent = indented(view.depth - base_depth) if base_depth is not None else ""
    if view.status != "published":
        gap = gap_in_words(view, consultation)
        return Entry(view.number, href, f"entry gap{indent}", view, None, words, gap, state=view.status)
    css = ("note" if view.kind == "note" else "entry") + indent
    return Entry(view.number, href, css, view, view.parts, words)


def gap_in_words(view: ContributionView, consultation: ConsultationView) -> str:
    """What happened to a contribution that is no longer public, with the rule and the reason where there are any."""
    when = dates.day(view.since, consultation.zone) if view.since else ""
    if view.status == "hidden":
        because = rule_in_words(view.rule, consultation.details)
        said = _("Hidden on %(day)s.", day=when)
        if because:
            said = _("Hidden on %(day)s: %(rule)s.", day=when, rule=because)
        return f"{said} \u2068{quoted(view.reason)}\u2069" if view.reason else said
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
