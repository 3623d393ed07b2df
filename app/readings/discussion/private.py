"""What only a text's author and the moderators may see: waiting, hidden, withdrawn, rejected texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations.floor import Floor, floors_by_topic
from app.contributions import depositing, document, translated
from app.contributions.models import Author, Contribution, Publication, Revision
from app.moderation.acts import ON_TRANSLATIONS
from app.moderation.models import Decision
from app.permissions import Actor, Thing, may
from app.readings.discussion.signs import why_waiting

POLICY = "policy"  # why a text waits that would wait without any check


class Counts(NamedTuple):
    """What others' acts change of a public text; nothing of what is not public."""

    seq: int = 0
    replies: int = 0
    endorsements: int = 0
    endorsing_organisations: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """A contribution for its author or a moderator: the JSON fields with `waiting`, and what was decided last."""

    fields: dict[str, Any]  # of its newest text that this viewer may read
    public: dict[str, Any] | None  # of its public text, where that is another
    latest: int  # number of its newest revision: what an edit is based on
    seq: int
    since: datetime
    mine: bool
    decision: Decision | None

    @property
    def etag(self) -> str:
        """`R-S`, without the quotes; `R-S-d` where the author also sees that it may be deposited."""
        return f"{self.latest}-{self.seq}{'-d' if 'deposit' in self.fields else ''}"


async def own(session: AsyncSession, actor: Actor, id: UUID, base: str) -> Own | None:
    """The contribution as its author or a moderator sees it, on a write session; None for everybody else."""
    row = (
        await session.execute(
            select(Contribution, Author.person_id)
            .outerjoin(Author, Author.id == Contribution.author_id)
            .where(Contribution.id == id)
        )
    ).one_or_none()
    if row is None:
        return None
    contribution: Contribution = row[0]
    if not may(
        actor, "contribution.read", Thing(contribution.consultation_id, row.person_id, topic=contribution.topic_id)
    ):
        return None
    [found] = await _all(session, [contribution], base, mine=row.person_id == actor.person)
    return found


async def mine(
    session: AsyncSession, person: UUID, base: str, limit: int = 100, before: UUID | None = None
) -> list[Own]:  # fmt: skip
    """What a person has written, newest first; what comes after the contribution `before` in that order."""
    query = select(Contribution).join(Author, Author.id == Contribution.author_id).where(Author.person_id == person)
    query = query.where(Contribution.id < before) if before else query
    rows = (await session.scalars(query.order_by(Contribution.id.desc()).limit(limit))).all()
    return await _all(session, rows, base, mine=True)


async def waiting_in(session: AsyncSession, person: UUID, base: str, *, thread: UUID | None = None,
                     topic: UUID | None = None) -> Sequence[Own]:  # fmt: skip
    """A person's own texts that wait for a moderator, in a thread or in a topic's list."""
    place = Contribution.thread_id == thread if thread else Contribution.topic_id == topic
    rows = await session.scalars(
        select(Contribution)
        .join(Author, Author.id == Contribution.author_id)
        .where(Author.person_id == person, Contribution.waits_since.is_not(None), place)
        .order_by(Contribution.id)
        .limit(20)
    )
    return await _all(session, rows.all(), base, mine=True)


async def _all(session: AsyncSession, contributions: Sequence[Contribution], base: str, *, mine: bool) -> list[Own]:
    """All of them with what belongs to each, in a few queries whatever their number."""
    ids = [contribution.id for contribution in contributions]
    revisions: dict[UUID, list[Revision]] = {id: [] for id in ids}
    for revision in await session.scalars(
        select(Revision)
        .join(Contribution, Contribution.id == Revision.contribution_id)
        .where(
            Contribution.id.in_(ids),
            Revision.state.in_(("public", "waiting")) | (Revision.number == Contribution.latest),  # others may be many
        )
        .order_by(Revision.number.desc())
    ):
        revisions[revision.contribution_id].append(revision)
    about = Decision.contribution_id.in_(ids) & Decision.act.not_in(ON_TRANSLATIONS)  # these are told their translators
    decisions = await session.scalars(select(Decision).where(about).order_by(Decision.id))
    translations = await translated.standing_of(session, ids)
    last = {decision.contribution_id: decision for decision in decisions}
    counts = await session.execute(
        select(
            Publication.contribution_id, Publication.seq, Publication.replies, Publication.endorsements,
            Publication.endorsers,
        ).where(Publication.contribution_id.in_(ids))
    )  # fmt: skip
    counted = {id: Counts(seq, replies, people, orjson.loads(names)) for id, seq, replies, people, names in counts}
    floors = await floors_by_topic(session, {contribution.topic_id for contribution in contributions})
    screened = await why_waiting(session, [each.id for each in contributions if each.waits_since])
    agreed = await depositing.agreed_among(session, ids) if mine else frozenset()
    return [
        _own(
            each,
            revisions[each.id],
            counted.get(each.id, Counts()),
            floors[each.topic_id],
            last.get(each.id),
            screened.get(each.id, POLICY),
            base,
            mine,
            {"deposit": True} if each.id in agreed else {},
            translations[each.id],
        )
        for each in contributions
    ]


def _own(
    contribution: Contribution, revisions: Sequence[Revision], counts: Counts, floor: Floor,
    decision: Decision | None, because: str, base: str, mine: bool,
    authors: Mapping[str, Any], translations: translated.Listed,
) -> Own:  # fmt: skip
    """`authors` are fields that only its author sees."""
    public = next((revision for revision in revisions if revision.state == "public"), None)
    waiting = next((revision for revision in revisions if revision.state == "waiting"), None)
    more: dict[str, Any] = {
        "url": f"{base}/c/{floor.slug}/{contribution.number}" if contribution.number else None,
        **counts._asdict(), "waiting": None, **authors,
    }  # fmt: skip
    if waiting:
        because = POLICY if floor.policy == "before" else because
        more["waiting"] = {
            "revision": str(waiting.id), "since": clock.iso(contribution.waits_since), "because": because,
        }  # fmt: skip
    return Own(
        fields=document.fields(contribution, waiting or public or revisions[0], floor, translations) | more,
        public=document.fields(contribution, public, floor, translations) | more if public and waiting else None,
        latest=contribution.latest, seq=counts.seq, since=contribution.since, mine=mine, decision=decision,
    )  # fmt: skip
