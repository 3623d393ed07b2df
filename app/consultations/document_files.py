"""The files of a document: added, made public, taken out again. What can be taken, contributions' attachments say too.

A new file in a language that has one is its next version. Before publication it takes the earlier one's place; after
that, earlier versions stay readable at their own addresses until they are withdrawn.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.bucket import moving
from app.consultations.document_models import Document, DocumentVersion
from app.consultations.document_rows import found, standing, topic_of
from app.consultations.organising import enter, ground
from app.database import Database
from app.files.kinds import REASONS, Refused
from app.files.uploads import Upload, name_of, neutral_name
from app.language import gettext as _
from app.permissions import Actor, Thing, require

MOST = 40  # files of one document, whatever became of them


async def add_file(
    session: AsyncSession, actor: Actor, consultation: UUID, document_id: UUID, language: str, upload: Upload,
    *, bare: bool = False, id: UUID | None = None,
) -> DocumentVersion:  # fmt: skip
    """Add a file in a language; of a document that is public, everyone can read it at once.

    `bare`: without what it says about its authors, comments and tracked changes. With `id` (a form's) a second one of
    the same returns the first. Raises NotFound, Forbidden, Conflict for a document that was withdrawn, Invalid.
    """
    require(actor, "document.manage", Thing(consultation))
    document = await standing(session, consultation, document_id)
    if id is not None and (earlier := await session.get(DocumentVersion, id)):
        return _of(document, earlier)
    version = _kept(document, language, upload, bare=bare)
    version.id = id or clock.new_id()
    await _require_room(session, version, upload.name)
    if document.state == "announced":
        await _replace(session, version)
    session.add(version)
    await session.flush()
    if document.state == "published":
        await make_public(session, actor, document, [version], "document.revised")
    else:
        await enter(
            session, actor, consultation, "file.added", document.id, version=version.id, language=version.language
        )
    return version


async def take_file(
    session: AsyncSession, actor: Actor, consultation: UUID, document_id: UUID, id: UUID, reason: str
) -> None:
    """Take one file out: of what never was public nothing stays; of what was, hash and reason do, and no byte.

    Raises NotFound, Forbidden, Invalid for the reason, Conflict where a public document would have no file left.
    """
    require(actor, "document.manage", Thing(consultation))
    document = await found(session, consultation, document_id)
    version = _of(document, await session.get(DocumentVersion, id))
    if version.published is None:
        await session.delete(version)
        await enter(session, actor, consultation, "file.removed", document.id, version=id, language=version.language)
        return
    why = ground(reason)
    if version.withdrawn is not None:
        return
    if len(await standing_files(session, document.id)) == 1:
        raise errors.Conflict(_("This is the only file that it has left: withdraw the whole document."))
    _destroy(version)
    version.reason, version.salt, version.reason_hash = why.reason, why.salt, why.hash
    version.seq = await enter(
        session, actor, consultation, "document.withdrawn", document.id, version=id, language=version.language,
        hash=why.hash, topic=await topic_of(session, document),
    )  # fmt: skip
    await session.flush()


async def standing_files(session: AsyncSession, document: UUID) -> Sequence[DocumentVersion]:
    """The files that were not withdrawn, earlier versions too, in the order in which they were added."""
    query = select(DocumentVersion).where(DocumentVersion.document_id == document, DocumentVersion.withdrawn.is_(None))
    return (await session.scalars(query.order_by(DocumentVersion.added, DocumentVersion.id))).all()


async def make_public(
    session: AsyncSession, actor: Actor, document: Document, versions: Sequence[DocumentVersion], kind: str
) -> None:
    """Let everyone read these files, each with an entry that holds its hash."""
    topic = await topic_of(session, document)
    for version in versions:
        version.published = clock.now()
    await session.flush()
    for version in versions:
        version.published_seq = await enter(
            session, actor, document.consultation_id, kind, document.id, version=version.id,
            language=version.language, hash=version.hash, topic=topic,
        )  # fmt: skip
    await session.flush()


async def move_out(database: Database) -> bool:
    """Bring some files into the bucket, if one is set; see `bucket/moving.py`."""
    return await moving.move_out(database, DocumentVersion)


async def destroy_all(session: AsyncSession, document: Document) -> None:
    """Destroy the files of a document that is withdrawn; of those that never were public nothing stays."""
    for version in await standing_files(session, document.id):
        if version.published is None:
            await session.delete(version)
        else:
            _destroy(version)
    await session.flush()


def _of(document: Document, version: DocumentVersion | None) -> DocumentVersion:
    """The file, if it is one of this document. Raises NotFound."""
    if version is None or version.document_id != document.id:
        raise errors.NotFound(_("There is no such file."))
    return version


def _destroy(version: DocumentVersion) -> None:
    version.content = version.bucket_key = None
    version.name, version.tells = neutral_name(version.type), []
    version.withdrawn = clock.now()


def _kept(document: Document, language: str, upload: Upload, *, bare: bool) -> DocumentVersion:
    """A row for a file. Raises Invalid with the reason."""
    try:
        tag = text.language_tag(language)
    except ValueError as fault:
        raise errors.Invalid({"language": _("The language %(fault)s.", fault=fault)}) from None
    try:
        clean = upload.cleaned(withheld=bare)
        name = name_of(upload.name, clean.type)
    except Refused as refused:
        why = _(REASONS[refused.reason])
        raise errors.Invalid({"files": _("“%(name)s”: %(why)s", name=upload.name[:100], why=why)}) from None
    return DocumentVersion(
        document_id=document.id, language=tag, number=1, name=name, type=clean.type, size=len(clean.content),
        hash=hashlib.sha256(clean.content).digest(), content=clean.content, tells=list(clean.tells),
        added=clock.now(),
    )  # fmt: skip


async def _require_room(session: AsyncSession, version: DocumentVersion, name: str) -> None:
    """Give the file its number in its language. Raises Invalid where it is there already, or there are too many."""
    its = DocumentVersion.document_id == version.document_id
    if await session.scalar(select(func.count()).where(its)) >= MOST:  # type: ignore[operator]
        raise errors.Invalid({"files": _("A document can have %(most)s files; no more can be added.", most=MOST)})
    same = (its, DocumentVersion.language == version.language)
    latest = select(DocumentVersion.hash).where(*same, DocumentVersion.withdrawn.is_(None))
    if await session.scalar(latest.order_by(DocumentVersion.number.desc()).limit(1)) == version.hash:
        raise errors.Invalid({"files": _("“%(name)s” is attached already.", name=name[:100])})
    version.number = (await session.scalar(select(func.max(DocumentVersion.number)).where(*same)) or 0) + 1


async def _replace(session: AsyncSession, version: DocumentVersion) -> None:
    """Nobody has read the earlier file in this language: it goes."""
    for earlier in await standing_files(session, version.document_id):
        if earlier.language == version.language:
            await session.delete(earlier)
    await session.flush()
    version.number = 1
