"""Documents and their consultation, found and locked for who is about to change them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations.document_models import Document
from app.consultations.models import Consultation, Topic
from app.language import gettext as _


async def take_turn(session: AsyncSession, consultation: UUID) -> None:
    """From here to the end nobody else adds to this consultation or puts it in order. Raises NotFound."""
    query = select(Consultation.id).where(Consultation.id == consultation).with_for_update(key_share=True)
    if await session.scalar(query) is None:
        raise errors.NotFound(_("There is no such consultation."))


async def found(session: AsyncSession, consultation: UUID, id: UUID) -> Document:
    """The document, locked. Raises NotFound."""
    document = await session.get(Document, id, with_for_update={"key_share": True}, populate_existing=True)
    if document is None:
        raise errors.NotFound(_("There is no such document."))
    return within(document, consultation)


async def standing(session: AsyncSession, consultation: UUID, id: UUID) -> Document:
    """The same, of one that was not withdrawn. Raises Conflict for one that was."""
    document = await found(session, consultation, id)
    if document.state == "withdrawn":
        raise errors.Conflict(_("This document was withdrawn. Add it anew, if it is to be there again."))
    return document


def within(document: Document, consultation: UUID) -> Document:
    """The document, if it is one of this consultation. Raises NotFound."""
    if document.consultation_id != consultation:
        raise errors.NotFound(_("There is no such document."))
    return document


async def topic_of(session: AsyncSession, document: Document) -> str | None:
    """The slug of its topic, for an entry; None where it belongs to the whole consultation."""
    return await session.scalar(select(Topic.slug).where(Topic.id == document.topic_id))
