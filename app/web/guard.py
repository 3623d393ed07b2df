"""What protects every answer: security headers, and no state change on behalf of another site."""

from collections.abc import Mapping
from urllib.parse import urlsplit

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


def require_same_site(method: str, headers: Mapping[str, str], base_url: str | None) -> None:
    """Go on only with what a page of ours sent. Raises Forbidden.

    Browsers say where a form comes from in `Sec-Fetch-Site` or, older ones, in `Origin`; what says neither is no
    browser, and no form of ours.
    """
    if method in _HARMLESS:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    own_host = urlsplit(base_url).netloc if base_url else headers.get("host", "")
    from_elsewhere = site is not None and site not in ("same-origin", "none")
    if from_elsewhere or (origin is not None and urlsplit(origin).netloc != own_host) or site is origin is None:
        raise errors.Forbidden(
            _(
                "This form was not sent from a page of this site, so nothing was changed. "
                "Please open the page here and try again."
            )
        )
