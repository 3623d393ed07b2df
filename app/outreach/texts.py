"""What an invitation says: in each language a subject, the letter, and how the organisers have the address.

Three places are filled in for each reader: `{name}`, `{consultation}`, and `{link}`, the address of the consultation.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass

from app import errors, text
from app.language import LANGUAGES, OWN_NAMES, number, translator
from app.language import gettext as _
from app.language import gettext_noop as N_

SUBJECT_LIMIT, WORDS_LIMIT, SOURCE_LIMIT = 120, 5_000, 300
PLACES = ("name", "consultation", "link")
_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")
_NAMELESS = re.compile(r"[,،，]?[ \u00a0]*\{name\}")

_SUBJECT = N_("Invitation: {consultation}")
_WORDS = N_(
    "Hello {name},\n\n"
    "we invite you to take part in “{consultation}”. Everyone can read it; who signs in with a mail address can write "
    "and answer.\n\n"
    "{link}\n\n"
    "We look forward to reading you."
)
_WORDS_PRIVATE = N_(
    "Hello {name},\n\n"
    "we invite you to take part in “{consultation}”. It is open to invited people only: accept below, then sign in "
    "with this mail address.\n\n"
    "We look forward to reading you."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words in one language."""

    subject: str = ""
    words: str = ""
    source: str = ""  # how the organisers have the address


def default(language: str, *, private: bool = False) -> Wording:
    """What an invitation says unless its organisers write otherwise. Only they know how they have an address."""
    said = translator(language)
    return Wording(said(_SUBJECT), said(_WORDS_PRIVATE if private else _WORDS))


def checked(given: Mapping[str, Wording], used: Collection[str]) -> dict[str, dict[str, str]]:
    """The words as they are stored, in the languages that are used. Raises Invalid: `source_fr`, `words_fr` …"""
    faults: dict[str, str] = {}
    kept = {}
    for language in (each for each in LANGUAGES if each in used):
        wording = given.get(language, Wording())
        kept[language] = asdict(
            Wording(
                _clean(f"subject_{language}", text.line, wording.subject, SUBJECT_LIMIT, faults),
                _clean(f"words_{language}", text.paragraphs, wording.words, WORDS_LIMIT, faults),
                _clean(f"source_{language}", text.line, wording.source, SOURCE_LIMIT, faults),
            )
        )
    if faults:
        raise errors.Invalid(faults)
    return kept


def filled(words: str, values: Mapping[str, str]) -> str:
    """The words with their places filled. Where there is no name, the space and the comma before it go too."""
    if not values["name"]:
        words = _NAMELESS.sub("", words)
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), words)


def _clean(field: str, clean: Callable[[str], str], given: str, most: int, faults: dict[str, str]) -> str:
    """One text as it is stored; what is wrong with it goes among the faults."""
    try:
        said = clean(given)
    except ValueError as fault:
        faults[field] = _("This %(fault)s.", fault=fault)
        return ""
    if not said:
        faults[field] = _empty(field)
    elif len(said) > most:
        count = number(len(said))
        faults[field] = _("At most %(most)s characters fit; there are %(count)s.", most=number(most), count=count)
    elif unknown := [place for place in _PLACE.findall(said) if place not in PLACES]:
        faults[field] = _(
            "“{%(place)s}” is nothing that can be filled in. There are {name}, {consultation} and {link}.",
            place=unknown[0],
        )
    return said


def _empty(field: str) -> str:
    kind, language = field.split("_")
    said = {
        "subject": _("Please write a subject in this language: %(language)s."),
        "words": _("Please write the invitation in this language: %(language)s."),
        "source": _("Please say in this language how you have the addresses: %(language)s."),
    }[kind]
    return said % {"language": OWN_NAMES[language]}
