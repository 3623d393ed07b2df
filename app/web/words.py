"""Everything that the data says in codes, said in words: kinds, states, bylines, channels, languages, countries."""

from collections.abc import Mapping
from typing import Any

from app.accounts.countries import COUNTRIES
from app.web.language import gettext as _

KINDS = {
    "experience": "Experience",
    "proposal": "Proposal",
    "question": "Question",
    "resource": "Resource",
    "reply": "Reply",
    "note": "Facilitator’s note",
}
KIND_HINTS = {
    "experience": "what was done somewhere, and what came of it",
    "proposal": "what cities, civil society or others should do",
    "question": "what you would like to know from others here",
    "resource": "a paper, tool or address that others can use",
}
NOTES = {
    "opening-note": "Opening note",
    "weekly-synthesis": "Weekly synthesis",
    "still-missing": "What is still missing",
    "closing-note": "Closing note",
}
CHANNELS = {
    "email": "by email",
    "api": "through the API",
    "meeting": "said at a meeting",
    "paper": "sent on paper",
    "process": "from another process",
}
SAID = {"report-back": "in a report-back", "floor": "from the floor"}
CONSENTS = {
    "none": "None is recorded: it says “a participant”",
    "words": "That the words are used, without a name",
    "organisation": "That the organisation is named",
    "name": "That the person is named",
}
STATES = {
    "draft": "Draft",
    "pending": "Waits for a moderator",
    "published": "Public",
    "rejected": "Not accepted",
    "hidden": "Hidden",
    "withdrawn": "Withdrawn",
    "merged": "Merged into another",
    "erased": "Erased",
}
BYLINES = {
    "full": "name and organisation",
    "organisation": "organisation only",
    "anonymous": "neither name nor organisation",
}
PHASES = {"announced": "Announced", "open": "Open", "closed": "Closed", "reported": "Reported"}
DATE_ACTS = {"open": "Opened early", "extend": "Extended", "close": "Closed early", "reopen": "Reopened"}
ORGANISATION_KINDS = {
    "diaspora": "Diaspora organisation",
    "migrant_association": "Migrant association",
    "rights": "Rights organisation",
    "union": "Trade union",
    "faith": "Faith group",
    "academia": "Academia",
    "local_government": "Local government",
    "international": "International organisation",
    "other": "Other",
}
PLACE_ROLES = {"origin": "place of origin", "destination": "place of destination"}
ROLES = {
    "participant": "participant",
    "moderator": "moderator",
    "rapporteur": "rapporteur",
    "organiser": "organiser",
}
SCOPES = {
    "read": "read what you may read",
    "write": "post, edit, withdraw and erase in your name",
    "moderate": "decide as a moderator, where you are one",
}

# Languages that texts here are likely to be in; any other BCP 47 tag is shown as it is.
LANGUAGES = {
    "am": "Amharic",
    "ar": "Arabic",
    "bn": "Bengali",
    "ceb": "Cebuano",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fil": "Filipino",
    "fr": "French",
    "ha": "Hausa",
    "hi": "Hindi",
    "ht": "Haitian Creole",
    "id": "Indonesian",
    "ig": "Igbo",
    "ilo": "Ilocano",
    "it": "Italian",
    "ja": "Japanese",
    "km": "Khmer",
    "ko": "Korean",
    "ku": "Kurdish",
    "lo": "Lao",
    "ms": "Malay",
    "my": "Burmese",
    "ne": "Nepali",
    "nl": "Dutch",
    "om": "Oromo",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "qu": "Quechua",
    "ro": "Romanian",
    "ru": "Russian",
    "rw": "Kinyarwanda",
    "si": "Sinhala",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sw": "Swahili",
    "ta": "Tamil",
    "th": "Thai",
    "ti": "Tigrinya",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
    "wo": "Wolof",
    "yo": "Yoruba",
    "zh": "Chinese",
    "zu": "Zulu",
}
OWN_NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية", "ru": "Русский", "zh": "中文"}


SIGNS = {
    "first": "nothing by this person is public yet",
    "links": "%(links)s links, and %(words)s words beside them",
    "words": "words that this consultation lists: %(words)s",
    "repeated": "copies of the same text that came before: %(copies)s",
    "removed": "much like a text that was rejected or hidden",
    "rate": "very many texts in an hour from a new account",
    "honeypot": "a field was filled in that people do not see",
}


def sign(noticed: Mapping[str, Any]) -> str:
    """What an automatic check noticed, for moderators."""
    detail = dict(noticed["detail"])
    if noticed["sign"] == "words":
        detail["words"] = ", ".join(detail["words"])
    number = _(" (public as %(number)s)", number=detail["number"]) if "number" in detail else ""
    return _(SIGNS[noticed["sign"]], **detail) + number


def language_name(tag: str) -> str:
    """`French`, `Chinese (zh-Hant)`, or the tag itself where we have no name for it."""
    primary = tag.split("-")[0]
    name = LANGUAGES.get(primary)
    if name is None:
        return tag
    return _(name) if tag == primary else f"{_(name)} ({tag})"


def country_name(code: str | None) -> str:
    """The country's name, the code itself where it is unknown, nothing for none."""
    return _(COUNTRIES.get(code, code)) if code else ""


def place_name(place: Mapping[str, Any]) -> str:
    """`Quezon City, Philippines (place of destination)`."""
    where = ", ".join(part for part in (place.get("city"), country_name(place.get("country"))) if part)
    role = PLACE_ROLES.get(place.get("role") or "")
    return f"{where} ({_(role)})" if role else where
