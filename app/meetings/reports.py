"""What somebody reports of a meeting, or transcribes: its fields as given, and the checks before any write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from app import clock, errors, text
from app.accounts.countries import COUNTRIES
from app.accounts.profile_form import NAME_LIMIT
from app.accounts.vocabulary import ORGANISATION_KINDS
from app.contributions.channels import OF_OTHERS
from app.contributions.submissions import TITLE_LIMIT
from app.contributions.transcripts import Speaker, require_speaker
from app.language import gettext as _
from app.language import number

LINE_LIMIT = 200
URL_LIMIT = 2_000
MOST_POINTS = 50
MOST_PEOPLE = 1_000_000
SAID = ("report-back", "floor")
CONSENTS = ("none", "words", "organisation", "name")
WAYS = ("written", "spoken")


@dataclass(frozen=True, slots=True)
class Consent:
    """What the source agreed to (that their words are used, that the organisation or they are named), and how."""

    given: str = "none"
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point, as somebody said it. `topic` may be left out where it answers guiding questions."""

    body: str
    topic: str | None = None
    questions: tuple[str, ...] = ()
    title: str | None = None
    kind: str | None = None
    language: str | None = None
    said: str | None = None  # report-back, floor
    speaker: Speaker = field(default_factory=Speaker)
    consent: Consent = field(default_factory=Consent)
    deposit: bool = False  # the source agreed that it goes into a research archive


@dataclass(frozen=True, slots=True)
class Report:
    """A meeting and what was said there."""

    title: str
    date: str
    place: str
    attendance: int | None = None
    organisations: int | None = None
    held_by: str | None = None
    rapporteur: str | None = None
    rapporteur_agreed: bool = False
    signed: bool = False  # who reports is named
    language: str = "en"
    points: tuple[Point, ...] = ()
    planned: UUID | None = None  # the meeting that it was, where it was announced before


@dataclass(frozen=True, slots=True)
class Transcription:
    """One text that came in a room, on paper, or from another organisation's own process."""

    channel: str
    point: Point
    date: str
    place: str | None = None
    meeting: UUID | None = None  # one that was reported before
    source_title: str | None = None  # the document that it is taken from
    source_url: str | None = None
    confirmed: bool = False  # the source has confirmed it already, such as by signing
    signed: bool = False


class Faults(dict[str, str]):
    """What cannot be taken, by field; of several fields with faults all are told."""

    def line(self, name: str, value: str | None, limit: int = LINE_LIMIT, needed: str = "") -> str | None:
        """The value as one clean line, None for nothing. `needed` is what to say where it may not be missing."""
        try:
            clean = text.line(value or "")
        except ValueError as fault:
            self[name] = _("This %(fault)s.", fault=fault)
            return None
        if len(clean) > limit:
            self[name] = _(
                "This has %(count)s characters; at most %(limit)s fit.", count=number(len(clean)), limit=limit
            )
        if needed and not clean:
            self[name] = needed
        return clean or None

    def day(self, name: str, value: str) -> date:
        """A date that is not to come; today where there is a fault."""
        latest = clock.now().date() + timedelta(days=1)  # it is tomorrow already somewhere
        try:
            day = date.fromisoformat(value.strip())
            if day.year >= 1900 and day <= latest:
                return day
            self[name] = _("This date lies in the future.") if day > latest else _("This date is too long ago.")
        except ValueError:
            self[name] = _("Please write a date as in 2016-09-13.")
        return latest

    def count(self, name: str, value: int | None) -> int | None:
        """A number of people or organisations."""
        if value is not None and not 1 <= value <= MOST_PEOPLE:
            self[name] = no_number()
        return value

    def choice(self, name: str, value: str | None, among: Sequence[str]) -> str | None:
        """One of a closed list."""
        if value is not None and value not in among:
            self[name] = _("This is one of %(choice)s.", choice=", ".join(among))
        return value

    def raise_any(self) -> None:
        """Raises Invalid where there is any fault."""
        if self:
            raise errors.Invalid(self)


def checked_meeting(given: Report, faults: Faults) -> dict[str, Any]:
    """The columns of a meeting. Faults are told beside its fields."""
    columns = {
        "title": faults.line("title", given.title, TITLE_LIMIT, _("Please give the meeting a title.")),
        "date": faults.day("date", given.date),
        "place": faults.line("place", given.place, needed=_("Please say where it was, such as a city; or “online”.")),
        "attendance": faults.count("attendance", given.attendance),
        "organisations": faults.count("organisations", given.organisations),
        "held_by": faults.line("held_by", given.held_by, NAME_LIMIT),
        "rapporteur": faults.line("rapporteur", given.rapporteur, NAME_LIMIT),
    }
    if columns["rapporteur"] and not given.rapporteur_agreed:
        faults["rapporteur"] = _("Nobody is named without a recorded consent: record it, or leave the name out.")
    if not given.points:
        faults["points"] = _("Please write at least one point that was made.")
    if len(given.points) > MOST_POINTS:
        faults["points"] = _(
            "At most %(most)s points fit into one report; please send the others in a second one.", most=MOST_POINTS
        )
    return columns


def checked_speaker(point: Point, faults: Faults, at: tuple[str, ...] = ()) -> Speaker:
    """Who said it, as far as a recorded consent allows. Faults are told beside the fields that `at` leads to."""

    def place(name: str) -> str:
        return ".".join((*at, name))

    given, consent = point.speaker, point.consent
    speaker = Speaker(
        faults.line(place("name"), given.name, NAME_LIMIT),
        faults.line(place("organisation"), given.organisation, NAME_LIMIT),
        faults.choice(place("organisation_kind"), given.organisation_kind, ORGANISATION_KINDS) or "other",
        (given.organisation_country or "").upper() or None,
    )
    if speaker.organisation_country is not None and speaker.organisation_country not in COUNTRIES:
        faults[place("organisation_country")] = _("This is no country code (ISO 3166 alpha-2), such as PH.")
    faults.choice(place("said"), point.said, SAID)
    faults.choice(place("consent"), consent.given, CONSENTS)
    faults.choice(place("consent"), consent.how, WAYS)
    if consent.given in ("name", "organisation") and consent.how is None:
        faults[place("consent")] = _("Please say how the consent was given: written or spoken.")
    elif place("consent") not in faults:
        require_speaker(speaker, consent.given, faults, at)
    return speaker


def checked_source(given: Transcription, faults: Faults) -> dict[str, str | None] | None:
    """The document that a text is taken from, cited by title and address; None where none is."""
    title = faults.line("source_title", given.source_title, LINE_LIMIT)
    url = faults.line("source_url", given.source_url, URL_LIMIT)
    if url is not None and not _is_address(url):
        faults["source_url"] = _("Please write an address that begins with https:// or http://.")
    if url is not None and title is None:
        faults["source_title"] = _("Please say what the document at this address is called.")
    faults.choice("channel", given.channel, OF_OTHERS)
    return {"title": title, "url": url} if title else None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return False


def no_number() -> str:
    """What is said where a number of people is none."""
    return _("Please write a whole number from 1 to %(most)s, or nothing.", most=number(MOST_PEOPLE))
