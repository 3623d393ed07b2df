"""`/c/{consultation}/organise/balance`: who has registered, who is heard, and who is missing, for organisers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.accounts.vocabulary import ORGANISATION_KINDS, REGIONS
from app.language import LANGUAGES
from app.language import gettext as _
from app.readings import consultations
from app.readings.numbers import Count, Numbers, numbers
from app.readings.organisations import Organisations, OrganisationView, organisations
from app.readings.organising import balance as readings
from app.readings.organising.balance import Balance, People
from app.web.kit import words
from app.web.kit.visit import Visiting
from app.web.public.numbers import LITTLE

router = APIRouter()
NOBODY = People(None, None)


@dataclass(frozen=True, slots=True)
class Row:
    """One region, kind or language: the people, what is public, and whether the consultation hopes to hear it."""

    name: str
    people: People
    contributions: int
    organisations: int | None  # which publish or endorse; None: nothing is said of that
    bar: float
    hoped: bool
    heard: str  # not, little, enough


@dataclass(frozen=True, slots=True)
class Picture:
    """One dimension, with its name."""

    key: str
    title: str
    rows: Sequence[Row]


@router.get("/c/{slug}/organise/balance")
async def page(visit: Visiting, slug: str) -> Response:
    """The page. Raises NotFound, Unauthenticated, Forbidden."""
    async with visit.database.reading() as connection:
        consultation = await consultations.consultation(connection, slug)
    async with visit.database.writing() as session:
        people = await readings.balance(session, visit.actor, consultation.id)
    async with visit.database.reading() as connection:
        counted = await numbers(connection, consultation)
        found = await organisations(connection, consultation)
    hoped_for = consultation.details.get("hoped_for") or {}
    pictures = _pictures(people, counted, found, hoped_for)
    hoped = [row for picture in pictures for row in picture.rows if row.hoped]
    return visit.page(
        "organising/balance.html",
        consultation=consultation,
        people_all=people.all,
        counted=counted,
        publishing=sum(1 for each in found.listed if each.texts),
        endorsing=sum(1 for each in found.listed if each.endorsements),
        pictures=pictures,
        hopes=bool(hoped),
        unheard=[row.name for row in hoped if row.heard == "not"],
        little=[row.name for row in hoped if row.heard == "little"],
    )


def _pictures(people: Balance, counted: Numbers, found: Organisations, hoped: Mapping[str, Any]) -> list[Picture]:
    by_region = _organisations(found, lambda each: each.region)
    by_kind = _organisations(found, lambda each: each.kind)
    spoken = [*LANGUAGES, *(count.key for count in counted.languages if count.key and count.key not in LANGUAGES)]
    return [
        Picture("region", _("By region"), _rows(
            REGIONS, lambda key: _(words.REGIONS[key]), people.by["region"], counted.regions, by_region,
            hoped.get("regions", ()),
        )),
        Picture("kind", _("By kind of organisation"), _rows(
            ORGANISATION_KINDS, lambda key: _(words.ORGANISATION_KINDS[key]), people.by["kind"],
            counted.organisation_kinds, by_kind, hoped.get("organisation_kinds", ()),
        )),
        Picture("language", _("By language"), _rows(
            spoken, words.language_name, people.by["language"], counted.languages, None, (),
        )),
    ]  # fmt: skip


def _rows(
    keys: Iterable[str], name: Callable[[str], str], people: Mapping[str, People], counts: Sequence[Count],
    heard: Mapping[str, int] | None, hoped: Sequence[str],
) -> list[Row]:  # fmt: skip
    public = {count.key: count.contributions for count in counts if count.key}
    most = max(public.values(), default=0) or 1

    def row(key: str) -> Row:
        said = public.get(key, 0)
        return Row(
            name=name(key), people=people.get(key, NOBODY), contributions=said,
            organisations=None if heard is None else heard.get(key, 0), bar=round(100 * said / most, 1),
            hoped=key in hoped, heard="not" if not said else "little" if said < LITTLE else "enough",
        )  # fmt: skip

    return [row(key) for key in keys]


def _organisations(found: Organisations, by: Callable[[OrganisationView], str | None]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for each in found.listed:
        if key := by(each):
            counted[key] = counted.get(key, 0) + 1
    return counted
