"""What was said last in a consultation, a topic or a thread, as feeds, without words of the interface.

That of a whole consultation has the organisers' notices too.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contributions.models import Publication
from app.readings.consultation_views import ConsultationView
from app.readings.discussion import threads
from app.readings.organising import notices
from app.readings.syndication import Feed, Item, written
from app.readings.views import ContributionView

MOST = 50


@dataclass(frozen=True, slots=True)
class Followed:
    """What is followed: its identifier, its title, its page, and which contributions belong to it."""

    id: UUID
    title: str
    path: str
    which: ColumnElement[bool]


def whole(consultation: ConsultationView) -> Followed:
    """All of a consultation."""
    here = Publication.consultation_id == consultation.id
    return Followed(consultation.id, consultation.title, f"/c/{consultation.slug}", here)


def topic(consultation: ConsultationView, slug: str) -> Followed:
    """A topic. Raises NotFound."""
    found = consultation.topic(slug)
    path = f"/c/{consultation.slug}/topics/{found.slug}"
    return Followed(found.id, found.title, path, Publication.topic_id == found.id)


def thread(consultation: ConsultationView, root: ContributionView) -> Followed:
    """A contribution that is public, and all in its thread."""
    title, path = root.title or f"{consultation.title}: {root.number}", f"/c/{consultation.slug}/{root.number}"
    return Followed(root.id, title, path, Publication.thread_id == root.thread)


async def feed(
    connection: AsyncConnection, consultation: ConsultationView, followed: Followed, base: str, here: str, form: str
) -> bytes:
    """The newest contributions, in one of `syndication.FORMS`; `here` is the feed's own address."""
    found = await threads.newest(connection, followed.which, MOST)
    items = [_item(each, f"{base}/c/{consultation.slug}/") for each in found]
    if followed.id == consultation.id:
        items += await notices.feed_items(connection, consultation, base, MOST)
        items = sorted(items, key=lambda item: item.published, reverse=True)[:MOST]
    made = Feed(
        urn=f"urn:uuid:{followed.id}",
        title=followed.title,
        home=base + followed.path,
        here=here,
        author=consultation.title,
        items=items,
    )
    return written(made, form)


def _item(view: ContributionView, prefix: str) -> Item:
    assert view.published is not None
    return Item(
        urn=f"urn:uuid:{view.id}",
        url=f"{prefix}{view.number}",
        title=view.title or f"{view.number} ↩ {view.parent_number}",
        published=view.published,
        updated=view.updated or view.published,
        tags=[view.kind, *view.tags],
        html=view.html,
        language=view.language,
        author=_author(view),
    )


def _author(view: ContributionView) -> str | None:
    """As the byline shows it; None for nobody."""
    name, organisation = view.author_name, view.organisation["name"] if view.organisation else None
    return f"{name} ({organisation})" if name and organisation else name or organisation
