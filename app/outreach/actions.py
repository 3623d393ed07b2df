"""Organisers invite people who are not here yet, from a list, and stop what is not sent. Nobody else sees the list.

A round is all or nothing: its list is read, sorted and stored in one transaction, and the worker mails it bit by bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.accounts.private_consultations import why_private
from app.config import settings
from app.consultations.floor import closing_of
from app.database.bulk import copy_in
from app.language import LANGUAGES, number
from app.language import gettext as _
from app.outreach import lists, texts
from app.outreach.forgetting import FORGOTTEN
from app.outreach.lists import Entry, Listed
from app.outreach.models import Invitee, Round
from app.outreach.notes import Note
from app.outreach.sorting import Sorted, sort_out
from app.outreach.texts import Wording
from app.outreach.turn import take_turn
from app.permissions import Actor, Thing, require

KEPT_DAYS, MOST_DAYS = 60, 180  # after the consultation has closed
_LONGEST = timedelta(days=365)  # after the round is sent, however far away the closing is
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A round before it is sent: the list, the words in each language, and for whom no language is named."""

    listed: Listed
    texts: Mapping[str, Wording]
    language: str
    kept_days: int | None = KEPT_DAYS
    without_faulty: bool = False  # the organiser has seen which lines are none, and leaves them out
    note: Note | None = None


async def look(session: AsyncSession, actor: Actor, consultation: UUID, plan: Plan) -> Sorted:
    """What `invite` would do with this plan; it changes nothing. Faulty lines are no fault yet: they are shown.

    Raises what `invite` raises.
    """
    require(actor, "people.invite", Thing(consultation))
    found, _kept, _forget_at = await _checked(session, consultation, plan)
    return found


async def invite(
    session: AsyncSession, actor: Actor, consultation: UUID, plan: Plan, id: UUID | None = None
) -> Round:  # fmt: skip
    """Invite everybody on a list; the worker sends the mails. With `id` (a form's) a second sending returns the first.

    Raises Unauthenticated, Forbidden, Closed, Invalid, Conflict, RateLimited.
    """
    require(actor, "people.invite", Thing(consultation))
    await take_turn(session)
    if id is not None and (earlier := await _sent_already(session, actor, consultation, id)):
        return earlier
    found, kept, forget_at = await _checked(session, consultation, plan)
    if plan.listed.faults and not plan.without_faulty:
        raise errors.Invalid({"without_faulty": _("Please correct these lines, or tick that they are left out.")})
    await _require_within_limit(session, consultation, len(found.entries))
    note = plan.note
    made = Round(
        id=id or clock.new_id(), consultation_id=consultation, sent_by=actor.person, sent=clock.now(),
        forget_at=forget_at, texts=kept, note_name=note.name if note else None, note_type=note.type if note else None,
        note=note.content if note else None, invited=len(found.entries), merged=plan.listed.merged,
        left_out=found.before + found.declined, refused=len(plan.listed.faults),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    await copy_in(session, [_invitee(made, entry, plan.language) for entry in found.entries])
    await record.append(
        session, consultation, "round.sent", made.id, person=actor.person, invited=made.invited,
        left_out=made.left_out, refused=made.refused,
    )  # fmt: skip
    return made


async def stop(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Round:
    """Send nothing that still waits, and delete whom it would have gone to. A second time changes nothing.

    Raises Unauthenticated, Forbidden, NotFound.
    """
    require(actor, "people.invite", Thing(consultation))
    await take_turn(session)
    found = await session.get(Round, id)
    if found is None or found.consultation_id != consultation:
        raise errors.NotFound(_("There is no such round of invitations."))
    if found.stopped is not None:
        return found
    found.stopped = clock.now()
    await session.flush()
    waiting = update(Invitee).where(Invitee.round_id == id, Invitee.state == "waiting")
    await session.execute(waiting.values(state="stopped", since=found.stopped, **FORGOTTEN))
    await record.append(session, consultation, "round.stopped", id, person=actor.person)
    return found


async def _checked(
    session: AsyncSession, consultation: UUID, plan: Plan
) -> tuple[Sorted, dict[str, dict[str, str]], datetime]:
    """Whom it goes to, in which words, and until when they are kept. Raises Closed, Invalid."""
    faults: dict[str, str] = {}
    forget_at = await _forget_at(session, consultation, plan.kept_days, faults)
    if plan.language not in LANGUAGES:
        faults["language"] = _("Please choose one of these languages.")
    if not plan.listed.entries:
        faults["list"] = _("There is nobody on this list yet. Please give one mail address on each line.")
    elif len(plan.listed.entries) > lists.MOST:
        faults["list"] = _(
            "There are %(count)s people on this list; %(most)s is the most in one round.",
            count=number(len(plan.listed.entries)), most=number(lists.MOST),
        )  # fmt: skip
    if faults:
        raise errors.Invalid(faults)
    found = await sort_out(session, consultation, plan.listed.entries)
    if not found.entries:
        raise errors.Invalid(
            {"list": _("Everybody on this list was invited before, or wants no invitations: nobody is left.")}
        )
    used = {entry.language or plan.language for entry in found.entries}
    return found, texts.checked(plan.texts, used), forget_at


async def _forget_at(
    session: AsyncSession, consultation: UUID, days: int | None, faults: dict[str, str]
) -> datetime:  # fmt: skip
    """When addresses are deleted: it is said in each mail, so nothing moves it later. Raises Closed, Conflict."""
    now = clock.now()
    if await why_private(session, consultation) == "preparing":
        raise errors.Conflict(_("This consultation is not announced yet, so who is invited would find nothing there."))
    closes = await closing_of(session, consultation)
    if closes is not None and closes <= now:
        raise errors.Closed(_("This consultation has closed, so nobody can be invited to it any more."), since=None)
    if days is None or not 1 <= days <= MOST_DAYS:
        faults["kept_days"] = _("Please give a number of days from 1 to %(most)s.", most=MOST_DAYS)
        return now
    return min((closes or now) + timedelta(days=days), now + _LONGEST)


async def _require_within_limit(session: AsyncSession, consultation: UUID, more: int) -> None:
    most = settings().invitations_per_day
    recent = (Round.consultation_id == consultation, Round.sent > clock.now() - _DAY)
    query = select(func.coalesce(func.sum(Round.invited), 0), func.min(Round.sent)).where(*recent)
    count, first = (await session.execute(query)).one()
    if count + more > most:
        wait = int(((first or clock.now()) + _DAY - clock.now()).total_seconds()) + 1
        raise errors.RateLimited(
            _(
                "At most %(most)s people can be invited to a consultation in 24 hours; %(count)s were. Please send the"
                " rest later.",
                most=number(most),
                count=number(count),
            ),
            retry_after=wait,
        )


async def _sent_already(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> Round | None:
    found = await session.get(Round, id)
    if found is not None and (found.sent_by, found.consultation_id) != (actor.person, consultation):
        raise errors.Conflict(_("This form was used before. Please open it again."))
    return found


def _invitee(made: Round, entry: Entry, language: str) -> Invitee:
    return Invitee(
        id=clock.new_id(), round_id=made.id, email=entry.email, name=entry.name or None,
        organisation=entry.organisation or None, language=entry.language or language, state="waiting", bounced=None,
        since=made.sent,
    )  # fmt: skip
