"""What protects every answer: security headers, and no state change on behalf of another site."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import errors
from app.language import gettext as _

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_HARMLESS = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Adds HEADERS to every answer that does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name for name, _value in given}
                message["headers"] = given + [header for header in HEADERS if header[0] not in names]
            await send(message)

        await self.app(scope, receive, guarded)


def is_from_here(request: Request) -> bool:
    """Whether a page of ours sent this, or it changes nothing.

    Browsers say where a form comes from in `Sec-Fetch-Site` or, older ones, in `Origin`; what says neither is no
    browser, and no form of ours.
    """
    if request.method in _HARMLESS:
        return True
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    base_url: str | None = request.app.state.base_url
    own_host = urlsplit(base_url).netloc if base_url else request.headers.get("host", "")
    from_elsewhere = site is not None and site not in ("same-origin", "none")
    other_host = origin is not None and origin.partition("://")[2] != own_host
    return not (from_elsewhere or other_host or site is origin is None)


def require_same_site(request: Request) -> None:
    """Go on only with what a page of ours sent. Raises Forbidden."""
    if not is_from_here(request):
        raise errors.Forbidden(
            _(
                "This form was not sent from a page of this site, so nothing was changed. "
                "Please open the page here and try again."
            )
        )
