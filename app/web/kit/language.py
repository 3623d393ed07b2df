"""The language of a page: chosen by `?lang=`, which a cookie then remembers, or by the browser's header.

For somebody who is signed in and has chosen none, their profile's language comes before the header (`visit.py`).
"""

from typing import Any
from urllib.parse import parse_qs, urlencode

from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import language, text
from app.language import gettext_noop as N_
from app.readings.spoken import Foreign
from app.web.kit import cookies

LASTS = 400 * 86_400  # the longest that browsers keep a cookie


class Speaking:
    """Answers each request for a page in its language, and remembers a language that was asked for by `?lang=`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see the class."""
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        asked, remembered = _asked(scope["query_string"]), language.meant(cookies.read(request, cookies.LANGUAGE))
        chosen = asked or remembered
        spoken = chosen or language.accepted(request.headers.get("accept-language", "")) or language.DEFAULT
        request.state.language, request.state.language_is_chosen = spoken, chosen is not None

        async def remembering(message: Message) -> None:
            if message["type"] == "http.response.start":
                remember(request, MutableHeaders(scope=message), asked or "")
            await send(message)

        with language.speaking(spoken):
            await self.app(scope, receive, remembering if asked and asked != remembered else send)


def remember(request: Request, headers: MutableHeaders, chosen: str) -> None:
    """Have the browser keep the language that was chosen. Such an answer is for this browser alone."""
    cookie = Response()
    cookies.write(request, cookie, cookies.LANGUAGE, chosen, LASTS)
    headers.append("set-cookie", cookie.headers["set-cookie"])
    headers["cache-control"] = "private, no-store"


def versions(request: Request) -> list[tuple[str, str]]:
    """Each language, and the path of the same page in it. What a form was answered with is found where the form is."""
    others = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "done")]
    kept = f"{urlencode(others)}&" if others and request.method == "GET" else ""
    path = request.url.path
    return [(tag, f"{path}?{kept}lang={tag}") for tag in language.LANGUAGES]


def html_gettext(message: str, **values: Any) -> Markup:
    """As `gettext` for templates: the message may hold markup, the values are escaped and keep their direction."""
    said = Markup(language.gettext(message))  # noqa: S704  # messages are ours
    return said % {name: _set_apart(value) for name, value in values.items()} if values else said


def html_ngettext(one: str, many: str, n: int, **values: Any) -> Markup:
    """As `ngettext` for templates."""
    said = Markup(language.plural(one, many, n))  # noqa: S704
    return said % ({"n": language.number(n)} | values)


def tongue(written: str) -> Markup:
    """The attributes of an element that holds what organisers wrote: its language and direction, if not the page's."""
    if not isinstance(written, Foreign):
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(written.language, text.direction(written.language))


def colon(name: str) -> Markup:
    """`Name:` as the current language writes it, for templates in which something of its own follows."""
    return html_gettext(N_("%(name)s:"), name=name)


def _set_apart(value: Any) -> Any:
    """A value that runs against the sentence is isolated: the full stop after an English name stays behind it."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isdigit():
        return value
    against = text.runs(value) not in ("", text.direction(language.current.get()))
    return f"\u2068{value}\u2069" if against else value


def _asked(query: bytes) -> str | None:
    if b"lang=" not in query:
        return None
    asked = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return asked if asked in language.LANGUAGES else None
