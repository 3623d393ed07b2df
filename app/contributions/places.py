"""The cities and areas a contribution concerns."""

from collections.abc import Mapping, Sequence
from typing import Any

from app import text
from app.accounts.countries import COUNTRIES

CITY_LIMIT = 100
PLACE_ROLES = ("origin", "destination")


def checked_places(
    places: Sequence[Mapping[str, Any]], most: int, faults: dict[str, str]
) -> tuple[dict[str, str | None], ...]:
    """The places as they are stored: `city`, `country` (ISO 3166 alpha-2) and `role`. Faults go into `faults`."""
    if len(places) > most:
        faults["places"] = f"At most {most} places fit; there are {len(places)}."
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


def _place(given: Mapping[str, Any]) -> dict[str, str | None]:
    city = text.line(str(given.get("city") or ""))
    country = str(given.get("country") or "").strip().upper() or None
    role = given.get("role") or None
    if not city and not country:
        raise ValueError("Please name a city or a country.")
    if len(city) > CITY_LIMIT:
        raise ValueError(f"The city’s name has {len(city)} characters; at most {CITY_LIMIT} fit.")
    if country is not None and country not in COUNTRIES:
        raise ValueError(f"“{country[:20]}” is no country code (two letters, as in PH).")
    if role is not None and role not in PLACE_ROLES:
        raise ValueError("A place is an origin or a destination.")
    return {"city": city or None, "country": country, "role": role}
