"""What participants have reported, for moderators: the texts, with the notes, and never with who wrote those."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations.models import Topic
from app.contributions.models import Contribution, Revision
from app.moderation.models import Flag
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.readings.moderation.on_desk import on_desk


@dataclass(frozen=True, slots=True)
class Report:
    """What one participant said: who, nobody is told."""

    id: UUID
    rule: str | None
    note: str | None
    created: datetime
    earlier: bool  # it is about a text that was edited since

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "rule": self.rule, "note": self.note, "created": clock.iso(self.created),
            "earlier_text": self.earlier,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flagged:
    """A contribution with open flags. What its byline withholds is withheld here too."""

    contribution: UUID
    revision: UUID
    number: int
    status: str  # published, or hidden by the consultation's policy
    topic: str
    kind: str
    title: str | None
    body: str
    html: str
    language: str
    byline: str
    author_name: str | None
    organisation_name: str | None
    since: datetime  # of the first of its open flags
    reports: list[Report] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "contribution": str(self.contribution), "revision": str(self.revision), "number": self.number,
            "status": self.status, "topic": self.topic, "kind": self.kind, "title": self.title, "body": self.body,
            "html": self.html, "language": self.language, "byline": self.byline,
            "author": {"name": self.author_name} if self.author_name else None,
            "organisation": {"name": self.organisation_name} if self.organisation_name else None,
            "since": clock.iso(self.since), "flags": [report.json() for report in self.reports],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FlaggedPage:
    """One page of what is reported, and the cursor of the next."""

    items: Sequence[Flagged]
    next: str | None


async def flagged(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int = 50, cursor: str | None = None
) -> FlaggedPage:
    """One page of the contributions with open flags, longest reported first. Raises Unauthenticated, Forbidden,
    Malformed."""
    require(actor, "queue.read", Thing(consultation))
    open_flags = (
        select(Flag.contribution_id, func.min(Flag.created).label("since"))
        .where(Flag.consultation_id == consultation, Flag.closed.is_(None))
        .group_by(Flag.contribution_id)
        .subquery()
    )
    query = (
        select(*_COLUMNS, open_flags.c.since)
        .join(open_flags, open_flags.c.contribution_id == Contribution.id)
        .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.state == "public"))
        .join(Topic, Topic.id == Contribution.topic_id)
        .where(Contribution.status.in_(("published", "hidden")), *on_desk(actor, consultation))
    )
    purpose = f"{consultation}:flags"
    if cursor is not None:
        since, id = cursors.unseal(purpose, cursor)
        position = tuple_(open_flags.c.since, Contribution.id)
        query = query.where(position > tuple_(datetime.fromisoformat(since), UUID(id)))
    rows = (await session.execute(query.order_by(open_flags.c.since, Contribution.id).limit(limit + 1))).all()
    items = [_flagged(row) for row in rows[:limit]]
    await _add_reports(session, items)
    last = [items[-1].since.isoformat(), str(items[-1].contribution)] if len(rows) > limit else None
    return FlaggedPage(items, cursors.seal(purpose, last) if last else None)


async def flag_of(session: AsyncSession, id: UUID) -> dict[str, Any]:
    """A flag, as the API gives it to who raised it."""
    row = (await session.execute(_OWN.where(Flag.id == id))).one()
    return _own(row)


async def raised_by(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """A person's own flags, those after the flag `after`, as JSON-able values."""
    query = _OWN.where(Flag.person_id == person).order_by(Flag.id).limit(limit)
    return [_own(row) for row in await session.execute(query.where(Flag.id > after) if after else query)]


_COLUMNS = (
    Contribution.id, Revision.id.label("revision"), Contribution.number, Contribution.status,
    Topic.slug, Contribution.kind, Revision.title, Revision.body, Revision.html, Revision.language, Revision.byline,
    Revision.author_name, Revision.organisation_name,
)  # fmt: skip
_OWN = select(
    Flag.id, Flag.contribution_id, Contribution.number, Flag.rule, Flag.note, Flag.created, Flag.outcome, Flag.closed
).join(Contribution, Contribution.id == Flag.contribution_id)


def _flagged(row: Any) -> Flagged:
    return Flagged(*row)


def _own(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id), "contribution": str(row.contribution_id), "number": row.number, "rule": row.rule,
        "note": row.note, "created": clock.iso(row.created), "outcome": row.outcome, "closed": clock.iso(row.closed),
    }  # fmt: skip


async def _add_reports(session: AsyncSession, items: Sequence[Flagged]) -> None:
    by_id = {item.contribution: item for item in items}
    query = select(Flag.contribution_id, Flag.id, Flag.rule, Flag.note, Flag.created, Flag.revision_id)
    query = query.where(Flag.contribution_id.in_(by_id), Flag.closed.is_(None)).order_by(Flag.id)
    for row in await session.execute(query):
        item = by_id[row.contribution_id]
        item.reports.append(Report(row.id, row.rule, row.note, row.created, row.revision_id != item.revision))
