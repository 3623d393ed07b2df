"""What holds for every answer of this API, whatever the route: who may read it from elsewhere, how quotas stand, and in
which language a refusal is explained."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import language
from app.accounts.limits import Standing

_READ = ("GET", "HEAD")
_EXPOSED = "ETag, Link, Location, Plenary-Record-Size, RateLimit, RateLimit-Policy, Retry-After"


class ReadableFromElsewhere:
    """Cross-origin reads for everyone, without keys; never writes, nor what is read with a key.

    What is public has the header whoever asks, so that caches need not vary.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in (*_READ, "OPTIONS"):
            return await self._app(scope, receive, send)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
            return await _preflight(scope)(scope, receive, send)
        if "authorization" in Headers(scope=scope):
            return await self._app(scope, receive, send)

        async def send_readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                headers["access-control-allow-origin"] = "*"
                headers["access-control-expose-headers"] = _EXPOSED
            await send(message)

        return await self._app(scope, receive, send_readable)


class QuotasShown:
    """`RateLimit` and `RateLimit-Policy` on every answer to what was counted (`writing.allow`), refusals among them.

    As in draft-ietf-httpapi-ratelimit-headers: lists of quotas by name, q allowed in w seconds, r left for t seconds.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        state = scope.setdefault("state", {})

        async def send_with_quotas(message: Message) -> None:
            quotas: Sequence[Standing] = state.get("quotas", ())
            if message["type"] == "http.response.start" and quotas:
                headers = MutableHeaders(raw=message["headers"])
                headers["ratelimit-policy"] = ", ".join(f'"{q.name}";q={q.most};w={q.per_seconds}' for q in quotas)
                headers["ratelimit"] = ", ".join(f'"{q.name}";r={q.left};t={q.resets_in}' for q in quotas)
            await send(message)

        return await self._app(scope, receive, send_with_quotas)


def _preflight(scope: Scope) -> Response:
    if Headers(scope=scope)["access-control-request-method"] not in _READ:
        return Response(status_code=204)  # and without leave, which a browser takes for no
    return Response(
        status_code=204,
        headers={
            "access-control-allow-origin": "*", "access-control-allow-methods": ", ".join(_READ),
            "access-control-allow-headers": "If-None-Match, Last-Event-ID", "access-control-max-age": "86400",
        },
    )  # fmt: skip


class Speaking:
    """What is refused is explained in the language that `Accept-Language` likes best (RFC 9110, 12.5.4), or in English.

    Nothing else depends on it: what people and organisers wrote is given in the languages in which they wrote it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        liked = next((value for name, value in scope.get("headers", ()) if name == b"accept-language"), b"")
        before = language.current.set(language.accepted(liked.decode("latin-1")) or language.DEFAULT)
        try:
            await self._app(scope, receive, send)
        finally:
            language.current.reset(before)
