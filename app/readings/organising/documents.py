"""Documents as anyone may read them: what is announced, what is public in which language, what was withdrawn."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import clock, errors
from app.consultations.document_models import Document, DocumentVersion
from app.consultations.models import Consultation
from app.language import gettext as _
from app.language import reader
from app.permissions import Actor, Thing, require
from app.readings.consultation_views import ConsultationView
from app.readings.organising.grounds import TakenBack


@dataclass(frozen=True, slots=True)
class VersionView:
    """One file of a document. `published` is None before it is public, `tells` empty for all but the organisers."""

    id: UUID
    language: str
    number: int
    name: str
    type: str
    size: int
    hash: str
    published: datetime | None
    seq: int | None
    withdrawn: TakenBack | None
    tells: Sequence[str] = ()
    current: bool = False  # the newest that stands in its language

    @property
    def path(self) -> str:
        """Where its bytes are."""
        return f"/documents/{self.id}"

    def json(self, base: str) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "language": self.language, "version": self.number, "current": self.current,
            "url": f"{base}{self.path}", "name": self.name, "media_type": self.type, "size": self.size,
            "sha256": self.hash, "seq": self.seq, "published": clock.iso(self.published),
            "withdrawn": self.withdrawn.json() if self.withdrawn else None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document; `title` is the reader's, in `title_language`."""

    id: UUID
    kind: str
    title: str
    title_language: str
    titles: Mapping[str, str]
    author: str | None
    topic: str | None  # its slug
    meeting: UUID | None
    state: str
    since: datetime
    expected: date | None
    withdrawn: TakenBack | None
    versions: Sequence[VersionView] = ()

    @property
    def current(self) -> list[VersionView]:
        """Its newest file in each language."""
        return [each for each in self.versions if each.current]

    @property
    def earlier(self) -> list[VersionView]:
        """Files that are not the newest, or were withdrawn."""
        return [each for each in self.versions if not each.current]

    def json(self, base: str, slug: str) -> dict[str, Any]:
        """As the API gives it."""
        return {
            "id": str(self.id), "url": f"{base}/c/{slug}/documents/{self.id}", "consultation": slug,
            "topic": self.topic, "meeting": str(self.meeting) if self.meeting else None, "kind": self.kind,
            "title": self.title, "titles": dict(self.titles),
            "author": self.author, "state": self.state, "since": clock.iso(self.since),
            "expected": self.expected.isoformat() if self.expected else None,
            "withdrawn": self.withdrawn.json() if self.withdrawn else None,
            "versions": [each.json(base) for each in self.versions],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServedFile:
    """A file as it is sent."""

    name: str
    type: str
    hash: str
    content: bytes | None
    bucket_key: str | None


_PUBLIC = (
    DocumentVersion.id, DocumentVersion.document_id, DocumentVersion.language, DocumentVersion.number,
    DocumentVersion.name, DocumentVersion.type, DocumentVersion.size, DocumentVersion.hash, DocumentVersion.published,
    DocumentVersion.published_seq, DocumentVersion.withdrawn, DocumentVersion.reason, DocumentVersion.salt,
    DocumentVersion.reason_hash, DocumentVersion.seq,
)  # fmt: skip


async def documents(
    connection: AsyncConnection, consultation: ConsultationView, topic: UUID | None = None
) -> list[DocumentView]:
    """The documents of a consultation, or of one of its topics, in the organisers' order. Two queries."""
    where = [Document.consultation_id == consultation.id, *([Document.topic_id == topic] if topic else ())]
    return await _read(connection, consultation, where, [*_PUBLIC], DocumentVersion.published.is_not(None))


async def titles(
    connection: AsyncConnection, consultation: ConsultationView, topic: UUID | None = None
) -> list[DocumentView]:
    """The same without their files, in one query."""
    where = [Document.consultation_id == consultation.id, *([Document.topic_id == topic] if topic else ())]
    return await _read(connection, consultation, where, ())


async def of_meeting(connection: AsyncConnection, consultation: ConsultationView, meeting: UUID) -> list[DocumentView]:
    """The documents of a meeting to come, without their files, in one query."""
    where = [Document.consultation_id == consultation.id, Document.meeting_id == meeting]
    return await _read(connection, consultation, where, ())


async def document(connection: AsyncConnection, consultation: ConsultationView, id: UUID) -> DocumentView:
    """One document. Raises NotFound."""
    where = [Document.consultation_id == consultation.id, Document.id == id]
    return _only(await _read(connection, consultation, where, [*_PUBLIC], DocumentVersion.published.is_not(None)))


async def for_organisers(
    session: AsyncSession, actor: Actor, consultation: ConsultationView, id: UUID | None = None
) -> list[DocumentView]:
    """All documents or the one, with files that are not public and what each tells. Raises NotFound, Forbidden."""
    require(actor, "document.manage", Thing(consultation.id))
    where = [Document.consultation_id == consultation.id, *([Document.id == id] if id else ())]
    found = await _read(await session.connection(), consultation, where, [*_PUBLIC, DocumentVersion.tells])
    return [_only(found)] if id else found


async def served(connection: AsyncConnection, id: UUID) -> ServedFile:
    """A public file. Raises NotFound, and Gone for what was withdrawn."""
    columns = (
        DocumentVersion.name, DocumentVersion.type, DocumentVersion.hash, DocumentVersion.content,
        DocumentVersion.bucket_key, DocumentVersion.withdrawn,
    )  # fmt: skip
    query = select(*columns).join(Document, Document.id == DocumentVersion.document_id)
    query = query.join(Consultation, Consultation.id == Document.consultation_id)  # not where it is private
    row = (await connection.execute(query.where(DocumentVersion.id == id))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such document."))
    if row.withdrawn is not None:
        raise errors.Gone(_("This file was withdrawn by the organisers. The page of documents says why."))
    return ServedFile(row.name, row.type, row.hash.hex(), row.content, row.bucket_key)


async def _read(
    connection: AsyncConnection, consultation: ConsultationView, where: Sequence[Any], columns: Sequence[Any],
    *which: Any,
) -> list[DocumentView]:  # fmt: skip
    rows = (await connection.execute(select(Document.__table__).where(*where).order_by(*_ORDER))).all()
    files: dict[UUID, list[Any]] = defaultdict(list)
    if rows and columns:
        query = select(*columns).where(DocumentVersion.document_id.in_([row.id for row in rows]), *which)
        for row in await connection.execute(query.order_by(DocumentVersion.number.desc())):
            files[row.document_id].append(row)
    return [_view(row, files[row.id], consultation) for row in rows]


_ORDER = (Document.position, Document.id)


def _view(row: Any, files: Sequence[Any], consultation: ConsultationView) -> DocumentView:
    tag = _tag(row.titles, consultation)
    order = [*consultation.languages, *sorted({file.language for file in files} - {*consultation.languages})]
    newest: dict[str, UUID] = {}
    for file in files:  # the highest number first
        if file.withdrawn is None:
            newest.setdefault(file.language, file.id)
    versions = [_version(file, current=newest.get(file.language) == file.id) for file in files]
    return DocumentView(
        id=row.id, kind=row.kind, title=row.titles[tag], title_language=tag, titles=row.titles, author=row.author,
        topic=next((topic.slug for topic in consultation.topics if topic.id == row.topic_id), None),
        meeting=row.meeting_id, state=row.state, since=row.since, expected=row.expected,
        withdrawn=TakenBack(row.since, row.reason, row.seq, row.salt, row.hash) if row.state == "withdrawn" else None,
        versions=sorted(versions, key=lambda each: (order.index(each.language), -each.number)),
    )  # fmt: skip


def _version(row: Any, *, current: bool) -> VersionView:
    taken = TakenBack(row.withdrawn, row.reason, row.seq, row.salt, row.reason_hash) if row.withdrawn else None
    return VersionView(
        id=row.id, language=row.language, number=row.number, name=row.name, type=row.type, size=row.size,
        hash=row.hash.hex(), published=row.published, seq=row.published_seq, withdrawn=taken,
        tells=tuple(getattr(row, "tells", ())), current=current,
    )  # fmt: skip


def _tag(titles: Mapping[str, str], consultation: ConsultationView) -> str:
    """The language of the title to show: the reader's, else the consultation's first that it has, else any."""
    return next((tag for tag in (reader.get() or "", *consultation.languages) if tag in titles), next(iter(titles)))


def _only(found: list[DocumentView]) -> DocumentView:
    if not found:
        raise errors.NotFound(_("There is no such document."))
    return found[0]
