"""`/c/{consultation}/numbers`: participation in pictures, each a table as well, and all of it as one CSV file."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app import dates
from app.language import gettext as _
from app.readings import consultations
from app.readings.consultation_views import ConsultationView
from app.readings.exporting.csv_rows import harmless
from app.readings.numbers import Count, Numbers, first_day, numbers
from app.readings.versions import Version
from app.web.kit import words
from app.web.kit.visit import PUBLIC, VARY, Visit, Visiting, etag, version_of
from app.web.public import world_map

router = APIRouter()
LITTLE = 3  # contributions: fewer is little voice
Said = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Row:
    """One count in words: `bar` is its length in hundredths of the longest."""

    key: str | None
    name: str
    contributions: int
    endorsements: int
    bar: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One dimension: its name, and its counts."""

    key: str
    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Missing:
    """Of whom there is no voice yet, and of whom little, among those that the consultation hopes to hear."""

    none: Sequence[str]
    little: Sequence[str]


@router.get("/c/{slug}/numbers")
async def page(visit: Visiting, slug: str) -> Response:
    """The page."""
    consultation, counted, version = await _read(visit, slug)
    return visit.public(
        "public/numbers.html",
        version,
        consultation=consultation,
        counted=counted,
        pictures=pictures(counted, consultation),
        missing=missing(counted, consultation.details.get("hoped_for")),
        map_width=world_map.WIDTH,
        map_height=world_map.HEIGHT,
    )


@router.get("/c/{slug}/numbers.csv")
async def table(visit: Visiting, slug: str) -> Response:
    """All counts, one in a row."""
    consultation, counted, version = await _read(visit, slug)
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("by", "key", "name", "contributions", "endorsements"))
    for picture in pictures(counted, consultation):
        for row in picture.rows:
            name = harmless(row.name)
            writer.writerow((picture.key, row.key or "", name, row.contributions, row.endorsements))
    return _public(visit, version, written.getvalue().encode(), "text/csv; charset=utf-8; header=present")


@router.get("/c/{slug}/numbers/map.svg")
async def map_of_countries(visit: Visiting, slug: str) -> Response:
    """The map, for the page to show."""
    _consultation, counted, version = await _read(visit, slug)
    counts = {count.key: count.contributions for count in counted.countries if count.key}
    names = {code: words.country_name(code) for code in counts}
    return _public(visit, version, world_map.drawn(counts, names), "image/svg+xml")


def pictures(counted: Numbers, consultation: ConsultationView) -> list[Picture]:
    """Everything that was counted, in words."""
    topics = {topic.slug: topic.title for topic in consultation.topics}
    asked = [each for topic in consultation.topics for each in topic.questions]
    questions = {each.full_key: words.lettered(each.key, each.text) for each in asked}
    unknown, withheld = _("not known"), _("withheld or not given")
    return [
        _picture("month", _("Month by month"), counted.months, lambda key: dates.month(first_day(str(key)))),
        _picture("topic", _("By topic"), counted.topics, _named(topics, unknown)),
        _picture("question", _("By guiding question"), counted.questions, _named(questions, unknown)),
        _picture("kind", _("By kind"), counted.kinds, _named(words.KINDS, unknown)),
        _picture("language", _("By language"), counted.languages, lambda key: words.language_name(str(key))),
        _picture("region", _("By region"), counted.regions, _named(words.REGIONS, withheld)),
        _picture("country", _("By country"), counted.countries, lambda key: words.country_name(key) or withheld),
        _picture(
            "organisation_kind", _("By kind of organisation"), counted.organisation_kinds,
            _named(words.ORGANISATION_KINDS, _("in a personal capacity, or withheld")),
        ),
        _picture("channel", _("How they came"), counted.channels, _named({"web": _("on these pages")} | words.CHANNELS,
                                                                         unknown)),
    ]  # fmt: skip


def missing(counted: Numbers, hoped_for: Mapping[str, Any] | None) -> Missing | None:
    """Who is not, or hardly, heard; None where the consultation does not say whom it hopes to hear."""
    if not hoped_for:
        return None
    heard = {count.key: count.contributions for count in (*counted.regions, *counted.organisation_kinds)}
    hoped = [(key, _(words.REGIONS[key])) for key in hoped_for.get("regions", ())]
    hoped += [(key, _(words.ORGANISATION_KINDS[key])) for key in hoped_for.get("organisation_kinds", ())]
    return Missing(
        [name for key, name in hoped if not heard.get(key)],
        [name for key, name in hoped if 0 < heard.get(key, 0) < LITTLE],
    )


async def _read(visit: Visit, slug: str) -> tuple[ConsultationView, Numbers, Version]:
    """What was counted, and the version that it is of: an earlier one, where it was counted a moment ago."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
        counted = await numbers(connection, consultation)
    now = version_of(consultation)
    return consultation, counted, Version(now.consultation, counted.size, now.date)


def _picture(key: str, title: str, counts: Sequence[Count], said: Said) -> Picture:
    most = max((count.contributions for count in counts), default=0) or 1
    return Picture(key, title, [*_rows(counts, said, most)])


def _rows(counts: Sequence[Count], said: Said, most: int) -> Iterator[Row]:
    for count in counts:
        bar = round(100 * count.contributions / most, 1)
        yield Row(count.key, said(count.key), count.contributions, count.endorsements, bar)


def _named(names: Mapping[str, str], otherwise: str) -> Said:
    return lambda key: _(names[key]) if key is not None and key in names else otherwise


def _public(visit: Visit, version: Version, body: bytes, media_type: str) -> Response:
    headers = {"Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version, visit.language)}
    return Response(body, headers=headers, media_type=media_type)
