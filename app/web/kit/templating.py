"""Templates and what all of them may use."""

import secrets
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app import clock, dates, text
from app.contributions.headings import beneath
from app.language import OWN_NAMES, current, listed, number, speaking
from app.web.kit import assets, words
from app.web.kit.act_words import ACT_WORDS
from app.web.kit.language import colon, html_gettext, html_ngettext, tongue
from app.web.kit.setting import set_entries, set_excerpts

BUILD = assets.fingerprint()

# What these give for constants is the same whenever a page is made.
_FORESEEN: dict[str, Callable[..., str]] = {"_": html_gettext, "asset": assets.url}
_GLOBALS: dict[str, Any] = {
    **_FORESEEN,
    "ngettext": html_ngettext,
    "own_names": OWN_NAMES,
    "words": words,
    "act_words": ACT_WORDS,
    "direction": text.direction,
    "set_entries": set_entries,
    "set_excerpts": set_excerpts,
}
_FILTERS = {
    "number": number,
    "day": dates.day,
    "days": dates.days,
    "span": dates.span,
    "moment": dates.moment,
    "short_moment": dates.short,
    "iso": clock.iso,
    "listed": listed,
    "colon": colon,
    "tongue": tongue,
    "language_name": words.language_name,
    "language_names": words.language_names,
    "country_name": words.country_name,
    "place_name": words.place_name,
    "file_words": words.file_in_words,
    "sign_words": words.sign,
    "beneath": beneath,
}


class Templates(Environment):
    """The templates in one language: messages without values are translated once, when a template is compiled."""

    def __init__(self, language: str) -> None:
        super().__init__(
            loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
            autoescape=True,
            extensions=["jinja2.ext.do"],
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.language = language
        self.globals |= _GLOBALS
        self.filters |= _FILTERS

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """In one plain dictionary: Jinja's chain of them is gone through for each part of each page."""
        return {**self.globals, **(d or {})}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        with speaking(self.language):
            translated: nodes.Template = _Foresight().visit(super()._parse(source, name, filename))
        return translated


class _Foresight(NodeTransformer):
    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802  # Jinja calls it so
        self.generic_visit(call)
        if not isinstance(call.node, nodes.Name) or call.node.name not in _FORESEEN or call.kwargs:
            return call
        given = [each.value for each in call.args if isinstance(each, nodes.Const)]
        if len(given) < len(call.args):
            return call
        return nodes.Const(_FORESEEN[call.node.name](*given), lineno=call.lineno)


_templates = lru_cache(Templates)
_PLACE = f"<!-- {secrets.token_hex()} -->"  # nobody can have written this


def render(template: str, context: dict[str, Any], ready: bytes = b"") -> bytes:
    """The template's HTML, with what is `ready` already put in its place: as bytes it is copied once.

    A name that the context lacks is an error, not a gap in the page.
    """
    page = _templates(current.get()).get_template(template).render(context, ready=Markup(_PLACE)).encode()  # noqa: S704
    return page.replace(_PLACE.encode(), ready, 1) if ready else page
