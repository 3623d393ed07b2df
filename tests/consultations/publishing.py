"""Documents and notices as tests need them: all sample data."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.consultations import document_files as files
from app.consultations import documents, notices
from app.consultations.document_models import Document, DocumentVersion
from app.consultations.documents import Details
from app.consultations.notice_models import Notice
from app.consultations.notices import Wording
from app.database import Database
from app.files.apart import upload
from app.files.kinds import Cleaned
from app.files.uploads import Upload
from app.permissions import Actor
from app.record.models import Entry
from tests.making import Made

PAPER = Details("working-paper", {"en": "Sample paper", "fr": "Document d’exemple"}, author="Sample institute")
NEWS = Wording("The date moved", "It is now on *13 September*.", "en")


def of_text(name: str, words: bytes, *tells: str) -> Upload:
    """A file as it is after cleaning, made without a process of its own."""
    return Upload(name, Cleaned("application/pdf", words, tells), Cleaned("application/pdf", words + b" bare"))


async def announced(database: Database, made: Made, details: Details = PAPER, actor: Actor | None = None) -> Document:
    """A document of which the title is public."""
    async with database.writing() as session:
        return await documents.announce(session, actor or made.organiser, made.id, details)


async def published(database: Database, made: Made, content: bytes, *, name: str = "paper.pdf") -> Document:
    """A document with one English file, cleaned in earnest, that everyone can read."""
    document = await announced(database, made)
    file = await upload(name, content)
    async with database.writing() as session:
        await files.add_file(session, made.organiser, made.id, document.id, "en", file)
        return await documents.publish(session, made.organiser, made.id, document.id)


async def filed(database: Database, made: Made, document: UUID, file: Upload, **more: Any) -> DocumentVersion:
    """Another file of a document, in English unless `more` says otherwise."""
    given: dict[str, Any] = {"language": "en", "actor": made.organiser} | more
    async with database.writing() as session:
        return await files.add_file(
            session, given.pop("actor"), made.id, document, given.pop("language"), file, **given
        )  # fmt: skip


async def posted(
    database: Database, made: Made, given: Wording = NEWS, kind: str = "notice", actor: Actor | None = None
) -> Notice:
    """A notice that everyone can read."""
    async with database.writing() as session:
        return await notices.post(session, actor or made.organiser, made.id, kind, given)


async def entries(database: Database, made: Made, *beginnings: str) -> Sequence[Any]:
    """The public entries whose kinds begin so, in their order."""
    async with database.reading() as connection:
        rows = (await connection.execute(select(Entry).where(Entry.record_id == made.id).order_by(Entry.seq))).all()
    return [row for row in rows if row.kind.startswith(beginnings)]
