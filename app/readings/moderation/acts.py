"""Which acts a moderator may do on a text as it is now. Needs a write session."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.suspensions import suspended_until
from app.contributions.models import Author, Contribution, Mark, Revision, ThreadLock
from app.moderation.acts import ACTS, ON_TRANSLATIONS
from app.permissions import Actor, Thing, may

_ON_WHAT_WAITS = ("approve", "ask", "reject")
_ON_MARKS = {"pin": ("pinned", False), "unpin": ("pinned", True),
             "feature": ("featured", False), "unfeature": ("featured", True)}  # fmt: skip
_ON_AUTHORS = ("warn", "suspend", "lift", "reveal")


async def possible(session: AsyncSession, actor: Actor, id: UUID) -> list[str]:
    """The acts, in the order of the vocabulary. None for who is no moderator there."""
    row = (
        await session.execute(
            select(Contribution, Author.person_id, Revision.byline)
            .join(Revision, (Revision.contribution_id == Contribution.id) & (Revision.number == Contribution.latest))
            .outerjoin(Author, Author.id == Contribution.author_id)
            .where(Contribution.id == id)
        )
    ).one_or_none()
    if row is None or not may(actor, "contribution.decide", Thing(row[0].consultation_id, topic=row[0].topic_id)):
        return []
    contribution, person, byline = row
    suspends = may(actor, "author.suspend", Thing(contribution.consultation_id))
    marks = set(await session.scalars(select(Mark.kind).where(Mark.contribution_id == id)))
    locked = await session.get(ThreadLock, contribution.thread_id) is not None
    suspended = person is not None and await suspended_until(session, person, contribution.consultation_id) is not None
    return [
        act
        for act in ACTS
        if act not in ON_TRANSLATIONS
        and _fits(act, contribution, marks, locked)
        and (act != "reveal" or byline != "full")
        and (act not in _ON_AUTHORS or _concerns(act, actor, person, suspended))
        and (suspends or act not in ("suspend", "lift"))
    ]


def _fits(act: str, contribution: Contribution, marks: set[str], locked: bool) -> bool:
    known = ACTS[act].states
    if known and contribution.status not in known:
        return False
    if act in _ON_WHAT_WAITS:
        return contribution.waits_since is not None
    if act in _ON_MARKS:
        kind, when = _ON_MARKS[act]
        return (kind in marks) is when
    if act in ("lock", "unlock"):
        return contribution.parent_id is None and locked is (act == "unlock")
    return act not in ("split", "dismiss") or (act == "split" and contribution.parent_id is not None)


def _concerns(act: str, actor: Actor, person: UUID | None, suspended: bool) -> bool:
    if person is None or person == actor.person:
        return False
    return act not in ("suspend", "lift") or suspended is (act == "lift")
