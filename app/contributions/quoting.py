"""Public texts as others rest on them: exactly one revision of each, and only while the public may read it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.contributions.models import Contribution, Revision
from app.language import gettext as _

_NUMBERS = 2**15  # what fits in the column


@dataclass(frozen=True, slots=True)
class Quotable:
    """One public revision of a contribution."""

    contribution: UUID
    topic: UUID
    revision: int
    body: str


@dataclass(frozen=True, slots=True)
class PublicText:
    """One public revision, as it leaves the platform: without a word on who wrote it."""

    id: UUID  # of the revision
    contribution: UUID
    number: int
    revision: int
    current: bool  # the newest that is public
    note: bool  # a facilitator's
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a contribution is public now, and its public revisions."""

    number: int
    public: bool
    current: int | None  # the newest revision
    revisions: frozenset[int]  # that anyone may read


async def quotable(
    session: AsyncSession, consultation: UUID, id: UUID, revision: int | None = None, *, held: bool = False
) -> Quotable:  # fmt: skip
    """A public revision of a contribution to this consultation, the newest where none is named; with `held` it stays
    so until the transaction ends.

    Raises NotFound where there is none that anyone may read: of another consultation, not public, or erased.
    """
    nothing = errors.NotFound(_("There is no such public text in this consultation."))
    if revision is not None and not 0 < revision < _NUMBERS:
        raise nothing
    query = (
        select(Contribution.topic_id, Revision.number, Revision.body)
        .join(Revision, Revision.contribution_id == Contribution.id)
        .where(
            Contribution.id == id, Contribution.consultation_id == consultation, Contribution.status == "published",
            Revision.visible, Revision.number == revision if revision is not None else Revision.state == "public",
        )
    )  # fmt: skip
    row = (await session.execute(query.with_for_update(read=True, of=Contribution) if held else query)).one_or_none()
    if row is None:
        raise nothing
    return Quotable(id, row.topic_id, row.number, row.body or "")


async def by_number(
    session: AsyncSession, consultation: UUID, numbers: Collection[int], *, held: bool = False
) -> dict[int, list[Quotable]]:  # fmt: skip
    """The public revisions of those of these contributions that are public, by number, the present one last; with
    `held` they stay so until the transaction ends."""
    its = select(Contribution.id).where(
        Contribution.consultation_id == consultation, Contribution.number.in_(numbers),
        Contribution.status == "published",
    )  # fmt: skip
    ids = list(await session.scalars(its.order_by(Contribution.id).with_for_update(read=True) if held else its))
    query = (
        select(Contribution.number, Contribution.id, Contribution.topic_id, Revision.number, Revision.body)
        .join(Revision, Revision.contribution_id == Contribution.id)
        .where(Contribution.id.in_(ids), Revision.visible)
        .order_by(Revision.state == "public", Revision.number)
    )
    found: dict[int, list[Quotable]] = {}
    for named, id, topic, revision, body in await session.execute(query):
        if named is not None:
            found.setdefault(named, []).append(Quotable(id, topic, revision, body or ""))
    return found


async def public_texts(session: AsyncSession, consultation: UUID) -> list[PublicText]:
    """Every public revision of what is public in a consultation, by number and revision."""
    columns = (
        Revision.id, Revision.contribution_id, Contribution.number, Revision.number.label("revision"), Revision.state,
        Contribution.kind, Revision.title, Revision.body,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Contribution, Contribution.id == Revision.contribution_id)
        .where(Contribution.consultation_id == consultation, Contribution.status == "published", Revision.visible)
        .order_by(Contribution.number, Revision.number)
    )
    return [
        PublicText(
            row.id, row.contribution_id, row.number, row.revision, row.state == "public", row.kind == "note",
            row.title or "", row.body or "",
        )
        for row in await session.execute(query)
    ]  # fmt: skip


async def standings(
    session: AsyncSession, ids: Collection[UUID], *, held: bool = False
) -> dict[UUID, Standing]:  # fmt: skip
    """How these contributions stand, each once public; with `held` they stay so until the transaction ends."""
    its = select(Contribution.id, Contribution.number, Contribution.status).where(Contribution.id.in_(ids))
    its = its.order_by(Contribution.id)
    rows = (await session.execute(its.with_for_update(read=True) if held else its)).all()
    visible = select(Revision.contribution_id, Revision.number, Revision.state)
    found = (await session.execute(visible.where(Revision.contribution_id.in_(ids), Revision.visible))).all()
    return {
        row.id: Standing(
            row.number, row.status == "published",
            next((each.number for each in found if each.contribution_id == row.id and each.state == "public"), None),
            frozenset(each.number for each in found if each.contribution_id == row.id),
        )
        for row in rows
    }  # fmt: skip


async def destroyed(session: AsyncSession, ids: Collection[UUID]) -> list[tuple[UUID, int]]:
    """The revisions of these contributions of which nothing is left, by contribution and number."""
    query = select(Revision.contribution_id, Revision.number)
    rows = await session.execute(query.where(Revision.contribution_id.in_(ids), Revision.state == "erased"))
    return [(row.contribution_id, row.number) for row in rows]


async def published_among(session: AsyncSession, consultation: UUID, ids: Collection[UUID]) -> dict[UUID, int]:
    """Those of these that are public in this consultation, and no facilitators' notes, with their numbers."""
    query = select(Contribution.id, Contribution.number).where(
        Contribution.id.in_(ids), Contribution.consultation_id == consultation, Contribution.status == "published",
        Contribution.kind != "note",
    )  # fmt: skip
    return {row.id: row.number for row in await session.execute(query)}


async def all_published(session: AsyncSession, consultation: UUID) -> set[UUID]:
    """All that are public in a consultation, but for facilitators' notes."""
    query = select(Contribution.id).where(
        Contribution.consultation_id == consultation, Contribution.status == "published", Contribution.kind != "note"
    )
    return set(await session.scalars(query))
