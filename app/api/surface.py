"""What holds for every answer of this API, whatever the route: pages of other sites may read what is public."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
