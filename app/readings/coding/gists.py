"""Gists as rapporteurs see them: only of texts that are public when somebody reads. Needs a write session."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import Person
from app.contributions.models import Contribution, Revision
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.synthesis.coders import label
from app.synthesis.coding_models import Coder, Gist


@dataclass(frozen=True, slots=True)
class GistView:
    """What a text says, in one line; who worded it last, and whether the text says something else since."""

    contribution: UUID
    number: int
    body: str
    revision: int  # that it was written for
    revised: bool  # a newer one is public
    label: str  # of who worded it: A, B …
    who: str | None  # None: somebody who left
    mine: bool
    written: datetime

    def json(self) -> dict[str, Any]:
        """As the API gives it: nobody is named."""
        return {
            "contribution": str(self.contribution), "number": self.number, "gist": self.body,
            "revision": self.revision, "state": "revised" if self.revised else "current",
            "coder": "you" if self.mine else self.label, "written": clock.iso(self.written),
        }  # fmt: skip


async def on_texts(session: AsyncSession, actor: Actor, contributions: Collection[UUID]) -> dict[UUID, GistView]:
    """The gists of those of these texts that have one. For what was asked in a way that required the permission."""
    rows = await session.execute(_SELECT.where(Gist.contribution_id.in_(contributions)))
    return {row.contribution_id: _view(row, actor) for row in rows}


async def of_consultation(session: AsyncSession, actor: Actor, consultation: UUID) -> list[GistView]:
    """All gists of a consultation, by number. Raises Unauthenticated, Forbidden."""
    require(actor, "outcome.read", Thing(consultation))
    rows = await session.execute(_SELECT.where(Gist.consultation_id == consultation).order_by(Contribution.number))
    return [_view(row, actor) for row in rows]


async def page(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int, cursor: str | None
) -> tuple[list[GistView], str | None]:
    """Gists for the API, by number, and the cursor of the next page. Raises Unauthenticated, Forbidden, Malformed."""
    require(actor, "outcome.read", Thing(consultation))
    purpose = f"{consultation}:gists"
    query = _SELECT.where(Gist.consultation_id == consultation)
    if cursor is not None:
        query = query.where(Contribution.number > int(cursors.unseal(purpose, cursor)[0]))
    rows = (await session.execute(query.order_by(Contribution.number).limit(limit + 1))).all()
    views = [_view(row, actor) for row in rows[:limit]]
    return views, cursors.seal(purpose, [str(views[-1].number)]) if len(rows) > limit else None


_SELECT: Select[*tuple[Any, ...]] = (
    select(
        Gist.contribution_id, Gist.body, Gist.revision, Gist.written, Contribution.number, Revision.number.label("now"),
        Coder.number.label("coder"), Coder.person_id, Coder.name.label("named"), Person.name.label("person"),
    )
    .join(Contribution, Contribution.id == Gist.contribution_id)
    .join(Revision, (Revision.contribution_id == Gist.contribution_id) & (Revision.state == "public"))
    .join(Coder, Coder.id == Gist.coder_id)
    .outerjoin(Person, Person.id == Coder.person_id)
    .where(Contribution.status == "published")
)  # fmt: skip


def _view(row: Any, actor: Actor) -> GistView:
    return GistView(
        contribution=row.contribution_id, number=row.number, body=row.body, revision=row.revision,
        revised=row.revision < row.now, label=label(row.coder), who=row.named or row.person,
        mine=row.person_id is not None and row.person_id == actor.person, written=row.written,
    )  # fmt: skip
