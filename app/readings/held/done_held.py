"""What somebody did in a role, for the file of all that is held about them: one line for each thing.

Of others it says nothing: no name, no address, no text of theirs. `tests/web/test_own_data.py` walks all columns that
refer to a person, and asks that each is here or elsewhere in the file.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.models import MandateClaim, Membership, OrganisationAlias, RoleOffer
from app.meetings.models import Meeting, Source
from app.meetings.planned_models import PlannedMeeting, Registration
from app.moderation.models import Appeal, Claim, Decision, Invitation
from app.outreach.addressee_models import Addressee
from app.outreach.models import Round
from app.synthesis.coding_models import Code, CodeChange
from app.synthesis.sending_models import AnswerLink

_Read = Callable[[AsyncSession, UUID, UUID | None, int], Awaitable[list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Done:
    """One kind of act: the column that says who did it, and what the file says of it."""

    who: Any
    said: str  # names of columns
    id: str = "id"


DONE: Mapping[str, Done] = {
    "codes_made": Done(Code.made_by, "consultation_id name definition made"),
    "code_changes": Done(CodeChange.person_id, "code_id act before at"),
    "answer_links": Done(AnswerLink.made_by, "consultation_id recommendations created expires revoked"),
    "addressees_added": Done(Addressee.added_by, "consultation_id institution kind created"),
    "rounds_sent": Done(Round.sent_by, "consultation_id invited sent"),
    "meetings_reported": Done(Meeting.reported_by, "consultation_id title date place created"),
    "meetings_planned": Done(PlannedMeeting.planned_by, "consultation_id title starts created"),
    "meetings_cancelled": Done(PlannedMeeting.cancelled_by, "consultation_id title cancelled reason"),
    "registrations_decided": Done(Registration.decided_by, "planned_id state since reason"),
    "sources_asked": Done(Source.asked_by, "consultation_id contribution_id created"),
    "in_hand": Done(Claim.person_id, "consultation_id until", "contribution_id"),
    "decisions_made": Done(Decision.decided_by, "consultation_id contribution_id act rule reason note decided"),
    "decisions_about": Done(Decision.person_id, "consultation_id act rule reason decided"),
    "appeals_decided": Done(Appeal.decided_by, "consultation_id contribution_id outcome reason decided"),
    "letters_sent": Done(Invitation.sent_by, "consultation_id contribution_id topic question subject words sent"),
    "roles_granted": Done(Membership.granted_by, "consultation_id topic_id role since"),
    "roles_ended": Done(Membership.ended_by, "consultation_id topic_id role reason ended"),
    "role_offers_made": Done(RoleOffer.offered_by, "consultation_id topic_id role offered"),
    "mandates_answered": Done(MandateClaim.decided_by, "consultation_id organisation_name outcome reason decided"),
    "mandates_ended": Done(MandateClaim.ended_by, "consultation_id organisation_name reason ended"),
    "organisations_merged": Done(
        OrganisationAlias.merged_by, "consultation_id alias_name organisation_name merged", "alias_id"
    ),
}


def done(name: str) -> _Read:
    """A reading of one of DONE: what a person did of that, after the thing `last`."""
    act = DONE[name]
    table = act.who.class_
    id, columns = getattr(table, act.id), [getattr(table, each) for each in act.said.split()]

    async def read(session: AsyncSession, person: UUID, last: UUID | None, most: int) -> list[dict[str, Any]]:
        query = select(id.label("id"), *columns).where(act.who == person, *([id > last] if last else []))
        rows = await session.execute(query.order_by(id).limit(most))
        return [{key.removesuffix("_id"): _plain(value) for key, value in row.items()} for row in rows.mappings()]

    return read


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return clock.iso(value)
    return value.isoformat() if isinstance(value, date) else value
