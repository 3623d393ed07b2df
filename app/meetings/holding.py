"""When a meeting that was announced was held: the report that tells of it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.language import gettext as _
from app.meetings.planned_models import PlannedMeeting
from app.meetings.reports import Faults, Report


async def planned_to_report(
    session: AsyncSession, consultation: UUID, given: Report, faults: Faults, *, at_once: bool
) -> PlannedMeeting | None:
    """The announced meeting that is reported, locked; None where the report names none. One has one report.

    What hinders it is told beside the field `planned`. Only a moderator's report (`at_once`) may name one.
    """
    if given.planned is None:
        return None
    query = select(PlannedMeeting).where(
        PlannedMeeting.id == given.planned, PlannedMeeting.consultation_id == consultation
    )
    planned = (await session.scalars(query.with_for_update(key_share=True))).one_or_none()
    fault = _fault(planned, at_once=at_once)
    if fault:
        faults["planned"] = fault
    return planned


def _fault(planned: PlannedMeeting | None, *, at_once: bool) -> str:
    if planned is None:
        return _("There is no such meeting in this consultation.")
    if not at_once:
        return _("What was said at an announced meeting is reported by a moderator.")
    if planned.cancelled is not None:
        return _("This meeting is cancelled.")
    if planned.starts > clock.now():
        return _("This meeting has not begun yet.")
    if planned.meeting_id is not None:
        return _("This meeting is reported already. Add what else was said on its page.")
    return ""
