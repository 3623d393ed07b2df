"""The rapporteur tells everybody who contributed what became of their texts: once for each version that is public.

The letters are made when they are sent, from what is public then; the log does not say who gets one.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.permissions import Actor, Thing, require
from app.synthesis.report_models import ReportVersion
from app.synthesis.sending_models import Telling
from app.synthesis.summary_models import SummaryVersion


async def tell(session: AsyncSession, actor: Actor, consultation: UUID) -> Telling:
    """Tell them of the newest version of report or summary. Appends `contributors.told` to the staff log.

    Raises Unauthenticated, Forbidden; Conflict where nothing is public, or everybody was told of it already.
    """
    require(actor, "outcome.tell", Thing(consultation))
    found = await newest(session, consultation)
    if found is None:
        raise errors.Conflict(_("Nobody can be told before a report or a summary is published."))
    what, version = found
    row = {
        "id": clock.new_id(), "consultation_id": consultation, "what": what, "version": version,
        "told_by": actor.person, "told": clock.now(),
    }  # fmt: skip
    made = await session.scalar(insert(Telling).values(row).on_conflict_do_nothing().returning(Telling.id))
    if made is None:
        raise errors.Conflict(_("Everybody was told of this version already."))
    await record.append(
        session, consultation, "contributors.told", made, what=what, version=version, person=actor.person
    )
    telling = await session.get(Telling, made)
    assert telling is not None  # just made
    return telling


async def newest(session: AsyncSession, consultation: UUID) -> tuple[str, int] | None:
    """What was published last, the report or the summary, and its version; None where nothing is."""
    found = []
    for what, table in (("report", ReportVersion), ("summary", SummaryVersion)):
        query = select(table.seq, table.version).where(table.consultation_id == consultation, table.seq.is_not(None))
        if row := (await session.execute(query.order_by(table.seq.desc()).limit(1))).one_or_none():
            found.append((row.seq, what, row.version))
    return max(found)[1:] if found else None
