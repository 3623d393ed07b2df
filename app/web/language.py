"""The language of a page, and the one place where the interface's words are translated.

English is the key of every message. A catalogue for another language is plugged in at `gettext` and `ngettext`.
"""

from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

from markupsafe import Markup

from app.accounts.vocabulary import INTERFACE_LANGUAGES
from app.text import direction

DEFAULT = "en"
TRANSLATED = ("en",)  # languages that there are catalogues for
current: ContextVar[str] = ContextVar("language", default=DEFAULT)


def wanted(query: bytes) -> str:
    """The language that an address asks for with `?lang=`; English otherwise."""
    if b"lang=" not in query:
        return DEFAULT
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return asked if asked in INTERFACE_LANGUAGES else DEFAULT


def of_words(language: str) -> str:
    """The language in which the interface's words really are: the wanted one where it is translated."""
    return language if language in TRANSLATED else DEFAULT


def gettext(message: str, **values: Any) -> str:
    """The message in the current language, its named placeholders filled."""
    return message % values if values else message


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The message for this number in the current language; `%(n)s` is the number, with its separators."""
    return (one if n == 1 else many) % ({"n": f"{n:,}"} | values)


def html_gettext(message: str, **values: Any) -> Markup:
    """As `gettext` for templates: the message may hold markup, the values are escaped."""
    return Markup(message) % values if values else Markup(message)  # noqa: S704  # messages are ours


def html_ngettext(one: str, many: str, n: int, **values: Any) -> Markup:
    """As `ngettext` for templates."""
    return Markup(one if n == 1 else many) % ({"n": f"{n:,}"} | values)  # noqa: S704


__all__ = [
    "DEFAULT",
    "current",
    "direction",
    "gettext",
    "html_gettext",
    "html_ngettext",
    "ngettext",
    "of_words",
    "wanted",
]
