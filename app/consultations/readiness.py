"""What a definition still lacks before everyone may see it."""

from dataclasses import dataclass

from app import clock
from app.consultations import schedule
from app.consultations.definition import Definition
from app.consultations.drafting import written
from app.consultations.starting import is_to_write
from app.consultations.translations import texts_by_place
from app.language import gettext as _
from app.language import language_name, ngettext


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be done, and in which section of setting up. What `hinders` has to be done before announcing."""

    section: str
    sentence: str
    hinders: bool = False


def hindrances(definition: Definition) -> list[Finding]:
    """What has to be done before a consultation can be announced."""
    texts = texts_by_place(written(definition))
    unwritten = [place for place, text in texts.items() if is_to_write(place, text)]
    found = []
    basics = [place for place in unwritten if not place.startswith("topics.")]
    if basics:
        found.append(Finding("basics", _("The summary or the purpose is still the text that it began with."), True))
    if len(basics) < len(unwritten):
        found.append(Finding("topics", _("The first topic still has the words that it began with."), True))
    closes = schedule.closing(definition.schedule())
    if closes is not None and closes <= clock.now():
        found.append(Finding("dates", _("The closing date has passed."), True))
    return found


def advice(definition: Definition, *, announced: bool = False) -> list[Finding]:
    """What is worth a thought, and hinders nothing."""
    found = [
        Finding("topics", _("“%(title)s” has no guiding question.", title=topic.title))
        for topic in definition.topics
        if not topic.questions
    ]
    phases = definition.schedule()
    opens = schedule.opening(phases)
    if not announced and opens is not None and opens <= clock.now():
        found.append(
            Finding("dates", _("The opening date has passed: contributions are taken as soon as it is announced."))
        )
    if schedule.closing(phases) is None:
        found.append(Finding("dates", _("There is no closing date: the end is open.")))
    if any(_is_example(mail) for mail in (definition.contact, definition.controller.mail)):
        found.append(Finding("holders", _("A mail address under example.org reaches nobody: please give a real one.")))
    if definition.languages[0] in definition.translations:
        found.append(
            Finding("languages", _("The main language is the one that the texts are written in, not a translation."))
        )
    return found + _missing_translations(definition)


def untranslated(definition: Definition, language: str) -> list[str]:
    """The places whose texts are not there in this language."""
    said = definition.translations.get(language, {})
    return [place for place in texts_by_place(written(definition)) if reads_otherwise(place) and place not in said]


def is_translatable(place: str) -> bool:
    """Whether a text may read otherwise in another language: addresses do not."""
    return place.rpartition(".")[2] not in ("url", "mail", "contact")


def reads_otherwise(place: str) -> bool:
    """Whether a text surely reads otherwise in another language: names of organisations often do not."""
    parts = place.split(".")
    is_name = parts[-1] == "author" or (parts[0] in ("controller", "organisers") and parts[-1] == "name")
    return is_translatable(place) and not is_name and place != "licence.name"


def _missing_translations(definition: Definition) -> list[Finding]:
    found = []
    for language in definition.languages[1:]:
        missing = len(untranslated(definition, language))
        if missing:
            sentence = ngettext(
                "%(language)s: one text is missing.", "%(language)s: %(n)s texts are missing.", missing,
                language=language_name(language),
            )  # fmt: skip
            found.append(Finding("texts", sentence))
    return found


def _is_example(mail: str) -> bool:
    domain = mail.rpartition("@")[2].lower()
    return domain.endswith(("example.org", "example.com", "example.net", ".example", ".invalid", ".test"))
