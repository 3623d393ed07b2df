"""Which texts the coding desk shows: filters from the address, and addresses with these filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import QueryParams

from app.language import gettext as _
from app.readings.code_book import CodeView
from app.readings.coding_desk import STATES, Asked
from app.readings.consultations import ConsultationView
from app.web import coding_words, words

FILTERS = ("topic", "question", "code", "organisation_kind", "region", "language", "channel", "state", "whose")
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
            state=self.given.get("state"),
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
    if given.get("state") not in STATES:
        given.pop("state", None)
    if "code" in given and _identifier(given["code"]) is None:
        del given["code"]
    after = query.get("after", "")
    return Wanted(given, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0)


def choices(consultation: ConsultationView, codes: Sequence[CodeView], languages: Sequence[str]) -> list[Choice]:
    """The filters to choose from: name, label, and the values each with its words."""
    questions = [(each.full_key, f"{each.full_key}: {each.text}") for t in consultation.topics for each in t.questions]
    kinds = [(key, _(label)) for key, label in words.ORGANISATION_KINDS.items()]
    return [
        ("topic", _("Topic"), [(topic.slug, topic.title) for topic in consultation.topics]),
        ("question", _("Guiding question"), questions),
        ("code", _("Code"), [(str(each.id), indented(each)) for each in codes]),
        ("state", _("What you have done"), [(key, _(label)) for key, label in coding_words.STATES.items()]),
        ("organisation_kind", _("Kind of organisation"), kinds),
        ("region", _("Region"), [(key, _(label)) for key, label in words.REGIONS.items()]),
        ("language", _("Language"), [(tag, words.language_name(tag)) for tag in languages]),
        ("channel", _("How it came"), [(key, _(label)) for key, label in words.CHANNELS.items()]),
    ]


def indented(code: CodeView) -> str:
    """A code's name as a list of choices shows it: beneath its parent."""
    return "\u2003" * code.depth + code.name


def _identifier(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
