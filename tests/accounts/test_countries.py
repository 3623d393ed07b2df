"""The list of countries is that of ISO 3166-1, each in one region."""

from importlib.resources import files

from app.accounts.countries import COUNTRIES, REGION_OF
from app.accounts.vocabulary import REGIONS


def test_every_country_of_iso_3166_is_there_once() -> None:
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    official = {line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#")}
    assert set(COUNTRIES) == official == set(REGION_OF)
    assert len(set(COUNTRIES.values())) == len(COUNTRIES) == 249
    assert all(name == " ".join(name.split()) and name for name in COUNTRIES.values())


def test_every_region_has_countries_and_no_other() -> None:
    assert set(REGION_OF.values()) == set(REGIONS)
    assert {code: REGION_OF[code] for code in ("PH", "US", "MA", "KE", "ES", "FJ")} == {
        "PH": "Asia", "US": "Americas", "MA": "Arab States", "KE": "Africa", "ES": "Europe", "FJ": "Oceania",
    }  # fmt: skip
