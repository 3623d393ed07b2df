"""The cities and areas a contribution concerns."""

from collections.abc import Mapping, Sequence
from typing import Any

from app import text
from app.accounts.countries import COUNTRIES
from app.language import gettext as _

CITY_LIMIT = 100
PLACE_ROLES = ("origin", "destination")


def checked_places(
    places: Sequence[Mapping[str, Any]], most: int, faults: dict[str, str]
) -> tuple[dict[str, str | None], ...]:
    """The places as they are stored: `city`, `country` (ISO 3166 alpha-2) and `role`. Faults go into `faults`."""
    if len(places) > most:
        faults["places"] = _("At most %(most)s places fit; there are %(count)s.", most=most, count=len(places))
        return ()
    clean = []
    for index, place in enumerate(places):
        try:
            clean.append(_place(place))
        except ValueError as fault:
            faults[f"places.{index}"] = str(fault)
    return tuple(clean)


def search_terms(places: Sequence[Mapping[str, Any]]) -> list[str]:
    """What `place=` finds: each city and each country in lower case."""
    return sorted({str(place[field]).lower() for place in places for field in ("city", "country") if place.get(field)})


def public_terms(revision: Any) -> list[str]:
    """As `search_terms`, of a revision: none of an anonymous one, as no place may narrow down who somebody is."""
    return [] if revision.byline == "anonymous" else search_terms(revision.places)


def _place(given: Mapping[str, Any]) -> dict[str, str | None]:
    city = text.line(str(given.get("city") or ""))
    country = str(given.get("country") or "").strip().upper() or None
    role = given.get("role") or None
    if not city and not country:
        raise ValueError(_("Please name a city or a country."))
    if len(city) > CITY_LIMIT:
        raise ValueError(
            _("The city’s name has %(count)s characters; at most %(most)s fit.", count=len(city), most=CITY_LIMIT)
        )
    if country is not None and country not in COUNTRIES:
        raise ValueError(_("“%(value)s” is no country code (two letters, as in PH).", value=country[:20]))
    if role is not None and role not in PLACE_ROLES:
        raise ValueError(_("A place is an origin or a destination."))
    return {"city": city or None, "country": country, "role": role}
