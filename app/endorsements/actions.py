"""Support for what others wrote, given once by each person and taken back at will. Nobody is told whose it is."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.contributions import publishing
from app.contributions.acting import to_act_on
from app.contributions.states import in_words
from app.contributions.transcripts import is_transcript
from app.endorsements.models import Endorsement
from app.language import gettext as _
from app.permissions import Actor


async def endorse(session: AsyncSession, actor: Actor, contribution_id: UUID) -> None:
    """Support a contribution, in a personal capacity; a second time changes nothing.

    Raises NotFound, Forbidden (for one's own text, too), Conflict for what is not public, Closed.
    """
    contribution, floor, owner = await to_act_on(session, actor, "contribution.endorse", contribution_id)
    if owner == actor.person and not is_transcript(contribution.provenance):
        raise errors.Forbidden(_("This is your own text: endorsing is for what others wrote."))
    if contribution.status != "published":
        raise errors.Conflict(
            _(
                "This contribution is %(status)s; only what is public can be endorsed.",
                status=in_words(contribution.status),
            )
        )
    floor.require_open()
    row = {
        "id": clock.new_id(), "consultation_id": contribution.consultation_id, "contribution_id": contribution.id,
        "person_id": actor.person, "given": clock.now(),
    }  # fmt: skip
    made = upsert(Endorsement).values(row).on_conflict_do_nothing().returning(Endorsement.id)
    if await session.scalar(made) is not None:
        await publishing.count_endorsement(session, contribution, "endorsement.given", +1)


async def take_back(session: AsyncSession, actor: Actor, contribution_id: UUID) -> None:
    """Support it no longer; where one did not, nothing changes. Raises NotFound, Forbidden."""
    contribution, _floor, _owner = await to_act_on(session, actor, "contribution.endorse", contribution_id)
    own = (Endorsement.contribution_id == contribution.id, Endorsement.person_id == actor.person)
    gone = delete(Endorsement).where(*own).returning(Endorsement.id)
    if await session.scalar(gone) is not None:
        await publishing.count_endorsement(session, contribution, "endorsement.taken_back", -1)
