"""What organisers do with documents: announce, describe, put in order, publish, withdraw.

Its files come and go in `document_files.py`. What is announced is public by its title; who did what is never public.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, text
from app.consultations import document_files as files
from app.consultations.document_models import Document
from app.consultations.document_rows import found, standing, take_turn, topic_of, within
from app.consultations.models import Topic
from app.consultations.organising import FIRST_YEAR, LAST_YEAR, enter, ground
from app.language import gettext as _
from app.permissions import Actor, Thing, require

KINDS = ("concept-note", "programme", "working-paper", "report", "other")
TITLE_LIMIT = 200
MOST = 100  # documents of a consultation


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a document: its title in at least one language, who made it, which topic it belongs to."""

    kind: str
    titles: Mapping[str, str] = field(default_factory=dict)  # by language tag
    author: str = ""
    topic: str = ""  # its slug; nothing: the whole consultation
    expected: date | None = None  # when it is to be published, while it is not
    meeting: UUID | None = (
        None  # one to come, of this consultation: meetings lie above, so who calls has found it there
    )


async def announce(
    session: AsyncSession, actor: Actor, consultation: UUID, details: Details, id: UUID | None = None
) -> Document:  # fmt: skip
    """List a document by its title, to be published. With `id` (a form's) a second one of the same returns the first.

    Raises Unauthenticated, Forbidden, Invalid with a sentence for each field, Conflict where there are too many.
    """
    require(actor, "document.manage", Thing(consultation))
    await take_turn(session, consultation)
    if id is not None and (earlier := await session.get(Document, id)):
        return within(earlier, consultation)
    columns = await _checked(session, consultation, details)
    counted = select(func.count(), func.max(Document.position)).where(Document.consultation_id == consultation)
    count, last = (await session.execute(counted)).one()
    if count >= MOST:
        raise errors.Conflict(_("A consultation can have %(most)s documents; no more can be added.", most=MOST))
    document = Document(
        id=id or clock.new_id(), consultation_id=consultation, state="announced", position=(last or 0) + 1,
        since=clock.now(), **columns,
    )  # fmt: skip
    session.add(document)
    await session.flush()
    await enter(session, actor, consultation, "document.announced", document.id, topic=details.topic or None)
    return document


async def describe(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, details: Details) -> Document:
    """Say of a document what is said of it now, also of one that was withdrawn. Raises as `announce`, and NotFound."""
    require(actor, "document.manage", Thing(consultation))
    document = await found(session, consultation, id)
    columns = await _checked(session, consultation, details)
    if document.state != "announced":
        columns["expected"] = None
    changed = sorted(name.removesuffix("_id") for name, value in columns.items() if getattr(document, name) != value)
    if not changed:
        return document
    for name, value in columns.items():
        setattr(document, name, value)
    await session.flush()
    topic = details.topic or None
    await enter(session, actor, consultation, "document.updated", id, changed=changed, topic=topic)
    return document


async def move(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, *, by: int) -> Document:
    """Put a document one place up (-1) or down (1) in the list. At its end it stays. Raises NotFound, Forbidden."""
    require(actor, "document.manage", Thing(consultation))
    await take_turn(session, consultation)
    query = select(Document).where(Document.consultation_id == consultation)
    listed = list(await session.scalars(query.order_by(Document.position, Document.id)))
    at = next((place for place, row in enumerate(listed) if row.id == id), None)
    if at is None:
        raise errors.NotFound(_("There is no such document."))
    document = listed.pop(at)
    to = max(0, min(at + by, len(listed)))
    listed.insert(to, document)
    if to == at:
        return document
    for position, row in enumerate(listed, 1):
        row.position = position
    await session.flush()
    await enter(session, actor, consultation, "document.updated", id, changed=["position"])
    return document


async def publish(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Document:
    """Let everyone read the files of a document that was announced. Done twice, it is done once.

    Raises Conflict where it has no file yet or was withdrawn, NotFound, Forbidden.
    """
    require(actor, "document.manage", Thing(consultation))
    document = await standing(session, consultation, id)
    if document.state == "published":
        return document
    versions = await files.standing_files(session, id)
    if not versions:
        raise errors.Conflict(_("This document has no file yet: add one, then publish it."))
    document.state, document.since, document.expected = "published", clock.now(), None
    await files.make_public(session, actor, document, versions, "document.published")
    return document


async def withdraw(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, reason: str) -> Document:
    """Take a document out of the public for good: its files are destroyed; title, hashes and the reason stay.

    Done twice, it is done once. Raises Invalid for the reason, NotFound, Forbidden.
    """
    require(actor, "document.manage", Thing(consultation))
    document, why = await found(session, consultation, id), ground(reason)
    if document.state == "withdrawn":
        return document
    await files.destroy_all(session, document)
    topic = await topic_of(session, document)
    document.state, document.since, document.expected = "withdrawn", clock.now(), None
    document.reason, document.salt, document.hash = why.reason, why.salt, why.hash
    await session.flush()
    document.seq = await enter(session, actor, consultation, "document.withdrawn", id, hash=why.hash, topic=topic)
    await session.flush()
    return document


async def _checked(session: AsyncSession, consultation: UUID, given: Details) -> dict[str, Any]:
    """The columns. Raises Invalid."""
    faults: dict[str, str] = {}
    if given.kind not in KINDS:
        faults["kind"] = _("Please choose what kind of document it is.")
    titles = _titles(given.titles, faults)
    author = _line(given.author, "author", faults)
    if given.expected is not None and not FIRST_YEAR <= given.expected.year <= LAST_YEAR:
        faults["expected"] = _("Please choose a date before the year %(value)s.", value=LAST_YEAR + 1)
    topic = None
    if given.topic:
        query = select(Topic.id).where(Topic.consultation_id == consultation, Topic.slug == text.storable(given.topic))
        topic = await session.scalar(query)
        if topic is None:
            faults["topic"] = _("There is no such topic in this consultation.")
    if faults:
        raise errors.Invalid(faults)
    return {
        "kind": given.kind, "titles": titles, "author": author or None, "topic_id": topic, "expected": given.expected,
        "meeting_id": given.meeting,
    }  # fmt: skip


def _titles(given: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    try:
        tags = {text.language_tag(tag): tag for tag in given}
    except ValueError as fault:
        raise errors.Invalid({"titles": _("The language %(fault)s.", fault=fault)}) from None
    titles = {tag: _line(given[sent], f"title_{sent}", faults) for tag, sent in tags.items()}
    kept = {tag: title for tag, title in titles.items() if title}
    if not kept and not any(name.startswith("title_") for name in faults):
        faults[f"title_{next(iter(given), '')}"] = _("Please give it a title in at least one language.")
    return kept


def _line(given: str, name: str, faults: dict[str, str]) -> str:
    try:
        clean = text.line(given)
    except ValueError as fault:
        faults[name] = _("This %(fault)s.", fault=fault)
        return ""
    if len(clean) > TITLE_LIMIT:
        faults[name] = _("This has %(count)s characters; at most %(most)s fit.", count=len(clean), most=TITLE_LIMIT)
    return clean
