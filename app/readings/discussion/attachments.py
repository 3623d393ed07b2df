"""Files that go with texts: for everyone while a public text lists them, else for its author and the moderators."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors
from app.consultations.models import Consultation
from app.contributions.attachment_models import Attachment
from app.contributions.models import Author, Contribution, Revision
from app.database import Database
from app.language import gettext as _
from app.permissions import Actor, Thing, may


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent."""

    contribution: UUID
    name: str
    type: str
    hash: str
    public: bool
    content: bytes | None
    bucket_key: str | None


async def readable_file(database: Database, actor: Actor, id: UUID, base: str) -> File:
    """The file, to whoever may read the text that it goes with. Raises NotFound, Gone."""
    async with database.reading() as connection:
        found = await _public_file(connection, id)
    if found is None:
        async with database.writing() as session:
            found = await _private_file(session, actor, id, base)
    return found


async def _public_file(connection: AsyncConnection, id: UUID) -> File | None:
    """A file that a public text lists: the reader sees no other."""
    columns = (
        Attachment.contribution_id.label("contribution"),
        Attachment.name,
        Attachment.type,
        Attachment.hash,
        Attachment.content,
        Attachment.bucket_key,
    )
    query = select(*columns).join(Contribution, Contribution.id == Attachment.contribution_id)
    query = query.join(Consultation, Consultation.id == Contribution.consultation_id)  # not where it is private
    row = (await connection.execute(query.where(Attachment.id == id))).one_or_none()
    return _file(row, public=True) if row else None


async def _private_file(session: AsyncSession, actor: Actor, id: UUID, base: str) -> File:
    """A file that is not public, for its author and the moderators, on a write session.

    Raises Gone for what was public once, and NotFound, exactly as for what never existed, for anybody else.
    """
    row = (
        await session.execute(
            select(
                Attachment.name, Attachment.type, Attachment.hash, Attachment.content, Attachment.bucket_key,
                Author.person_id,
                Contribution.id.label("contribution"), Contribution.consultation_id, Contribution.topic_id,
                Contribution.number,
                Contribution.status, Contribution.since, Contribution.updated, Consultation.slug,
            )
            .join(Contribution, Contribution.id == Attachment.contribution_id)
            .join(Consultation, Consultation.id == Contribution.consultation_id)
            .outerjoin(Author, Author.id == Contribution.author_id)
            .where(Attachment.id == id)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise errors.NotFound(_("There is no such attachment."))
    thing = Thing(row.consultation_id, row.person_id, topic=row.topic_id)
    if row.hash is not None and may(actor, "contribution.read", thing):
        return _file(row, public=False)
    if not await _was_public(session, id, row):
        raise errors.NotFound(_("There is no such attachment."))
    raise errors.Gone(
        _("This attachment is no longer public."), id=str(row.contribution), number=row.number,
        url=f"{base}/c/{row.slug}/{row.number}", state=row.status,
        since=clock.iso(row.updated if row.status == "published" else row.since),
    )  # fmt: skip


async def attachments_of(session: AsyncSession, contribution: UUID, listed: list[dict[str, Any]]) -> list[Any]:
    """What a text lists, with what each file tells besides its text: for its author, who is to know."""
    rows = await session.execute(
        select(Attachment.id, Attachment.tells).where(Attachment.contribution_id == contribution)
    )
    tells = {str(row.id): list(row.tells) for row in rows}
    return [{**each, "tells": tells.get(each["id"], [])} for each in listed]


async def tell_something(session: AsyncSession, contribution: UUID) -> bool:
    """Whether a document of this text tells more than its text."""
    told = select(Attachment.id).where(Attachment.contribution_id == contribution, Attachment.tells != [])
    return (await session.scalar(told.limit(1))) is not None


async def _was_public(session: AsyncSession, id: UUID, row: Any) -> bool:
    """Without its bytes only what was public is kept; else a revision that was public says so."""
    if row.hash is None:
        return True
    lists = select(Revision.id).where(
        Revision.contribution_id == row.contribution,
        Revision.published.is_not(None),
        Revision.attachments.contains([{"id": str(id)}]),
    )
    return (await session.scalar(lists.limit(1))) is not None


def _file(row: Any, *, public: bool) -> File:
    return File(row.contribution, row.name or "", row.type, row.hash.hex(), public, row.content, row.bucket_key)
