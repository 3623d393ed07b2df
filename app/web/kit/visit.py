"""One request for a page: who visits, in which language, and how the answer is made."""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData
from starlette.responses import Response

from app import clock, errors, language, text
from app.accounts import limits, tokens
from app.accounts.actors import STRANGER, Visitor, visitor_of_session
from app.database import Database, admission
from app.language import gettext as _
from app.permissions import Actor, Thing, may
from app.readings.consultation_views import ConsultationView
from app.readings.entity_tags import is_among
from app.readings.versions import Version
from app.web.kit import address_parts, cookies, guard, sent_form  # noqa: F401  # the first: every page’s routes may name them
from app.web.kit.language import versions
from app.web.kit.sent_form import FIELDS, LONGEST
from app.web.kit.templating import BUILD, render

PUBLIC = "public, max-age=0, s-maxage=2"
PRIVATE = "private, no-store"
VARY = "Accept-Encoding, Accept-Language, Cookie"
Sent = TypeVar("Sent", bound=Response)


@dataclass(slots=True)
class Visit:
    """What every page is made with."""

    request: Request
    visitor: Visitor
    language: str
    browser: str | None

    @property
    def database(self) -> Database:
        """The database of this application."""
        database: Database = self.request.app.state.database
        return database

    @property
    def base(self) -> str:
        """The address of this service, without a slash at its end."""
        return self.request.app.state.base_url or str(self.request.base_url).rstrip("/")

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return self.visitor.actor

    @property
    def person(self) -> UUID:
        """Who is signed in. Raises Unauthenticated."""
        if self.actor.person is None:
            raise errors.Unauthenticated(_("Please sign in first."))
        return self.actor.person

    @property
    def here(self) -> str:
        """Path and query of this page: where to come back to after signing in."""
        return address_of(self.request)

    def knows(self, tag: str) -> bool:
        """Whether the browser says that it has the answer with this entity tag (If-None-Match)."""
        return is_among(tag, self.request.headers.get("if-none-match"))

    def may(self, act: str, thing: Thing) -> bool:
        """Whether to show a button."""
        return may(self.actor, act, thing)

    async def form(self, fields: int = FIELDS, files: int = 0, longest: int = LONGEST) -> FormData:
        """The form that was sent. Raises TooLarge, Malformed."""
        known = self.actor.person is not None
        return await sent_form.read(self.request, fields=fields, files=files, longest=longest, known=known)

    def own_browser(self) -> str:
        """The browser's token, made now where it has none: `keep_browser` gives it to the browser."""
        self.browser = self.browser or tokens.fresh_token()
        return self.browser

    def page(self, template: str, *, status: int = 200, ready: bytes = b"", **context: Any) -> HTMLResponse:
        """A page for this visitor alone. `ready` is HTML that the template has a place for."""
        response = HTMLResponse(
            self._render(template, context, ready), status, {"Cache-Control": PRIVATE, "Vary": VARY}
        )
        return self.keep_browser(response)

    def public(self, template: str, version: Version, *, ready: bytes = b"", **context: Any) -> HTMLResponse:
        """As `page`, the same for all strangers while the record does not change."""
        if self.actor.person is not None:
            return self.page(template, ready=ready, **context)
        headers = {"Cache-Control": PUBLIC, "Vary": VARY, "ETag": etag(version, self.language)}
        return HTMLResponse(self._render(template, context, ready), 200, headers)

    def go(self, path: str, done: str | None = None) -> RedirectResponse:
        """On to another page of ours, with a word on what was done."""
        if done:
            path, mark, fragment = path.partition("#")
            path = f"{path}{'&' if '?' in path else '?'}done={done}{mark}{fragment}"
        response = RedirectResponse(path, 303, {"Cache-Control": PRIVATE})
        self.keep_browser(response)
        return response

    def sign_in_first(self, onward: str) -> RedirectResponse:
        """To the sign-in page, and from there onward."""
        return self.go(f"/sign-in?onward={quote(onward, safe='')}")

    def complete_first(self, onward: str) -> RedirectResponse:
        """To the profile that still lacks a name and consent, and from there onward."""
        return self.go(f"/me/welcome?onward={quote(onward, safe='')}")

    def keep_browser(self, response: Sent) -> Sent:
        """Give the browser the token that was made for it."""
        if self.browser and self.browser != cookies.read(self.request, cookies.BROWSER):
            cookies.write(self.request, response, cookies.BROWSER, self.browser, cookies.BROWSER_LASTS)
        return response

    def _render(self, template: str, context: dict[str, Any], ready: bytes) -> bytes:
        consultation: ConsultationView | None = context.get("consultation")
        thing = Thing(consultation.id) if consultation is not None else None
        moderates = thing is not None and self.may("queue.read", thing)
        return render(
            template,
            {
                "visit": self,
                "visitor": self.visitor,
                "actor": self.actor,
                "here": self.request.url.path,
                "lang": self.language,
                "dir": text.direction(self.language),
                "versions": versions(self.request),
                "base": self.base,
                "consultation": consultation,
                "zone": consultation.zone if consultation else None,
                "moderates": moderates,
                "organises": thing is not None and self.may("consultation.define", thing),
                "done": self.request.query_params.get("done"),
                **context,
            },
            ready,
        )


def address_of(request: Request) -> str:
    """Path and query of a page."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def etag(version: Version, lang: str) -> str:
    """The entity tag of a public page. Weak: the bytes differ with the compression."""
    return f'W/"{version.tag(BUILD, lang)}"'


def version_of(consultation: ConsultationView) -> Version:
    """The version that a consultation was read at, in the snapshot of all else on the page."""
    local = clock.now().astimezone(consultation.zone)
    return Version(consultation.id, consultation.size, f"{local:%Y%m%d}")


async def _recognised(request: Request) -> Visit:
    guard.require_same_site(request)
    if any("\x00" in str(part) for part in request.path_params.values()):
        raise errors.NotFound(_("There is no such page."))
    token = cookies.read(request, cookies.SESSION)
    visitor = STRANGER
    if token:
        async with request.app.state.database.recognising() as driver:
            visitor = await visitor_of_session(driver, token)
    admission.admit(visitor.actor.admitted)
    if visitor.actor.person is not None and not request.state.language_is_chosen:
        request.state.language = visitor.language
        language.current.set(visitor.language)
        language.reader.set(visitor.language)
    return Visit(request, visitor, request.state.language, cookies.read(request, cookies.BROWSER))


async def _counted(request: Request) -> Visit:
    """Counts what somebody sends here, once, whichever form it is, and whether or not the page is made once more."""
    visit = await _recognised(request)
    if visit.actor.person is not None and request.method == "POST" and not hasattr(request.state, "counted"):
        request.state.counted = True
        await limits.allow_write(visit.database, visit.person)
    return visit


Visiting = Annotated[Visit, Depends(_counted)]
Stopping = Annotated[Visit, Depends(_recognised)]  # keys and sessions, which may be what uses somebody’s writes up
