"""JSON v1: one module for each resource. Surfaces hold no rules: they call actions and readings, and translate."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from app.api import (
    appeals,
    attachments,
    bulk,
    changes,
    classifying,
    coding,
    consultations,
    contribution,
    contributions,
    decisions,
    developers,
    drafts,
    endorsements,
    export,
    feeds,
    flags,
    health,
    invitations,
    mandates,
    meetings,
    moderation,
    openapi,
    opinion,
    phases,
    problems,
    published,
    recommendations,
    record,
    report,
    sendings,
    summary,
    translations,
    webhooks,
)
from app.api.surface import QuotasShown, ReadableFromElsewhere, Speaking
from app.api.waiting import Watch
from app.api.waiting_room import WaitingRoom

_RESOURCES = (
    consultations, contributions, contribution, changes, export, moderation, flags, appeals, decisions, phases,
    meetings, record, bulk, webhooks, endorsements, mandates, invitations,
    feeds, attachments, translations, published, recommendations, opinion, report, summary, sendings, drafts, coding,
    classifying,
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Add the API, its documentation, /health and /ready to the application."""
    app.state.watch, app.state.waiting_room = Watch(), WaitingRoom()
    problems.install(app)  # for what not even a mount takes: paths with a line break
    pages, document = _documentation()
    api, above = _application(app), _application(app)
    api.router.routes += [*_described()[0], Route("/openapi.json", document), Route("/", developers.to_reference)]
    above.router.routes += [Route(path, developers.to_reference) for path in ("/", "/v1")]
    app.router.routes += [
        Route("/health", health.health),
        Route("/ready", health.ready),
        *pages,
        Mount(openapi.PREFIX, Speaking(api)),  # around all of it: what fails unforeseen is told in that language too
        Mount("/api", Speaking(above)),  # any other address: problems, too
    ]


@cache
def _described() -> tuple[list[APIRoute], dict[str, Any]]:
    """The routes of all resources and the document about them: once for a process, since routes belong to modules."""
    routes = [route for resource in _RESOURCES for route in resource.router.routes if isinstance(route, APIRoute)]
    for route in routes:
        route.operation_id = route.name
    document = openapi.document(routes)
    for route in routes:
        if route.methods == {"GET"}:
            route.methods = {"GET", "HEAD"}  # only now: in the document it would say everything twice
    return routes, document


@cache
def _documentation() -> tuple[list[Route], developers.Endpoint]:
    """The pages for people, and the document itself."""
    _routes, document = _described()
    return developers.routes(document), developers.openapi(document)


def _application(app: FastAPI) -> FastAPI:
    """An application that answers every error with a problem, on the state of the whole one."""
    api = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    api.state = app.state
    api.add_middleware(ReadableFromElsewhere)
    api.add_middleware(QuotasShown)
    problems.install(api)
    return api
