"""What is kept of screening, and for how long: signs and fingerprints go with their text, most fingerprints sooner."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.contributions.models import Contribution, Revision
from app.contributions.screening.facts import still_removed
from app.contributions.screening.fingerprints import fingerprint
from app.contributions.screening.signs import Sign, seen
from app.contributions.screening_models import Fingerprint, Screening

KEPT = timedelta(weeks=6)  # fingerprints of what was not removed


async def keep_signs(
    session: AsyncSession, contribution: Contribution, revision: Revision, signs: Sequence[Sign]
) -> None:
    """Store why a text waits, for the moderators. Appends `text.screened` to the staff log."""
    if not signs:
        return
    session.add_all(
        Screening(revision_id=revision.id, contribution_id=contribution.id, sign=sign.name, detail=dict(sign.detail))
        for sign in signs
    )
    await session.flush()
    await record.append(
        session, contribution.consultation_id, "text.screened", contribution.id,
        contribution=contribution.id, revision=revision.id, signs=[sign.name for sign in signs],
    )  # fmt: skip


async def remember_removed(session: AsyncSession, contribution: Contribution, state: str) -> None:
    """Keep the fingerprint of the revision in this state: moderators remove it now, and may see its like again."""
    query = select(Revision).where(Revision.contribution_id == contribution.id, Revision.state == state)
    for revision in (await session.scalars(query)).all():
        made = fingerprint(seen(revision.title, revision.html or "").words)
        if made is None:
            continue
        row = {
            "revision_id": revision.id, "contribution_id": contribution.id, "removed": True,
            "consultation_id": contribution.consultation_id, "exact": made.exact, "similar": made.similar,
            "created": clock.now(),
        }  # fmt: skip
        insert = upsert(Fingerprint).values(row)
        await session.execute(insert.on_conflict_do_update(index_elements=["revision_id"], set_={"removed": True}))


async def forget(session: AsyncSession, contribution: UUID) -> None:
    """Destroy what screening knows of a contribution: its texts are destroyed."""
    for table in (Fingerprint, Screening):
        await session.execute(delete(table).where(table.contribution_id == contribution))


async def forget_revisions(session: AsyncSession, revisions: Collection[UUID]) -> None:
    """As `forget`, of some revisions only."""
    for table in (Fingerprint, Screening):
        await session.execute(delete(table).where(table.revision_id.in_(revisions)))


async def purge_fingerprints(session: AsyncSession) -> None:
    """Forget what has been kept for long and is not removed, or no longer."""
    removed = exists(
        select(Contribution.id)
        .join(Revision, Revision.contribution_id == Contribution.id)
        .where(Revision.id == Fingerprint.revision_id, still_removed())
    )
    await session.execute(
        delete(Fingerprint).where(Fingerprint.created < clock.now() - KEPT, or_(~Fingerprint.removed, ~removed))
    )
