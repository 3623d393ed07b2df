"""HTML for people: one module per page family, templates beside them. Pages call actions to write, readings to read."""

from fastapi import FastAPI

from app.web import (
    about,
    appealing,
    appeals,
    assets,
    attachments,
    attendance,
    batches,
    calendar,
    changing_dates,
    consultation,
    contribute,
    crawling,
    decisions,
    desk,
    developers,
    editing,
    endorsing,
    erasing,
    faults,
    flagging,
    flags,
    following,
    home,
    inviting,
    mandate_links,
    mandates,
    me,
    meetings,
    my_data,
    my_deposits,
    my_keys,
    my_letters,
    my_mandate,
    my_notifications,
    new_texts,
    noting,
    numbers,
    organise,
    planned_meetings,
    planning,
    proceedings,
    proof,
    public_log,
    queue,
    record,
    search,
    sign_in,
    sources,
    thread,
    topic,
    transcribing,
    translating,
    translations_desk,
    webhooks,
)
from app.web.apart import Apart
from app.web.cache import PageCache
from app.web.guard import Guard
from app.web.language import Speaking

# In this order: /c/{consultation}/{which} takes what no other page of a consultation does. What is read most is near
# the beginning, since each route before it is tried.
_PAGES = (
    consultation,
    topic,
    record,
    proof,
    public_log,
    new_texts,
    crawling,
    queue,
    desk,
    batches,
    meetings,
    planned_meetings,
    calendar,
    planning,
    attendance,
    transcribing,
    sources,
    inviting,
    contribute,
    search,
    numbers,
    organise,
    proceedings,
    following,
    editing,
    erasing,
    changing_dates,
    webhooks,
    mandates,
    noting,
    translations_desk,
    translating,
    thread,
    flags,
    appeals,
    flagging,
    endorsing,
    appealing,
    decisions,
    home,
    attachments,
    assets,
    about,
    developers,
    sign_in,
    me,
    my_keys,
    my_data,
    my_deposits,
    my_letters,
    my_notifications,
    my_mandate,
    mandate_links,
)


def install(app: FastAPI) -> None:
    """Add all pages, what protects them, and the cache in front of them. Other surfaces are installed before."""
    # The routes themselves: an included router is gone through twice for each page that is none of its own.
    app.router.routes += [route for family in _PAGES for route in family.router.routes]
    faults.install(app)
    app.add_middleware(Guard)
    app.add_middleware(PageCache)
    app.add_middleware(Apart)
    app.add_middleware(Speaking)
