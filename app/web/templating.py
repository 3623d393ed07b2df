"""Templates and what all of them may use."""

import secrets
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import clock, text
from app.contributions.headings import beneath
from app.language import OWN_NAMES, listed, number
from app.web import assets, dates, words
from app.web.act_words import ACT_WORDS
from app.web.language import html_gettext, html_ngettext
from app.web.setting import set_entries, set_excerpts

BUILD = assets.fingerprint()

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    extensions=["jinja2.ext.do"],
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    cache_size=-1,
)
_environment.globals |= {
    "_": html_gettext,
    "ngettext": html_ngettext,
    "asset": assets.url,
    "own_names": OWN_NAMES,
    "words": words,
    "act_words": ACT_WORDS,
    "direction": text.direction,
    "set_entries": set_entries,
    "set_excerpts": set_excerpts,
}
_environment.filters |= {
    "number": number,
    "day": dates.day,
    "days": dates.days,
    "span": dates.span,
    "moment": dates.moment,
    "short_moment": dates.short,
    "iso": clock.iso,
    "listed": listed,
    "language_name": words.language_name,
    "language_names": words.language_names,
    "country_name": words.country_name,
    "place_name": words.place_name,
    "file_words": words.file_in_words,
    "sign_words": words.sign,
    "beneath": beneath,
}


_PLACE = f"<!-- {secrets.token_hex()} -->"  # nobody can have written this


def render(template: str, context: dict[str, Any], ready: bytes = b"") -> bytes:
    """The template's HTML, with what is `ready` already put in its place: as bytes it is copied once.

    A name that the context lacks is an error, not a gap in the page.
    """
    page = _environment.get_template(template).render(context, ready=Markup(_PLACE)).encode()  # noqa: S704
    return page.replace(_PLACE.encode(), ready, 1) if ready else page
