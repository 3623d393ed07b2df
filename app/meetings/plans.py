"""What organisers say of a meeting to come: its fields as given, and the checks before any write."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from app import clock, errors, text
from app.accounts.people import email_address
from app.consultations import schedule
from app.contributions.submissions import TITLE_LIMIT
from app.language import gettext as _
from app.language import number
from app.meetings.reports import LINE_LIMIT, URL_LIMIT, Faults

REGISTRATION = ("open", "closed", "none")
PLACES = ("first_come", "decided")
ABOUT_LIMIT = 20_000
MOST_DOCUMENTS = 20
MOST_LANGUAGES = 20
LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class Plan:
    """A meeting to come. Times are local in its zone, which is the consultation's unless it has its own.

    `documents` has one in each line: its title, then its address.
    """

    title: str
    about: str
    starts: str
    ends: str
    time_zone: str = ""
    place: str = ""
    online: bool = False
    link: str = ""
    capacity: int | None = None
    registration: str = "open"
    deadline: str = ""
    places: str = "first_come"
    contact: str = ""
    languages: tuple[str, ...] = ()
    documents: str = ""


def checked_plan(given: Plan, zone: ZoneInfo, faults: Faults) -> dict[str, Any]:
    """The columns of a planned meeting; `zone` is the consultation's. Faults are told beside the fields."""
    if given.time_zone and given.time_zone not in clock.time_zones():
        faults["time_zone"] = _("There is no such time zone; please write it as in Asia/Manila.")
    elif given.time_zone:
        zone = ZoneInfo(given.time_zone)
    columns = {
        "title": faults.line("title", given.title, TITLE_LIMIT, _("Please give the meeting a title.")),
        "about": (about := _words("about", given.about, faults)),
        "about_html": text.markdown(about),
        "time_zone": zone.key,
        "capacity": faults.count("capacity", given.capacity),
        "registration": faults.choice("registration", given.registration, REGISTRATION),
        "places": faults.choice("places", given.places, PLACES),
        "contact": _contact(given.contact, faults),
        "languages": checked_languages("languages", given.languages, faults),
        "documents": _documents(given.documents, faults),
    }
    return columns | _somewhere(given, faults) | _times(given, zone, faults)


def _times(given: Plan, zone: ZoneInfo, faults: Faults) -> dict[str, datetime | None]:
    starts, ends = (_moment(name, getattr(given, name), zone, faults) for name in ("starts", "ends"))
    deadline = _moment("deadline", given.deadline, zone, faults) if given.deadline.strip() else None
    if starts and ends and ends <= starts:
        faults["ends"] = _("The meeting ends before it starts: please correct one of the two times.")
    if starts and deadline and deadline > starts:
        faults["deadline"] = _("The last moment to register comes after the start: please choose an earlier one.")
    return {"starts": starts, "ends": ends, "deadline": deadline}


def _moment(name: str, given: str, zone: ZoneInfo, faults: Faults) -> datetime | None:
    try:
        local = datetime.fromisoformat(given.strip())
        if not 1900 <= local.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        faults[name] = _("Please write a date and time as in 2027-05-03T14:30.")
        return None
    try:
        return schedule.moment(local.replace(microsecond=0), zone)
    except ValueError:
        faults[name] = _(
            "The clocks of %(zone)s change then: this time does not exist, or comes twice. Please choose another.",
            zone=zone.key,
        )
        return None


def _somewhere(given: Plan, faults: Faults) -> dict[str, Any]:
    """The place, the link, or both."""
    place = faults.line("place", given.place, LINE_LIMIT)
    link = faults.line("link", given.link, URL_LIMIT)
    if not place and not given.online:
        faults["place"] = _("Please say where it is: a place, online, or both.")
    if link and not given.online:
        faults["link"] = _("There is a link, and the meeting is not online: tick that it is, or leave the link out.")
    elif link and not is_address(link, "https"):
        faults["link"] = _("Please write an address that begins with https://.")
    return {"place": place, "online": given.online, "link": link}


def _words(name: str, given: str, faults: Faults) -> str:
    try:
        clean = text.paragraphs(given)
    except ValueError as fault:
        faults[name] = _("This %(fault)s.", fault=fault)
        return ""
    if not clean:
        faults[name] = _("Please say what the meeting is for, and what its programme is.")
    if len(clean) > ABOUT_LIMIT:
        said = {"count": number(len(clean)), "most": number(ABOUT_LIMIT)}
        faults[name] = _("This has %(count)s characters; at most %(most)s fit.", **said)
        return ""
    return clean


def _contact(given: str, faults: Faults) -> str | None:
    try:
        return email_address(given) if given.strip() else None
    except errors.Invalid as fault:
        faults["contact"] = fault.fields["email"]
        return None


def checked_languages(name: str, given: tuple[str, ...], faults: Faults) -> list[str]:
    """Language tags, each once, in their order. A fault is told beside the field of this name."""
    if len(given) > MOST_LANGUAGES:
        faults[name] = _("At most %(most)s languages fit.", most=MOST_LANGUAGES)
        return []
    try:
        return list(dict.fromkeys(text.language_tag(tag) for tag in given))
    except ValueError as fault:
        faults[name] = _("A language %(fault)s.", fault=fault)
        return []


def _documents(given: str, faults: Faults) -> list[dict[str, str]]:
    """A title and an address from each line."""
    lines = [line.strip() for line in given.splitlines() if line.strip()]
    documents = []
    for line in lines:
        title, _space, url = line.rpartition(" ")
        try:
            title = text.line(title)
        except ValueError:
            title = ""
        if not (0 < len(title) <= LINE_LIMIT and len(url) <= URL_LIMIT and is_address(url, "https", "http")):
            faults["documents"] = _("Please write one document in each line: its title, then its https:// address.")
        documents.append({"title": title, "url": url})
    if len(lines) > MOST_DOCUMENTS:
        faults["documents"] = _("At most %(most)s documents fit.", most=MOST_DOCUMENTS)
    return documents[:MOST_DOCUMENTS]


def is_address(url: str, *schemes: str) -> bool:
    """Whether this is a web address with one of these schemes, without a name or password in it."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return fine and parts.username is None and url.isprintable() and not any(each in url for each in ' "<>\\')
