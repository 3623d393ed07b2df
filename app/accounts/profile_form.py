"""What people say about themselves: the fields as given, and the checks they pass before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from app import clock, errors, text
from app.accounts import vocabulary
from app.accounts.countries import COUNTRIES, REGION_OF
from app.language import LANGUAGES, number
from app.language import gettext as _

NAME_LIMIT = 120
ORGANISATION_LIMIT = 200
WEBSITE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """The fields of the profile page, as given. An empty `organisation` is none, whatever its other fields say."""

    name: str
    language: str = "en"
    time_zone: str = "UTC"
    organisation: str | None = None
    organisation_kind: str | None = None
    organisation_country: str | None = None
    organisation_region: str | None = None
    organisation_website: str | None = None
    capacity: str = "personal"
    claims_mandate: bool = False
    byline: str | None = None


def checked(form: ProfileForm, consented: bool) -> ProfileForm:
    """The form as it will be stored. Raises Invalid with a sentence for every field that cannot be taken."""
    faults: dict[str, str] = {}
    clean = replace(
        form,
        name=_name(form.name, "name", NAME_LIMIT, faults),
        language=_one_of(form.language, LANGUAGES, "language", faults),
        time_zone=_time_zone(form.time_zone, faults),
        capacity=_one_of(form.capacity, vocabulary.CAPACITIES, "capacity", faults),
        byline=_one_of(form.byline, vocabulary.BYLINES, "byline", faults) if form.byline else None,
        **_organisation(form, faults),
    )
    if clean.capacity == "organisation" and not clean.organisation and "organisation" not in faults:
        faults["capacity"] = _("To write on behalf of an organisation, name it above; or choose the personal capacity.")
    if not consented:
        faults["consent"] = _("Please read the privacy note and tick that you agree: without it you cannot take part.")
    if faults:
        raise errors.Invalid(faults)
    return clean


def _organisation(form: ProfileForm, faults: dict[str, str]) -> dict[str, Any]:
    if not (form.organisation or "").strip():
        names = (
            "organisation",
            "organisation_kind",
            "organisation_country",
            "organisation_region",
            "organisation_website",
        )
        return dict.fromkeys(names)
    country = (form.organisation_country or "").strip().upper() or None
    if country is not None and country not in COUNTRIES:
        faults["organisation_country"] = _("Please choose a country from the list (two letters, as in PH).")
        country = None
    region = (form.organisation_region or "").strip() or REGION_OF.get(country or "")
    if region is not None and region not in vocabulary.REGIONS:
        faults["organisation_region"] = _("The region is one of %(choice)s.", choice=", ".join(vocabulary.REGIONS))
    kind = (form.organisation_kind or "").strip() or None
    if kind is None:
        faults["organisation_kind"] = _("Please say what kind of organisation it is.")
    else:
        _one_of(kind, vocabulary.ORGANISATION_KINDS, "organisation_kind", faults)
    return {
        "organisation": _name(form.organisation or "", "organisation", ORGANISATION_LIMIT, faults),
        "organisation_kind": kind,
        "organisation_country": country,
        "organisation_region": region,
        "organisation_website": _website(form.organisation_website, faults),
    }


def _name(value: str, field: str, limit: int, faults: dict[str, str]) -> str:
    clean = _clean(value, field, faults)
    if field in faults:
        return ""
    if not any(character.isalpha() for character in text.visible(clean)):
        faults[field] = _("Please write a name with at least one letter.")
    elif len(clean) > limit:
        faults[field] = _(
            "The name has %(count)s characters; at most %(limit)s fit. Please shorten it.",
            count=number(len(clean)),
            limit=limit,
        )
    return clean


def _website(value: str | None, faults: dict[str, str]) -> str | None:
    field = "organisation_website"
    clean = _clean(value or "", field, faults)
    if not clean:
        return None
    address = clean if "://" in clean else f"https://{clean}"
    if len(address) > WEBSITE_LIMIT:
        faults[field] = _(
            "The address has %(count)s characters; at most %(most)s fit.",
            count=number(len(address)),
            most=WEBSITE_LIMIT,
        )
    elif not _is_web_address(address):
        faults[field] = _("Please write a web address such as https://example.org.")
    return address


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    has_user = "@" in parts.netloc
    return parts.scheme in ("http", "https") and "." in host.strip(".") and not has_user and " " not in address


def _time_zone(value: str, faults: dict[str, str]) -> str:
    if value not in clock.time_zones():
        faults["time_zone"] = _("Please choose a time zone from the list, such as Asia/Manila.")
    return value


def _one_of(value: str, choice: tuple[str, ...], field: str, faults: dict[str, str]) -> str:
    if value not in choice:
        faults[field] = _("Please choose one of %(choice)s.", choice=", ".join(choice))
    return value


def _clean(value: str, field: str, faults: dict[str, str], cleaner: Callable[[str], str] = text.line) -> str:
    try:
        return cleaner(value)
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return ""
