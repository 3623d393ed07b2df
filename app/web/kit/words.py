"""Everything that the data says in codes, said in words: kinds, states, bylines, channels, languages, countries."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from app.accounts.countries import COUNTRIES
from app.files.kinds import NAMES
from app.language import DEFAULT, current, listed, locale, number
from app.language import gettext as _
from app.language import gettext_noop as N_
from app.language import language_name as language_name
from app.text import is_from_right

_FROM_RIGHT = "\u200f"  # the right-to-left mark
KINDS = {
    "experience": N_("Experience"),
    "proposal": N_("Proposal"),
    "question": N_("Question"),
    "resource": N_("Resource"),
    "reply": N_("Reply"),
    "note": N_("Facilitator’s note"),
}
KIND_HINTS = {
    "experience": N_("what was done somewhere, and what came of it"),
    "proposal": N_("what cities, civil society or others should do"),
    "question": N_("what you would like to know from others here"),
    "resource": N_("a paper, tool or address that others can use"),
}
NOTES = {
    "opening-note": N_("Opening note"),
    "weekly-synthesis": N_("Weekly synthesis"),
    "still-missing": N_("What is still missing"),
    "closing-note": N_("Closing note"),
}
CHANNELS = {
    "email": N_("by email"),
    "api": N_("through the API"),
    "meeting": N_("said at a meeting"),
    "paper": N_("sent on paper"),
    "process": N_("from another process"),
}
EVERY_CHANNEL = {"web": N_("on these pages"), **CHANNELS}
SAID = {"report-back": N_("in a report-back"), "floor": N_("from the floor")}
CONSENTS = {
    "none": N_("None is recorded: it says “a participant”"),
    "words": N_("That the words are used, without a name"),
    "organisation": N_("That the organisation is named"),
    "name": N_("That the person is named"),
}
DOCUMENT_KINDS = {
    "concept-note": N_("Concept note"),
    "programme": N_("Programme"),
    "working-paper": N_("Working paper"),
    "report": N_("Report"),
    "other": N_("Another document"),
}
DOCUMENT_STATES = {
    "announced": N_("To be published"),
    "published": N_("Everyone can read it"),
    "withdrawn": N_("No longer public"),
}
NOTICE_KINDS = {"notice": N_("Notice"), "next-step": N_("Next step")}
STATES = {
    "draft": N_("Draft"),
    "pending": N_("Waits for a moderator"),
    "published": N_("Everyone can read it"),
    "rejected": N_("Not accepted"),
    "hidden": N_("Hidden"),
    "withdrawn": N_("Withdrawn"),
    "merged": N_("Merged into another"),
    "erased": N_("Erased"),
}
BYLINES = {
    "full": N_("name and organisation"),
    "organisation": N_("organisation only"),
    "anonymous": N_("neither name nor organisation"),
}
PHASES = {
    "announced": N_("Announced"),
    "open": N_("Open"),
    "closed": N_("Closed"),
    "reported": N_("Reported"),
    "archived": N_("Archived"),
}
DATE_ACTS = {
    "open": N_("Opened early"),
    "extend": N_("Extended"),
    "close": N_("Closed early"),
    "reopen": N_("Reopened"),
    "report": N_("Report out"),
    "archive": N_("Archived"),
}
ROLES = {
    "organiser": N_("organiser"),
    "moderator": N_("moderator"),
    "rapporteur": N_("rapporteur"),
    "participant": N_("participant"),
}
ROLE_MEANINGS = {
    "organiser": N_("Organisers open and close topics, give roles, and do all that moderators do."),
    "moderator": N_(
        "Moderators decide what is published, deal with reports and appeals, and write the facilitator’s notes."
    ),
    "rapporteur": N_("Rapporteurs sum up what was said."),
    "participant": N_("Participants read this private consultation and write in it."),
}
ORGANISATION_KINDS = {
    "diaspora": N_("Diaspora organisation"),
    "migrant_association": N_("Migrant association"),
    "rights": N_("Rights organisation"),
    "union": N_("Trade union"),
    "faith": N_("Faith group"),
    "academia": N_("Academia"),
    "local_government": N_("Local government"),
    "international": N_("International organisation"),
    "other": N_("Other"),
}
REGIONS = {
    "Africa": N_("Africa"),
    "Americas": N_("Americas"),
    "Arab States": N_("Arab States"),
    "Asia": N_("Asia"),
    "Europe": N_("Europe"),
    "Oceania": N_("Oceania"),
    "Global": N_("Global"),
}
PALESTINE = N_("Palestine")  # as the United Nations have it; CLDR says otherwise
PLACE_ROLES = {"origin": N_("place of origin"), "destination": N_("place of destination")}
REGISTRATIONS = {
    "asked": N_("Registered"),
    "placed": N_("Has a place"),
    "waiting": N_("On the waiting list"),
    "refused": N_("Not this time"),
    "declined": N_("Cannot come"),
}
WAYS = {"room": N_("in the room"), "online": N_("online")}
SCOPES = {
    "read": N_("read what you may read"),
    "write": N_("post, edit, withdraw and erase in your name"),
    "moderate": N_("decide as a moderator, where you are one"),
}
FOLLOW = {
    "consultation": N_("Follow this consultation"),
    "topic": N_("Follow this topic"),
    "thread": N_("Follow this thread"),
}
FOLLOWED = {"consultation": N_("Consultation"), "topic": N_("Topic"), "thread": N_("Thread")}
PACES = {
    "at_once": N_("at once"),
    "daily": N_("once a day"),
    "weekly": N_("once a week"),
    "never": N_("no mail"),
}
FOLLOWED_WHAT = {
    "all": N_("everything"),
    "replies_to_me": N_("only replies to me"),
    "notes": N_("only facilitators’ notes"),
}

# Languages that texts here are likely to be in; any other BCP 47 tag can be given too.
LANGUAGES = (
    "am", "ar", "bn", "ceb", "de", "en", "es", "fa", "fil", "fr", "ha", "hi", "ht", "id", "ig", "ilo", "it", "ja",
    "km", "ko", "ku", "lo", "ms", "my", "ne", "nl", "om", "pa", "pl", "ps", "pt", "qu", "ro", "ru", "rw", "si",
    "so", "sq", "sr", "sw", "ta", "th", "ti", "tl", "tr", "uk", "ur", "uz", "vi", "wo", "yo", "zh", "zu",
)  # fmt: skip


SIGNS = {
    "first": N_("nothing by this person is public yet"),
    "links": N_("%(links)s links, and %(words)s words beside them"),
    "words": N_("words that this consultation lists: %(words)s"),
    "repeated": N_("copies of the same text that came before: %(copies)s"),
    "removed": N_("much like a text that was rejected or hidden"),
    "rate": N_("very many texts in an hour from a new account"),
    "honeypot": N_("a field was filled in that people do not see"),
    "untrimmed": N_("it came by mail, and may hold quoted words or a signature: nothing was cut"),
}


def sign(noticed: Mapping[str, Any]) -> str:
    """What an automatic check noticed, for moderators."""
    detail, message = dict(noticed["detail"]), SIGNS[noticed["sign"]]
    if noticed["sign"] == "words":
        detail["words"] = ", ".join(detail["words"])
    number = _(" (public as %(number)s)", number=detail["number"]) if "number" in detail else ""
    return _(message, **detail) + number


def read_in(tag: str) -> str:
    """The words of a link to a translation."""
    return _("Read it in %(language)s", language=language_name(tag))


def language_names(tags: Sequence[str]) -> str:
    """Their names in a row, as the current language sets them."""
    return listed([language_name(tag) for tag in tags])


def country_name(code: str | None) -> str:
    """The country's name, the code itself where it is unknown, nothing for none.

    The catalogue's own word wins; where it has none, it is the name that CLDR knows. English has the names of ours.
    """
    if not code:
        return ""
    name = COUNTRIES.get(code, code)
    said = _(name)
    return said if said != name or current.get() == DEFAULT else locale().territories.get(code, name)


def countries() -> Sequence[tuple[str, str]]:
    """Code and name of every country, by name."""
    return _countries(current.get())


@lru_cache
def _countries(_language: str) -> Sequence[tuple[str, str]]:
    return sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda each: each[1].casefold())


def place_name(place: Mapping[str, Any]) -> str:
    """`Quezon City, Philippines (place of destination)`."""
    where = ", ".join(part for part in (place.get("city"), country_name(place.get("country"))) if part)
    role = PLACE_ROLES.get(place.get("role") or "")
    return f"{where} ({_(role)})" if role else where


def lettered(key: str, question: str) -> str:
    """`a. How …`: a guiding question with its letter, which would turn one in Arabic round; a mark prevents that."""
    return f"{_FROM_RIGHT if is_from_right(question) else ''}{key}. {question}"


def size_in_words(size: int) -> str:
    """`230 kB`, `1.4 MB`."""
    if size < 1_000_000:
        return _("%(n)s kB", n=max(1, round(size / 1000)))
    return _("%(n)s MB", n=number(round(size / 1_000_000, 1)))


def file_in_words(attachment: Mapping[str, Any]) -> str:
    """`PDF, 1.4 MB`."""
    return f"{NAMES[attachment['type']]}, {size_in_words(attachment['size'])}"


def listings(organisation: str | None) -> list[tuple[str, str, str]]:
    """How the public may be told who holds a role: value, label, explanation."""
    if not organisation:
        return [
            ("full", _("by name"), ""),
            ("none", _("not at all"), _("Your colleagues in this consultation still know.")),
        ]
    return [
        ("full", _("by name and organisation"), organisation),
        ("organisation", _("by organisation only"), organisation),
        ("none", _("not at all"), _("Your colleagues in this consultation still know.")),
    ]
