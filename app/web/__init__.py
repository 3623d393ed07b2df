"""HTML for people: one module per page family, in folders by area, as its templates are; `kit` is what all stand on.

Pages call actions to write, readings to read.
"""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.notifications import outcome_sent
from app.web.kit import faults
from app.web.kit.again import give_another_try
from app.web.kit.apart import Apart
from app.web.kit.cache import PageCache
from app.web.kit.guard import Guard
from app.web.kit.heads import HeadAsGet
from app.web.kit.language import Speaking
from app.web.pages import PAGES
from app.web.report import outcome_files


def install(app: FastAPI) -> None:
    """Add all pages, what protects them, and the cache in front of them. Other surfaces are installed before."""
    # The routes themselves: an included router is gone through twice for each page that is none of its own.
    pages = [route for family in PAGES for route in family.router.routes if isinstance(route, APIRoute)]
    for page in pages:
        give_another_try(page)
    app.router.routes += pages
    faults.install(app)
    outcome_sent.print_with(outcome_files.printed_for)  # the worker, which runs beside these pages, knows none of them
    app.add_middleware(Guard)
    app.add_middleware(PageCache)
    app.add_middleware(Apart)
    app.add_middleware(Speaking)
    app.add_middleware(HeadAsGet)
