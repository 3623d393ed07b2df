"""Templates and what all of them may use."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import clock, text
from app.accounts.countries import COUNTRIES
from app.web import assets, dates, words
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
    "words": words,
    "countries": COUNTRIES,
    "direction": text.direction,
    "set_entries": set_entries,
    "set_excerpts": set_excerpts,
}
_environment.filters |= {
    "day": dates.day,
    "days": dates.days,
    "moment": dates.moment,
    "short_moment": dates.short,
    "iso": clock.iso,
    "language_name": words.language_name,
    "country_name": words.country_name,
    "place_name": words.place_name,
}


def render(template: str, context: dict[str, Any]) -> str:
    """The template's HTML. A name that the context lacks is an error, not a gap in the page."""
    return _environment.get_template(template).render(context)
