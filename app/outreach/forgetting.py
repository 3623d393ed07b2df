"""How invited people are forgotten: when their time is over, when they or the organiser leave, with a consultation.

Rows and states stay, so that the numbers do; nothing in them is anybody's any more.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, record
from app.accounts.people import address_of
from app.outreach import addressees
from app.outreach.addressee_models import Addressee
from app.outreach.models import Invitee, Round
from app.outreach.turn import take_turn

FORGOTTEN: dict[str, None] = {"email": None, "name": None, "organisation": None}
_NO_NOTE: dict[str, None] = {"note_name": None, "note_type": None, "note": None}


async def forget_addresses(session: AsyncSession) -> None:
    """Delete names, addresses and notes of rounds whose time is over. What was not sent by then never is."""
    over = select(Round).where(Round.forgotten.is_(None), Round.forget_at <= clock.now())
    if not (await session.scalars(over.limit(1))).all():
        return
    await take_turn(session)
    rounds: Sequence[Round] = (await session.scalars(over.order_by(Round.consultation_id, Round.id))).all()
    await _forget(session, Invitee.round_id.in_([each.id for each in rounds]))
    for each in rounds:
        each.forgotten = clock.now()
        each.note_name = each.note_type = each.note = None
    await session.flush()
    for each in rounds:
        await record.append(session, each.consultation_id, "round.forgotten", each.id)


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Delete what stands about somebody who leaves on others' lists, and the words of what they sent themselves:
    nothing of it that still waits is sent.

    Take the turn first (`turn.py`), where others may write meanwhile.
    """
    await addressees.forget_person(session, person)
    address = await address_of(session, person)
    if address is not None:
        await _forget(session, Invitee.email == address)
    mine = select(Round.id).where(Round.sent_by == person)
    await _forget(session, Invitee.round_id.in_(mine) & (Invitee.state == "waiting"))
    await session.execute(
        update(Round).where(Round.sent_by == person).values(sent_by=None, texts={}, **_NO_NOTE)
    )  # fmt: skip


async def remove_rounds(session: AsyncSession, consultation: UUID) -> None:
    """Delete all rounds of a consultation that goes, and everybody in them; the list of institutions, too."""
    its = select(Round.id).where(Round.consultation_id == consultation)
    await session.execute(delete(Invitee).where(Invitee.round_id.in_(its)))
    await session.execute(delete(Round).where(Round.consultation_id == consultation))
    await session.execute(delete(Addressee).where(Addressee.consultation_id == consultation))


async def held_about(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """What organisers' lists hold about a person, those entries after the entry `after`, as JSON-able values."""
    query = (
        select(Invitee, Round.consultation_id, Round.sent, Round.forget_at)
        .join(Round, Round.id == Invitee.round_id)
        .where(Invitee.email == await address_of(session, person))
        .order_by(Invitee.id)
        .limit(limit)
    )
    rows = await session.execute(query.where(Invitee.id > after) if after else query)
    return [
        {"id": str(row.id), "consultation": str(consultation), "email": row.email, "name": row.name,
         "organisation": row.organisation, "language": row.language, "state": row.state, "invited": clock.iso(sent),
         "deleted": clock.iso(forget_at)}
        for row, consultation, sent, forget_at in rows
    ]  # fmt: skip


async def _forget(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Empty these rows. Nobody is left to send to, where it was not sent."""
    state = case((Invitee.state == "waiting", "stopped"), else_=Invitee.state)
    emptied = update(Invitee).where(which).values(state=state, **FORGOTTEN)
    await session.execute(emptied.execution_options(synchronize_session=False))
