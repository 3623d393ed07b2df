"""The kinds of value a definition file holds. Each refuses with a sentence that says what to write instead,
always as a ValueError: the only kind that Pydantic turns into a finding. What is written in another way in forms
refuses with the name of its mistake (`definition_errors.py` has the sentences).
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from app.clock import time_zones
from app.language import gettext as _
from app.language import number
from app.text import language_tag, line, paragraphs

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_YEARS = range(1900, 2200)
_NOT_PLACES = {
    "localtime",
    "Factory",
}  # listed by some systems; they mean something else on every machine


def _limited(clean: Callable[[str], str], most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        value = clean(value)
        if not value:
            raise ValueError(_("is empty; write something, or leave the field out where it is optional"))
        if len(value) > most:
            raise ValueError(_("has %(n)s characters; %(most)s is the most", n=number(len(value)), most=number(most)))
        return value

    return check


def _slug(value: str) -> str:
    if not 2 <= len(value) <= 64 or _SLUG.fullmatch(value) is None:
        raise ValueError(
            _("must be 2 to 64 lower-case letters a-z, digits and single hyphens, such as quezon-city-2016")
        )
    return value


def _key(value: str) -> str:
    if not 1 <= len(value) <= 16 or _SLUG.fullmatch(value) is None:
        raise ValueError(_("must be 1 to 16 lower-case letters a-z, digits and hyphens, such as a"))
    return value


def _zone(value: str) -> str:
    known = time_zones() - _NOT_PLACES
    if value not in known:
        close = get_close_matches(value, known, 1)
        raise ValueError(
            _(
                "is not a time zone of the IANA list; write one such as %(close)s",
                close=close[0] if close else "America/New_York",
            )
        )
    return value


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value) or len(value) > 500:
        raise ValueError(_("must be a web address that begins with https:// or http://"))
    return value


def _mail(value: str) -> str:
    if len(value) > 254 or _MAIL.fullmatch(value) is None:
        raise ValueError(_("must be one mail address, such as consultation@example.org"))
    return value


def _moment(value: object) -> date | datetime:
    if isinstance(value, date) and value.year in _YEARS:
        return value
    raise PydanticCustomError("moment", "no moment", {"first": _YEARS[0], "last": _YEARS[-1]})


def _iso(value: date | datetime) -> str:
    return value.isoformat()


def _day(value: object) -> object:
    if type(value) is date:  # a datetime is a date too, and no day
        return _moment(value)
    raise PydanticCustomError("day", "no day")


def _language_or_all(value: str) -> str:
    return value if value == EVERY_LANGUAGE else language_tag(value)


def _watched(value: str) -> str:
    value = _limited(line, 100)(value)
    if not any(character.isalnum() for character in value):
        raise ValueError(_("must contain a letter or a digit"))
    return value


EVERY_LANGUAGE = "*"

Label = Annotated[str, AfterValidator(_limited(line, 200))]
Sentence = Annotated[str, AfterValidator(_limited(line, 500))]
Paragraph = Annotated[str, AfterValidator(_limited(paragraphs, 2_000))]
Markdown = Annotated[str, AfterValidator(_limited(paragraphs, 20_000))]
Slug = Annotated[str, AfterValidator(_slug)]
Key = Annotated[str, AfterValidator(_key)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(language_tag)]
LanguageOrAll = Annotated[str, AfterValidator(_language_or_all)]
Watched = Annotated[str, AfterValidator(_watched)]
Url = Annotated[str, AfterValidator(_url)]
Mail = Annotated[str, AfterValidator(_mail)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[date | datetime, PlainValidator(_moment), PlainSerializer(_iso, when_used="json")]
