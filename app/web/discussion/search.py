"""`/c/{consultation}/search`: what was said, found by its words and narrowed down; kept in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from markupsafe import Markup, escape
from starlette.datastructures import QueryParams
from starlette.responses import Response

from app import errors, text
from app.accounts.countries import COUNTRIES
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import search
from app.readings.discussion.listing import Filters
from app.readings.discussion.search import BEGIN, END, Asked, Found
from app.web.kit import words
from app.web.kit.entries import Entry, entry
from app.web.kit.visit import Visiting, version_of

router = APIRouter()
LONGEST = 200  # characters of a query
Choices = Sequence[tuple[str, str]]
_KINDS = ("experience", "proposal", "question", "resource", "reply", "note")


@router.get("/c/{slug}/search")
async def search_page(visit: Visiting, slug: str) -> Response:
    """What was looked for, and a page of what was found; `before` continues it."""
    query = visit.request.query_params
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        wanted = _wanted(query, consultation)
        found = await search.search(connection, consultation.id, wanted.asked, wanted.before) if wanted.given else None
    return visit.public(
        "discussion/search.html",
        version_of(consultation),
        consultation=consultation,
        wanted=wanted,
        choices=_choices(consultation, wanted.given),
        found=[_set(each, consultation) for each in found.items] if found else [],
        nearest=found is not None and found.nearest,
        following=wanted.address(before=str(found.next_before)) if found and found.next_before else None,
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the address asks for: the values as they were given, and the same for a reading."""

    given: Mapping[str, str]
    asked: Asked
    before: int | None

    def address(self, **more: str) -> str:
        return f"?{urlencode({**self.given, **more})}"


def _wanted(query: QueryParams, consultation: ConsultationView) -> _Wanted:
    """What no field of the form could have sent narrows nothing. Raises Invalid for words that are too many."""
    given = {name: query[name].strip() for name in _FIELDS if query.get(name, "").strip()}
    given = {name: value for name, value in given.items() if "\x00" not in value and _FIELDS[name](value)}
    if len(given.get("q", "")) > LONGEST:
        raise errors.Invalid({"q": _("Please look for fewer words: at most %(n)s characters.", n=LONGEST)})
    since, until = (_midnight(given.get(name), consultation.zone) for name in ("since", "until"))
    filters = Filters(
        topic=given.get("topic"), question=given.get("question"), kind=given.get("kind"),
        language=given.get("language"), organisation_kind=given.get("organisation_kind"),
        country=given.get("country"), tag=given.get("tag"),
    )  # fmt: skip
    before = query.get("before", "")
    asked = Asked(
        given.get("q", ""), filters, given.get("channel"), since, until + timedelta(days=1) if until else None
    )
    return _Wanted(given, asked, int(before) if before.isascii() and before.isdigit() and len(before) < 10 else None)


def _any(value: str) -> bool:
    return len(value) <= 200


def _is_day(value: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(value).year <= 2200
    except ValueError:
        return False


def _is_language(value: str) -> bool:
    try:
        return text.language_tag(value) == value
    except ValueError:
        return False


_FIELDS: dict[str, Callable[[str], bool]] = {
    "q": bool, "topic": _any, "question": _any, "kind": _KINDS.__contains__, "language": _is_language,
    "organisation_kind": words.ORGANISATION_KINDS.__contains__, "country": COUNTRIES.__contains__,
    "channel": words.CHANNELS.__contains__, "tag": _any, "since": _is_day, "until": _is_day,
}  # fmt: skip


def _midnight(day: str | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time(), zone) if day else None


def _choices(consultation: ConsultationView, given: Mapping[str, str]) -> list[tuple[str, str, Choices]]:
    """The filters to choose from: name, label, and the values each with its words."""
    asked = [question for topic in consultation.topics for question in topic.questions]
    spoken = list(dict.fromkeys([*consultation.languages, *([given["language"]] if "language" in given else [])]))
    return [
        ("topic", _("Topic"), [(topic.slug, topic.title) for topic in consultation.topics]),
        ("question", _("Guiding question"), [(each.full_key, f"{each.full_key}: {each.text}") for each in asked]),
        ("kind", _("Kind"), [(kind, _(words.KINDS[kind])) for kind in _KINDS]),
        ("language", _("Language"), [(tag, words.language_name(tag)) for tag in spoken]),
        ("organisation_kind", _("Kind of organisation"),
         [(kind, _(label)) for kind, label in words.ORGANISATION_KINDS.items()]),
        ("country", _("Country of the organisation"), words.countries()),
        ("channel", _("How it came"), [(channel, _(label)) for channel, label in words.CHANNELS.items()]),
    ]  # fmt: skip


def _set(found: Found, consultation: ConsultationView) -> tuple[Entry, Markup]:
    """An entry and its excerpt, with what was looked for marked."""
    marked = str(escape(found.excerpt)).replace(BEGIN, "<mark>").replace(END, "</mark>")
    return entry(found.view, consultation), Markup(marked)  # noqa: S704  # escaped just before
