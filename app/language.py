"""The six languages of the interface, and the one place where its words are translated.

English is the key of every message. The catalogues are gettext's, one text file a language under `locales/`; each is
compiled when its language is first spoken. Surfaces say in which language somebody is answered (`current`, `speaking`),
and everything below them writes its sentences with `gettext`, usually imported as `_`.
"""

import gettext as gettext_library
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale  # at run time it is imported where it is used: commands start without it

DEFAULT = "en"
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
OWN_NAMES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية", "ru": "Русский", "zh": "中文"}
LOCALES = Path(__file__).parent / "locales"
current: ContextVar[str] = ContextVar("language", default=DEFAULT)
# In which language a reader wants what organisers wrote in several; None: as they wrote it first.
reader: ContextVar[str | None] = ContextVar("reader", default=None)
_RANGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")


def gettext(message: str, **values: Any) -> str:
    """The message in the current language, its named places (`%(name)s`) filled."""
    said = _catalogue(current.get()).gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The message for this number in the current language; `%(n)s` is the number, with its separators."""
    return plural(one, many, n) % ({"n": number(n)} | values)


def plural(one: str, many: str, n: int) -> str:
    """The form of a message that this number has in the current language, its places not filled yet."""
    return _catalogue(current.get()).ngettext(one, many, n)


def translator(language: str) -> Callable[[str], str]:
    """`gettext` for a language other than the current one: for what is written to somebody else."""
    return _catalogue(language).gettext


def gettext_noop(message: str) -> str:
    """Marks a message that is translated later, where it is shown; usually imported as `N_`."""
    return message


N_ = gettext_noop  # by this name messages are found


def number(value: float) -> str:
    """`12,345` as the current language writes it."""
    return _number(value, current.get())


@lru_cache(maxsize=2_000)
def _number(value: float, _language: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, locale=locale())


def listed(names: Sequence[str]) -> str:
    """`Europe, Asia and Oceania` as the current language writes it."""
    from babel.lists import format_list

    return format_list(names, locale=locale())


def quoted(words: str) -> str:
    """`“words”` as the current language quotes."""
    return gettext(N_("“%(words)s”"), words=words)


def language_name(tag: str) -> str:
    """`French`, `Chinese (zh-Hant)`, or the tag itself where we have no name for it."""
    primary = tag.split("-")[0]
    name: str | None = locale().languages.get(primary)
    if name is None:
        return tag
    return name if tag == primary else f"{name} ({tag})"


def tag_named(said: str) -> str:
    """The tag of a language that somebody calls by its name in one of our six; whatever else is said, as it is."""
    said = said.strip()
    if said.lower() in locale().languages:  # a tag: Ga is a language, and ga another one
        return said
    names = (_names(tag) for tag in dict.fromkeys((current.get(), *LANGUAGES)))
    return next((known[said.casefold()] for known in names if said.casefold() in known), said)


@lru_cache
def _names(language: str) -> dict[str, str]:
    return {name.casefold(): tag for tag, name in _locale(language).languages.items() if len(tag) < 4}


def locale() -> "Locale":
    """What is known of the current language: names of countries, dates, numbers."""
    return _locale(current.get())


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything inside is said in this language."""
    before, read_before = current.set(language), reader.set(language)
    try:
        yield
    finally:
        current.reset(before)
        reader.reset(read_before)


def meant(tag: str | None) -> str | None:
    """The language of the interface that a language tag means, None where it means none of them."""
    language = (tag or "").split("-")[0].lower()
    return language if language in LANGUAGES else None


def accepted(header: str) -> str | None:
    """The language of the interface that an `Accept-Language` header likes best (RFC 9110, 12.5.4), None for none."""
    return _accepted(header[:1_000])


@lru_cache(maxsize=500)
def _accepted(header: str) -> str | None:
    liked = []
    for place, part in enumerate(header.split(",")):
        found = _RANGE.fullmatch(part)
        language = meant(found[1]) if found else None
        if found and language and float(found[2] or 1) > 0:
            liked.append((-float(found[2] or 1), place, language))
    return min(liked)[2] if liked else None


@lru_cache
def _locale(language: str) -> "Locale":
    from babel import Locale

    return Locale.parse("en_GB" if language == "en" else language)


@lru_cache
def _catalogue(language: str) -> gettext_library.NullTranslations:
    file = LOCALES / f"{language}.po"
    if language not in LANGUAGES or not file.exists():
        return gettext_library.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, locale=language))
    compiled.seek(0)
    return gettext_library.GNUTranslations(compiled)
