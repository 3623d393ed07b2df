"""What waits for moderators, oldest first. What a byline withholds is withheld here too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations.models import Consultation
from app.permissions import Actor, Thing, require
from app.readings import cursors
from app.readings.moderation.queue_query import REASONS, Asked, choices_of, counts_of, queue_of, signs_of, these_of

EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class InHand:
    """Who has an item in hand, and until when."""

    person: UUID
    name: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """One contribution of which something waits: why, since when, and the text that is to be judged."""

    contribution: UUID
    revision: UUID  # what is to be judged: what waits or else what is public
    revision_number: int
    state: str  # of that revision
    number: int | None  # set where it is or was public
    status: str
    topic: str
    kind: str
    title: str | None
    body: str
    html: str
    language: str
    questions: Sequence[str]
    places: Sequence[dict[str, Any]]
    attachments: Sequence[dict[str, Any]]
    byline: str
    author: UUID | None  # its id in this consultation; None: withheld
    author_name: str | None
    organisation_name: str | None
    mandate: str | None
    since: datetime | None  # None: nothing of it waits
    reasons: Sequence[str]  # new, edit, flag, appeal, screened
    flags: int
    signs: Sequence[dict[str, Any]]  # what automatic checks noticed, see contributions/screening
    due: datetime | None  # by the consultation's promise
    in_hand: InHand | None
    parent_number: int | None
    parent_body: str | None  # what it replies to, where that is public
    root_number: int | None
    provenance: Mapping[str, Any] | None  # where it was said, if that was elsewhere
    public_revision: UUID | None
    public_title: str | None
    public_body: str | None

    @property
    def waits(self) -> bool:
        """Whether a text or an edit waits, which can be approved."""
        return self.state == "waiting"

    @property
    def is_edit(self) -> bool:
        """Whether what waits would replace what is public."""
        return self.waits and self.public_body is not None

    @property
    def overdue(self) -> bool:
        """Whether it waits for longer than the consultation promised."""
        return self.due is not None and self.due < clock.now()

    def json(self, viewer: UUID | None = None) -> dict[str, Any]:
        """As the API gives it."""
        author = {"name": self.author_name} if self.author_name else None
        organisation = {"name": self.organisation_name} if self.organisation_name else None
        claim = self.in_hand and {
            "name": self.in_hand.name, "until": clock.iso(self.in_hand.until), "mine": self.in_hand.person == viewer,
        }  # fmt: skip
        return {
            "contribution": str(self.contribution), "revision": str(self.revision), "number": self.number,
            "topic": self.topic, "kind": self.kind, "title": self.title, "body": self.body, "html": self.html,
            "language": self.language, "questions": list(self.questions), "places": list(self.places),
            "attachments": list(self.attachments),
            "byline": self.byline, "author": author, "organisation": organisation, "since": clock.iso(self.since),
            "parent": self.parent_number, "status": self.status, "reasons": list(self.reasons), "flags": self.flags,
            "signs": list(self.signs), "due": clock.iso(self.due), "overdue": self.overdue, "claim": claim,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue and the cursor of the next."""

    items: Sequence[Waiting]
    next: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits."""

    total: int
    overdue: int
    by_reason: Mapping[str, int]


async def queue(
    session: AsyncSession, actor: Actor, consultation: UUID, limit: int = 50, cursor: str | None = None,
    asked: Asked = EVERYTHING,
) -> Queue:  # fmt: skip
    """One page of what waits, oldest first. Raises Unauthenticated, Forbidden, Malformed."""
    require(actor, "queue.read", Thing(consultation))
    promise = await promise_of(session, consultation)
    query = queue_of(consultation, _limited(asked, actor, consultation), promise)
    since, id = query.selected_columns.since, query.selected_columns.id
    if cursor is not None:
        after, last = cursors.unseal(f"{consultation}:queue", cursor)
        query = query.where(tuple_(since, id) > tuple_(datetime.fromisoformat(after), UUID(last)))
    rows = (await session.execute(query.order_by(since, id).limit(limit + 1))).all()
    signs = await _signs(session, [row.revision for row in rows[:limit] if "screened" in row.reasons])
    items = [item_of(row, promise, signs) for row in rows[:limit]]
    return Queue(items, place_of(consultation, items[-1]) if len(rows) > limit else None)


def place_of(consultation: UUID, item: Waiting) -> str | None:
    """A cursor for what comes after this item; None for one that does not wait."""
    if item.since is None:
        return None
    return cursors.seal(f"{consultation}:queue", [item.since.isoformat(), str(item.contribution)])


async def counts(session: AsyncSession, actor: Actor, consultation: UUID, asked: Asked = EVERYTHING) -> Counts:
    """How much waits, in all and for each reason. Raises Unauthenticated, Forbidden."""
    require(actor, "queue.read", Thing(consultation))
    promise = await promise_of(session, consultation)
    row = (
        (await session.execute(counts_of(consultation, _limited(asked, actor, consultation), promise))).mappings().one()
    )
    return Counts(row["total"], row["overdue"], {reason: row[reason] for reason in REASONS})


async def choices(session: AsyncSession, actor: Actor, consultation: UUID) -> tuple[list[str], list[str]]:
    """The languages and the shown organisations that occur in the queue. Raises Unauthenticated, Forbidden."""
    require(actor, "queue.read", Thing(consultation))
    rows = (await session.execute(choices_of(consultation, actor.desk(consultation)))).all()
    names = {row.organisation_name for row in rows if row.organisation_name}
    return sorted({row.language for row in rows}), sorted(names)


async def promise_of(session: AsyncSession, consultation: UUID) -> int | None:
    """Within how many hours the consultation promises an answer."""
    details = Consultation.details["answered_within_hours"].as_integer()
    return await session.scalar(select(details).where(Consultation.id == consultation))


async def these(
    session: AsyncSession, actor: Actor, consultation: UUID, contributions: Sequence[UUID]
) -> dict[UUID, Waiting]:
    """Some contributions as the queue shows them, whether or not anything of them waits, in the order given.

    Raises Unauthenticated, Forbidden.
    """
    require(actor, "queue.read", Thing(consultation))
    promise, desk = await promise_of(session, consultation), actor.desk(consultation)
    rows = {row.id: row for row in await session.execute(these_of(consultation, contributions, desk))}
    screened = [row.revision for row in rows.values() if "screened" in (row.reasons or ())]
    signs = await _signs(session, screened)
    return {id: item_of(rows[id], promise, signs) for id in contributions if id in rows}


def _limited(asked: Asked, actor: Actor, consultation: UUID) -> Asked:
    return replace(asked, topics=actor.desk(consultation))


async def _signs(session: AsyncSession, revisions: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    if revisions:
        for row in await session.execute(signs_of(revisions)):
            found.setdefault(row.revision_id, []).append({"sign": row.sign, "detail": row.detail})
    return found


def item_of(row: Any, promise: int | None, signs: Mapping[UUID, Sequence[dict[str, Any]]]) -> Waiting:
    """An item of the queue from its row."""
    in_hand = InHand(row.claimant, row.claimant_name, row.until) if row.claimant else None
    due = row.since + timedelta(hours=promise) if row.since and promise is not None else None
    return Waiting(
        contribution=row.id, revision=row.revision, revision_number=row.revision_number, state=row.state,
        number=row.number, status=row.status, topic=row.topic, kind=row.kind, title=row.title, body=row.body or "",
        html=row.html or "", language=row.language, questions=row.questions, places=row.places,
        attachments=row.attachments, byline=row.byline,
        author=row.author_id, author_name=row.author_name, organisation_name=row.organisation_name,
        mandate=row.mandate, since=row.since,
        reasons=sorted(row.reasons or (), key=REASONS.index), flags=int(row.flags or 0),
        signs=signs.get(row.revision, ()), due=due, in_hand=in_hand, parent_number=row.parent_number,
        parent_body=row.parent_body, root_number=row.root_number, provenance=row.provenance,
        public_revision=row.public_revision,
        public_title=row.public_title, public_body=row.public_body if row.state == "waiting" else None,
    )  # fmt: skip
