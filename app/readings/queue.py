"""What waits for a moderator, oldest first. What a byline withholds is withheld here too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app import clock
from app.consultations.models import Topic
from app.contributions.models import Contribution, Revision
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.readings.signs import SIGNS


@dataclass(frozen=True, slots=True)
class Waiting:
    """One text that waits, with what it replies to and, for an edit, what is public now."""

    contribution: UUID
    revision: UUID
    revision_number: int
    number: int | None  # set where this is an edit of what is public
    topic: str
    kind: str
    title: str | None
    body: str
    html: str
    language: str
    questions: Sequence[str]
    places: Sequence[dict[str, Any]]
    byline: str
    author_name: str | None  # None: withheld
    organisation_name: str | None
    since: datetime
    parent_number: int | None
    parent_body: str | None  # what it replies to, where that is public
    public_title: str | None
    public_body: str | None
    signs: Sequence[dict[str, Any]]  # what automatic checks noticed, see contributions/screening

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        author = {"name": self.author_name} if self.author_name else None
        organisation = {"name": self.organisation_name} if self.organisation_name else None
        return {
            "contribution": str(self.contribution), "revision": str(self.revision), "number": self.number,
            "topic": self.topic, "kind": self.kind, "title": self.title, "body": self.body, "html": self.html,
            "language": self.language, "questions": list(self.questions), "places": list(self.places),
            "byline": self.byline, "author": author, "organisation": organisation, "since": clock.iso(self.since),
            "parent": self.parent_number, "signs": list(self.signs),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue and the cursor of the next."""

    items: Sequence[Waiting]
    next: str | None


async def queue(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int = 50, cursor: str | None = None
) -> Queue:
    """One page of what waits, oldest first. Raises Unauthenticated, Forbidden, Malformed."""
    require(actor, "queue.read", Thing(consultation))
    query = _SELECT.where(Contribution.consultation_id == consultation, Contribution.waits_since.is_not(None))
    purpose = f"{consultation}:queue"
    if cursor is not None:
        since, id = cursors.unseal(purpose, cursor)
        position = tuple_(Contribution.waits_since, Contribution.id)
        query = query.where(position > tuple_(datetime.fromisoformat(since), UUID(id)))
    rows = (await session.execute(query.order_by(Contribution.waits_since, Contribution.id).limit(limit + 1))).all()
    items = [_waiting(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Queue(
        items,
        cursors.seal(purpose, [items[-1].since.isoformat(), str(items[-1].contribution)]) if more else None,
    )


_Public, _Answered, _Parent = aliased(Revision), aliased(Revision), aliased(Contribution)
_SELECT = (
    select(
        Contribution.id, Contribution.number, Contribution.kind, Contribution.waits_since, Topic.slug.label("topic"),
        Revision.id.label("revision"), Revision.number.label("revision_number"), Revision.title, Revision.body,
        Revision.html, Revision.language, Revision.questions, Revision.places, Revision.byline, Revision.author_name,
        Revision.organisation_name, _Parent.number.label("parent_number"), _Public.title.label("public_title"),
        _Public.body.label("public_body"), _Answered.body.label("parent_body"),
        SIGNS.label("signs"),
    )
    .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.state == "waiting"))
    .join(Topic, Topic.id == Contribution.topic_id)
    .outerjoin(_Parent, _Parent.id == Contribution.parent_id)
    .outerjoin(_Answered, (_Answered.contribution_id == _Parent.id) & (_Answered.state == "public") & _Answered.visible)
    .outerjoin(_Public, (_Public.contribution_id == Contribution.id) & (_Public.state == "public"))
)  # fmt: skip


def _waiting(row: Any) -> Waiting:
    return Waiting(
        contribution=row.id, revision=row.revision, revision_number=row.revision_number, number=row.number,
        topic=row.topic, kind=row.kind, title=row.title, body=row.body, html=row.html, language=row.language,
        questions=row.questions, places=row.places, byline=row.byline, author_name=row.author_name,
        organisation_name=row.organisation_name, since=row.waits_since, parent_number=row.parent_number,
        parent_body=row.parent_body, public_title=row.public_title, public_body=row.public_body, signs=row.signs or (),
    )  # fmt: skip
