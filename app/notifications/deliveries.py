"""Deliveries: one row for each message to each person, from the entry that caused it until it is sent or given up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.accounts.people import erased_among
from app.config import settings
from app.notifications import outcome_plan
from app.notifications.following import forgetting as following
from app.notifications.models import Delivery
from app.notifications.webhooks import forgetting
from app.outreach.delivering import waiting_in
from app.readings.letters.meeting_letters import expected
from app.readings.organising.invitation_letters import readers
from app.record.following import Seen

REGISTRATIONS = tuple(f"registration.{what}" for what in ("made", "placed", "waits", "refused"))
MANDATES = ("mandate.confirmed", "mandate.declined", "mandate.ended")
KINDS = frozenset(("sign_in.asked", "author.told", "flag.closed", "appeal.told", "source.asked", "invitation.sent",
                   "round.sent", "account.erased", "mail.answered", "webhook.paused", "mandate.passed_on",
                   "meeting.told", "role.offered", "role.taken_back", *MANDATES, *REGISTRATIONS,
                   *outcome_plan.KINDS))  # fmt: skip

# To somebody who may have no account: the beginning of the key, and the kind of the delivery.
_TO_ADDRESSES = {"mandate.passed_on": ("organisation", "organisation"), "mail.answered": ("mail", "mail_answer")}

ATTEMPT_LASTS = timedelta(seconds=60)  # a sender that has not reported by then is taken for dead
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 3600))
_GIVEN_UP_AFTER = timedelta(days=3)
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now."""

    id: UUID
    key: str
    kind: str
    subject: UUID
    person: UUID | None
    created: datetime
    tries: int  # this one included


async def plan(session: AsyncSession, entries: Sequence[Seen]) -> None:
    """Make the deliveries that these entries call for, each once however often asked; drop those of the erased, and
    their webhooks and subscriptions."""
    rows = [row for entry in entries if (row := _row(entry))]
    rows += await _invitations(session, [entry.subject for entry in entries if entry.kind == "invitation.sent"])
    rows += [row for entry in entries if entry.kind == "meeting.told" for row in await _about_meeting(session, entry)]
    rows += await _invitees(session, [entry.subject for entry in entries if entry.kind == "round.sent"])
    rows += await outcome_plan.rows_for(session, entries)
    gone = await erased_among(session, {row["person_id"] for row in rows if row["person_id"]}) if rows else set()
    if rows := [{"rank": 0} | row for row in rows if row["person_id"] not in gone]:
        await session.execute(upsert(Delivery).on_conflict_do_nothing(index_elements=[Delivery.key]), rows)
    erased = [entry.subject for entry in entries if entry.kind == "account.erased"]
    if erased:
        await session.execute(delete(Delivery).where(Delivery.person_id.in_(erased)))
        await forgetting.forget_people(session, erased)
        await following.forget_people(session, erased)


async def claim(session: AsyncSession, most: int) -> list[Due]:
    """Take messages that are due: what somebody waits for first, then the oldest. Should this process die now, they
    fall due again in a minute."""
    now = clock.now()
    waiting = (
        select(Delivery.id)
        .where(Delivery.due <= now)
        .order_by(Delivery.rank, Delivery.due)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(Delivery)
        .where(Delivery.id.in_(waiting.scalar_subquery()))
        .values(due=now + ATTEMPT_LASTS, tries=Delivery.tries + 1)
        .returning(
            Delivery.id,
            Delivery.key,
            Delivery.kind,
            Delivery.subject,
            Delivery.person_id,
            Delivery.created,
            Delivery.tries,
        )
    )
    return [Due(*row) for row in await session.execute(claimed)]


async def mark_sent(session: AsyncSession, due: Due) -> None:
    """The message went out."""
    await _settle(session, due, due=None, sent=clock.now(), error=None)


async def mark_dropped(session: AsyncSession, due: Due, why: str) -> None:
    """The message is not to be sent (any more)."""
    await _settle(session, due, due=None, error=why)


async def mark_failed(session: AsyncSession, due: Due, error: str) -> bool:
    """It did not work: try again later, or give up after some days. `error` must name no address.

    Returns whether it is given up.
    """
    now = clock.now()
    again = now + _PAUSES[min(due.tries, len(_PAUSES)) - 1]
    given_up = now - due.created > _GIVEN_UP_AFTER
    await _settle(session, due, due=None if given_up else again, error=error[:200])
    return given_up


async def put_back(session: AsyncSession, claimed: Sequence[Due], pause: timedelta) -> None:
    """These messages were not tried: they fall due again after a pause, and it counts as no try."""
    again = update(Delivery).values(due=clock.now() + pause, tries=Delivery.tries - 1)
    attempts = [(due.id, due.tries) for due in claimed]
    await session.execute(again.where(tuple_(Delivery.id, Delivery.tries).in_(attempts)))


async def purge_deliveries(session: AsyncSession) -> None:
    """Delete what was sent or given up a month ago."""
    await session.execute(delete(Delivery).where(Delivery.due.is_(None), Delivery.created < clock.now() - _KEPT))


async def forget(session: AsyncSession, people: Collection[UUID]) -> None:
    """Delete all messages to these people."""
    await session.execute(delete(Delivery).where(Delivery.person_id.in_(people)))


