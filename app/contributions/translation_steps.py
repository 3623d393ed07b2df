"""The steps that acts on translations are made of: find one, let it stand, give it another status, destroy it."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations.floor import Floor, floor_of
from app.contributions import publishing, transcripts, writing
from app.contributions.acting import note_privately
from app.contributions.models import Author, Contribution
from app.contributions.states import in_words
from app.contributions.translation_models import STANDING, Translation
from app.language import gettext as _
from app.permissions import Actor, Thing, may


async def found(
    session: AsyncSession, actor: Actor, contribution: Contribution, id: UUID
) -> tuple[Translation, UUID | None]:  # fmt: skip
    """A translation of a locked contribution, and its translator's person. Raises NotFound, also for what waits, was
    refused or removed, unless it is the actor's own or they moderate."""
    query = (
        select(Translation, Author.person_id)
        .outerjoin(Author, Author.id == Translation.author_id)
        .where(Translation.id == id, Translation.contribution_id == contribution.id)
    )
    pair = (await session.execute(query)).one_or_none()
    if pair is not None:
        row, person = pair
        is_public = row.status in STANDING and contribution.status == "published"
        whoever = replace(actor, scopes=None)
        moderates = may(whoever, "translation.decide", Thing(contribution.consultation_id, topic=contribution.topic_id))
        if is_public or moderates or (person is not None and person == actor.person):
            return row, person
    raise errors.NotFound(_("There is no such translation."))


async def standing_in(session: AsyncSession, contribution: Contribution, language: str) -> Translation | None:
    """What stands in a language, if anything does."""
    query = select(Translation).where(
        Translation.contribution_id == contribution.id, Translation.language == language,
        Translation.status.in_(STANDING),
    )  # fmt: skip
    return (await session.scalars(query)).one_or_none()


def require_author(contribution: Contribution) -> None:
    """Raises Forbidden for what somebody else said than who entered it: nobody here can speak for its author."""
    if transcripts.is_transcript(contribution.provenance):
        raise errors.Forbidden(_("This was said by somebody else than who entered it: only they could approve it."))


def require_standing(contribution: Contribution, row: Translation) -> None:
    """Raises Conflict where the public cannot read this translation."""
    require_published(contribution)
    if row.status not in STANDING:
        raise errors.Conflict(_("This translation is not public now, or not any more."))


def require_published(contribution: Contribution) -> None:
    """Raises Conflict where the text itself is not public."""
    if contribution.status != "published":
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; only a published one can be translated.",
                status=in_words(contribution.status),
            )
        )


def unjudged(row: Translation) -> str:
    """The status of what stands without anybody's word on it: an author's own words are approved by the author."""
    return "approved" if row.by == "author" and not row.machine else "offered"


async def put_up(
    session: AsyncSession, contribution: Contribution, floor: Floor, row: Translation, status: str,
    decision: UUID | None = None,
) -> None:  # fmt: skip
    """Let a translation stand in its language, in the place of the one that did: which goes, where it is by the same
    translator, and else is kept for its own."""
    before = await standing_in(session, contribution, row.language)
    if before is not None and before.author_id == row.author_id:
        await session.delete(before)
    elif before is not None:
        before.status, before.updated = "superseded", clock.now()
    await session.flush()
    row.status, row.updated = status, clock.now()
    session.add(row)
    await session.flush()
    await _follow(session, contribution, floor, translation=row, decision=decision)


async def set_status(
    session: AsyncSession, contribution: Contribution, floor: Floor, row: Translation, status: str,
    decision: UUID | None = None,
) -> None:  # fmt: skip
    """Give a translation that stands another status, such as `removed`, and the public text follows."""
    await set_aside(session, row, status)
    await _follow(session, contribution, floor, decision=decision)


async def set_aside(session: AsyncSession, row: Translation, status: str) -> None:
    """Give a translation another status that changes nothing in public."""
    row.status, row.updated = status, clock.now()
    await session.flush()


async def destroy(session: AsyncSession, contribution: Contribution, floor: Floor, row: Translation) -> None:
    """Delete a translation of a locked contribution; where it was public, the public text follows."""
    was_public = row.status in STANDING and contribution.status == "published"
    await session.delete(row)
    await session.flush()
    if was_public:
        await _follow(session, contribution, floor)
    else:
        await note_privately(session, contribution, "translation.withdrawn", translation=row.id)


async def erase(session: AsyncSession, contribution: Contribution, floor: Floor, row: Translation) -> None:
    """As `destroy`, for good: `text.erased` in the staff log has a restore repeat it."""
    await destroy(session, contribution, floor, row)
    await note_privately(session, contribution, "text.erased", translation=row.id)


async def repeat_erasure(session: AsyncSession, id: UUID, translation: UUID) -> None:
    """Erase a translation again, in an older state of the database. Raises NotFound."""
    contribution, _owner = await writing.locked(session, id)
    row = await session.get(Translation, translation)
    if row is not None and row.contribution_id == id:
        await erase(session, contribution, await floor_of(session, topic=contribution.topic_id), row)


async def _follow(
    session: AsyncSession, contribution: Contribution, floor: Floor, decision: UUID | None = None,
    **translation: Translation,
) -> None:  # fmt: skip
    """The contribution's JSON changes, and the record says so."""
    await publishing.update_public(
        session, contribution, floor, "contribution.updated", changed=["translations"], decision=decision, **translation
    )
