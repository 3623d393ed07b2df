"""Which texts the coding desk shows: filters from the address, and addresses with these filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from app.language import gettext as _
from app.readings.coding.code_book import CodeView
from app.readings.coding.coding_desk import GISTS, STATES, Asked
from app.readings.consultation_views import ConsultationView
from app.web.coding import coding_words
from app.web.kit import words

FILTERS = (
    "topic", "question", "code", "also", "organisation_kind", "region", "language", "channel", "state", "gist", "whose",
)  # fmt: skip
EVERYBODY = "all"
Choice = tuple[str, str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters as given. What is none of ours narrows nothing."""

    given: Mapping[str, str]
    after: int = 0

    @property
    def everybody(self) -> bool:
        """Whether the codings of others are shown, too."""
        return self.given.get("whose") == EVERYBODY

    def asked(self, consultation: ConsultationView) -> Asked:
        """The same for the reading."""
        topics = {topic.slug: topic.id for topic in consultation.topics}
        plain = {
            name: self.given.get(name) for name in ("question", "organisation_kind", "region", "language", "channel")
        }
        return Asked(
            topic=topics.get(self.given.get("topic", "")),
            code=_identifier(self.given.get("code", "")),
            also=_identifier(self.given.get("also", "")),
            state=self.given.get("state"),
            gist=self.given.get("gist"),
            everybody=self.everybody,
            after=self.after,
            **plain,
        )

    def query(self, **changes: Any) -> str:
        """The query of an address with these filters, and some changed."""
        kept = {name: str(value) for name, value in {**self.given, **changes}.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def leading(self, name: str) -> str:
        """The query of an address with these filters and another value for one of them, which is put after it."""
        others = self.query(**{name: None})
        return f"{others}{'&' if others else '?'}{name}="

    @property
    def here(self) -> str:
        """The query of this very page of texts."""
        return self.query(after=self.after)


def wanted_of(query: QueryParams) -> Wanted:
    """The filters of an address."""
    given = {name: query[name] for name in FILTERS if query.get(name) and len(query[name]) <= 200}
    given = {name: value for name, value in given.items() if "\x00" not in value}
    for name, known in (("state", STATES), ("gist", GISTS)):
        if given.get(name) not in known:
            given.pop(name, None)
    for name in ("code", "also"):
        if name in given and _identifier(given[name]) is None:
            del given[name]
    after = query.get("after", "")
    return Wanted(given, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0)


def choices(consultation: ConsultationView, codes: Sequence[CodeView], languages: Sequence[str]) -> list[Choice]:
    """The filters to choose from: name, label, and the values each with its words."""
    questions = [(each.full_key, f"{each.full_key}: {each.text}") for t in consultation.topics for each in t.questions]
    kinds = [(key, _(label)) for key, label in words.ORGANISATION_KINDS.items()]
    book = [(str(each.id), indented(each)) for each in codes]
    return [
        ("topic", _("Topic"), [(topic.slug, topic.title) for topic in consultation.topics]),
        ("question", _("Guiding question"), questions),
        ("code", _("Code"), book),
        ("also", _("And also the code"), book),
        ("state", _("What you have done"), [(key, _(label)) for key, label in coding_words.STATES.items()]),
        ("gist", _("Gist"), [(key, _(label)) for key, label in coding_words.GISTS.items()]),
        ("organisation_kind", _("Kind of organisation"), kinds),
        ("region", _("Region"), [(key, _(label)) for key, label in words.REGIONS.items()]),
        ("language", _("Language"), [(tag, words.language_name(tag)) for tag in languages]),
        ("channel", _("How it came"), [(key, _(label)) for key, label in words.EVERY_CHANNEL.items()]),
    ]


def indented(code: CodeView) -> str:
    """A code's name as a list of choices shows it: beneath its parent."""
    return "\u2003" * code.depth + code.name


def _identifier(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
