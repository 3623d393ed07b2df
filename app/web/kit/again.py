"""A page that met another act on the same thing is made once more, from the form that was sent."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.routing import APIRoute, request_response
from starlette.responses import Response

from app.database.races import once_more
from app.web.kit import sent_form

Page = Callable[[Request], Awaitable[Response]]


def give_another_try(route: APIRoute) -> None:
    """Let this page be made once more where its transaction failed for another's sake: nothing of the first stays.

    A page that goes on after a commit of its own does what follows by `once_more` itself.
    """
    route.app = request_response(_tried_twice(route.get_route_handler()))


def _tried_twice(page: Page) -> Page:
    async def made(request: Request) -> Response:
        async def make() -> Response:
            await sent_form.rewind(request)
            return await page(request)

        return await once_more(make)

    return made