async def held_about(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """Which messages were made for a person, those after the message `after`, as JSON-able values."""
    columns = (Delivery.id, Delivery.kind, Delivery.subject, Delivery.created, Delivery.sent)
    query = select(*columns).where(Delivery.person_id == person).order_by(Delivery.id).limit(limit)
    return [
        {"id": str(row.id), "kind": row.kind, "about": str(row.subject), "made": clock.iso(row.created),
         "sent": clock.iso(row.sent)}
        for row in await session.execute(query.where(Delivery.id > after) if after else query)
    ]  # fmt: skip


async def _settle(session: AsyncSession, claimed: Due, /, **columns: Any) -> None:
    # Only the attempt that was made: if another process took over meanwhile, its report counts.
    attempt = (Delivery.id == claimed.id) & (Delivery.tries == claimed.tries)
    await session.execute(update(Delivery).where(attempt).values(**columns))


async def _invitations(session: AsyncSession, sent: Collection[UUID]) -> list[dict[str, Any]]:
    """The deliveries of invitations: the log does not say who received them."""
    made = {"created": clock.now(), "due": clock.now(), "kind": "invitation"}
    return [
        made | {"id": clock.new_id(), "key": f"invitation-{id}-{person}", "subject": id, "person_id": person}
        for id, person in (await readers(session, sent) if sent else ())
    ]


async def _about_meeting(session: AsyncSession, told: Seen) -> list[dict[str, Any]]:
    """The deliveries to all who mean to come to a meeting: the log does not say who they are."""
    kind = "cancellation" if told.payload["changed"] == ["cancelled"] else "meeting"
    made = {"created": clock.now(), "due": clock.now(), "kind": kind, "subject": told.subject}
    return [
        made | {"id": clock.new_id(), "key": f"meeting-{told.subject}-{person}-{told.seq}", "person_id": person}
        for person in await expected(session, told.subject)
    ]


async def _invitees(session: AsyncSession, rounds: Collection[UUID]) -> list[dict[str, Any]]:
    """The deliveries of rounds: so many in each minute, after those of earlier rounds, so that no server is flooded."""
    invitees = await waiting_in(session, rounds) if rounds else ()
    if not invitees:
        return []
    now, minute = clock.now(), timedelta(minutes=1)
    last = await session.scalar(select(func.max(Delivery.due)).where(Delivery.kind == "invitee"))
    start = now if last is None or last < now else last + minute
    turns = ((id, start + place // settings().invitations_per_minute * minute) for place, id in enumerate(invitees))
    made = {"kind": "invitee", "person_id": None}
    return [
        made | {"id": clock.new_id(), "key": f"invitee-{id}", "subject": id, "created": turn, "due": turn}
        for id, turn in turns
    ]


def _row(entry: Seen) -> dict[str, Any] | None:
    """The delivery that an entry calls for. Its key also names the mail's file, so it holds plain characters only."""
    made = {"id": clock.new_id(), "created": clock.now(), "due": clock.now()}
    if entry.kind == "sign_in.asked":
        return made | {
            "key": f"sign-in-{entry.subject}", "kind": "sign_in", "subject": entry.subject, "person_id": None,
        }  # fmt: skip
    if entry.kind == "author.told" and "decision" in entry.payload:
        decision, person = UUID(entry.payload["decision"]), UUID(entry.payload["person"])
        key = f"decision-{decision}-{person}"
        return made | {"key": key, "kind": "decision", "subject": decision, "person_id": person}
    if entry.kind in ("flag.closed", "appeal.told") and "person" in entry.payload:
        kind, person = entry.kind.partition(".")[0], UUID(entry.payload["person"])
        return made | {
            "key": f"{kind}-{entry.subject}-{person}", "kind": kind, "subject": entry.subject, "person_id": person,
        }  # fmt: skip
    if entry.kind in _TO_ADDRESSES:
        name, kind = _TO_ADDRESSES[entry.kind]
        key = f"{name}-{entry.subject}-{entry.seq}"
        return made | {"key": key, "kind": kind, "subject": entry.subject, "person_id": None}
    if entry.kind in ("role.offered", "role.taken_back"):
        return made | _about_role(entry)
    if entry.kind in MANDATES:
        key, person = f"{entry.kind.replace('.', '-')}-{entry.subject}", UUID(entry.payload["person"])
        return made | {"key": key, "kind": "mandate", "subject": entry.subject, "person_id": person}
    if entry.kind in REGISTRATIONS:
        key, person = f"registration-{entry.subject}-{entry.seq}", UUID(entry.payload["person"])
        return made | {"key": key, "kind": "registration", "subject": entry.subject, "person_id": person}
    if entry.kind == "webhook.paused":
        key = f"webhook-{entry.subject}-{entry.seq}"
        person = UUID(entry.payload["person"])
        return made | {"key": key, "kind": "webhook", "subject": entry.subject, "person_id": person}
    if entry.kind == "source.asked":
        source = UUID(entry.payload["source"])
        return made | {"key": f"source-{source}", "kind": "source", "subject": source, "person_id": None}
    return None


def _about_role(entry: Seen) -> dict[str, Any]:
    if entry.kind == "role.offered":  # to an address, which may be nobody's yet
        key = f"role-offer-{entry.subject}"
        return {"key": key, "kind": "role_offer", "subject": entry.subject, "person_id": None}
    key, person = f"role-ended-{entry.subject}", UUID(entry.payload["person"])
    return {"key": key, "kind": "role_ended", "subject": entry.subject, "person_id": person}
