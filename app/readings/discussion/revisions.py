"""The public history of a contribution, and what changed from one revision to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.consultations.models import Consultation
from app.contributions.models import Contribution, Publication, Revision
from app.readings.discussion import contributions
from app.readings.discussion.differences import difference

PAGE = 20


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One public revision and, from the second on, its differences to the one before."""

    id: UUID
    number: int
    state: str
    title: str | None
    body: str
    html: str
    language: str
    byline: str
    published: datetime
    seq: int
    salt: str
    hash: str
    title_changes: Sequence[tuple[str, str]] = ()
    body_changes: Sequence[tuple[str, str]] = ()

    def json(self) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "revision": self.number, "state": self.state, "title": self.title, "body": self.body,
            "html": self.html, "language": self.language, "byline": self.byline, "published": clock.iso(self.published),
            "commitment": {"seq": self.seq, "salt": self.salt, "hash": self.hash},
        }  # fmt: skip


async def history(
    connection: AsyncConnection, id: UUID, base: str, after: int = 0, limit: int = 1_000
) -> list[RevisionView]:
    """The revisions that are public now, oldest first, after revision `after`. Raises NotFound, Gone, as `by_id` does.

    A revision that never was public, or that its author erased, is not among them.
    """
    return await _visible(connection, id, base, _SELECT.where(Revision.number > after).order_by(Revision.number), limit)


async def newest(
    connection: AsyncConnection, id: UUID, base: str, before: int | None = None
) -> tuple[list[RevisionView], int | None]:
    """Twenty public revisions with their differences, newest first; from the second value on there are earlier ones.

    Raises NotFound, Gone, as `by_id` does.
    """
    query = _SELECT.order_by(Revision.number.desc())
    query = query if before is None else query.where(Revision.number < before)
    found = await _visible(connection, id, base, query, PAGE + 1)
    shown = with_differences(found[::-1])[::-1][:PAGE]
    return shown, shown[-1].number if len(found) > PAGE else None


def with_differences(revisions: Sequence[RevisionView]) -> list[RevisionView]:
    """Each revision with what it changed in the one before it."""
    seen: list[RevisionView] = []
    for revision in revisions:
        if seen:
            before = seen[-1]
            revision = replace(
                revision,
                title_changes=difference(before.title or "", revision.title or ""),
                body_changes=difference(before.body, revision.body),
            )
        seen.append(revision)
    return seen


async def _visible(connection: AsyncConnection, id: UUID, base: str, query: Any, limit: int) -> list[RevisionView]:
    public = select(Publication.number).join(Consultation, Consultation.id == Publication.consultation_id)
    if await connection.scalar(public.where(Publication.contribution_id == id)) is None:
        raise await contributions.absence(connection, Contribution.id == id, base)
    rows = await connection.execute(query.where(Revision.contribution_id == id, Revision.visible).limit(limit))
    return [_view(row) for row in rows]


_SELECT = select(
    Revision.id, Revision.number, Revision.state, Revision.title, Revision.body, Revision.html, Revision.language,
    Revision.byline, Revision.published, Revision.seq, Revision.salt, Revision.hash,
)  # fmt: skip


def _view(row: Any) -> RevisionView:
    return RevisionView(
        id=row.id, number=row.number, state=row.state, title=row.title, body=row.body, html=row.html,
        language=row.language, byline=row.byline, published=row.published, seq=row.seq, salt=row.salt.hex(),
        hash=row.hash.hex(),
    )  # fmt: skip
