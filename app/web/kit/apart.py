"""What is read as a member of a private consultation stays with who asked, on both surfaces."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.database import admission
from app.web.kit.visit import PRIVATE


class Apart:
    """Begins each request as one of a stranger, and keeps the answer to a member out of every cache."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see the class."""

        async def keeping(message: Message) -> None:
            if message["type"] == "http.response.start" and admission.admitted():
                headers = MutableHeaders(raw=message["headers"])
                headers["cache-control"] = PRIVATE
                del headers["access-control-allow-origin"]
            await send(message)

        with admission.admitting(()):
            await self.app(scope, receive, keeping)
