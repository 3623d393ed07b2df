"""Which part of the queue a page of the desk shows: kept in its address, so that it can be linked to and kept open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from app.language import gettext as _
from app.language import gettext_noop as N_
from app.readings.consultation_views import ConsultationView
from app.readings.moderation.queue import Counts
from app.readings.moderation.queue_query import REASONS, Asked
from app.web.kit.words import language_name

NAMES = ("reason", "topic", "language", "organisation", "age")
REASON_WORDS = {
    "new": N_("New"),
    "edit": N_("Edits"),
    "flag": N_("Flagged"),
    "appeal": N_("Appeals"),
    "screened": N_("Held by a check"),
}
AGES = {"overdue": N_("longer than promised"), "24": N_("for more than a day"), "72": N_("for more than three days"),
        "168": N_("for more than a week")}  # fmt: skip
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters in an address."""

    given: Mapping[str, str]

    @property
    def asked(self) -> Asked:
        """The same for a reading."""
        age = self.given.get("age", "")
        return Asked(
            reason=self.given.get("reason"), topic=self.given.get("topic"), language=self.given.get("language"),
            organisation=self.given.get("organisation"), hours=int(age) if age.isdigit() else None,
            overdue=age == "overdue",
        )  # fmt: skip

    @property
    def counted(self) -> Asked:
        """The same for counting: without the reason, since each is counted."""
        return replace(self.asked, reason=None)

    def query(self, **changes: str | None) -> str:
        """The query of an address with these filters, and some changed: `?topic=inclusion`, or nothing."""
        kept = {name: value for name, value in {**self.given, **changes}.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def filters_in(query: QueryParams) -> Filters:
    """The filters in the query of an address. What is none of ours narrows nothing."""
    given = {name: query[name] for name in NAMES if query.get(name) and "\x00" not in query[name]}
    if given.get("reason") not in REASONS:
        given.pop("reason", None)
    if given.get("age") not in AGES:
        given.pop("age", None)
    return Filters(given)


def tabs(filters: Filters, counts: Counts) -> list[tuple[str, str, int, bool]]:
    """For each reason why something waits: the query of its list, its name, how many there are, whether it is shown."""
    chosen = filters.given.get("reason")
    every = [(filters.query(reason=None), _("All"), counts.total, chosen is None)]
    return every + [
        (filters.query(reason=reason), _(REASON_WORDS[reason]), counts.by_reason[reason], chosen == reason)
        for reason in REASONS
    ]


def choices(
    consultation: ConsultationView, languages: Sequence[str], organisations: Sequence[str], *, promises: bool
) -> list[tuple[str, str, Choices]]:
    """The filters to choose from: name, label, and the values each with its words."""
    spoken = [*consultation.languages, *(tag for tag in languages if tag not in consultation.languages)]
    found: list[tuple[str, str, Choices]] = [
        ("topic", _("Topic"), [(topic.slug, topic.title) for topic in consultation.topics]),
        ("language", _("Language"), [(tag, language_name(tag)) for tag in spoken]),
        ("age", _("Waits"), [(age, _(words)) for age, words in AGES.items() if promises or age != "overdue"]),
    ]
    if organisations:
        found.insert(2, ("organisation", _("Organisation"), [(name, name) for name in organisations]))
    return found
