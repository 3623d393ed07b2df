"""Organisers bring the outcome to those it is addressed to, and ask them for an answer. Each verb: require, change,
append, return. The worker writes the mails: one to each institution, once for each version.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record
from app.language import gettext as _
from app.language import number
from app.outreach import addressees
from app.outreach.addressees import KEPT
from app.outreach.turn import take_turn
from app.permissions import Actor, Thing, require
from app.record import commitments
from app.synthesis.models import Recommendation
from app.synthesis.report_models import ReportVersion
from app.synthesis.sending_models import AnswerLink, Sending
from app.synthesis.summary_models import SummaryVersion

if TYPE_CHECKING:
    from app.outreach.addressee_models import Addressee

MOST = 200  # institutions at once
_VERSIONS: dict[str, Any] = {"report": ReportVersion, "summary": SummaryVersion}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent to whom: a version, and for each institution the numbers of the recommendations it is to answer."""

    what: str  # report, summary
    version: int
    to: Mapping[UUID, Sequence[int]]


async def send(session: AsyncSession, actor: Actor, consultation: UUID, parcel: Parcel) -> list[Sending]:
    """Send a published version to institutions on the list; who has had it already gets no second one.

    Appends `outcome.sent` for each. Raises Unauthenticated, Forbidden, NotFound, Invalid.
    """
    require(actor, "outcome.send", Thing(consultation))
    await _require_sendable(session, consultation, parcel)
    rows = [await addressees.locked(session, consultation, id) for id in sorted(parcel.to)]
    before = await _who_has_it(session, parcel)
    rows = [row for row in rows if row.id not in before]
    if not rows:
        raise errors.Invalid({"to": _("All of these have had this version: nothing is left to send.")})
    for row in rows:
        await _linked(session, actor, row, parcel.to[row.id])
    turn = await record.take_turn(session, "public", consultation, len(rows))
    made = [_sending(actor, row, parcel, turn.seq + place) for place, row in enumerate(rows)]
    about = [{"what": each.what, "version": each.version, "hash": each.hash} for each in made]
    drafts = [record.Draft("outcome.sent", each.id, said) for each, said in zip(made, about, strict=True)]
    await record.write(session, turn, drafts)
    session.add_all(made)
    await session.flush()
    return made


async def ask(
    session: AsyncSession, actor: Actor, consultation: UUID, addressee: UUID, numbers: Sequence[int]
) -> AnswerLink:
    """Ask an institution for its answer to these recommendations, in a mail of its own. Appends `answer.asked`.

    Raises Unauthenticated, Forbidden, NotFound, Invalid.
    """
    require(actor, "outcome.send", Thing(consultation))
    if not numbers:
        raise errors.Invalid({"numbers": _("Please say which recommendations are to be answered.")})
    _require_numbers(await _final(session, consultation), numbers, "numbers")
    row = await addressees.locked(session, consultation, addressee)
    link = await _linked(session, actor, row, numbers)
    assert link is not None  # there are numbers
    await record.append(session, consultation, "answer.asked", link.id, person=actor.person)
    return link


async def change(
    session: AsyncSession, actor: Actor, consultation: UUID, addressee: UUID, given: addressees.Entry
) -> "Addressee":
    """Say otherwise what the list says of an institution. With another address its link is over: whoever reads the
    earlier one holds it. Raises Unauthenticated, Forbidden, NotFound, Invalid."""
    require(actor, "outcome.send", Thing(consultation))
    await take_turn(session)
    before = (await addressees.locked(session, consultation, addressee)).email
    row = await addressees.change(session, actor, consultation, addressee, given)
    if row.email != before:
        await revoke(session, actor, consultation, addressee)
    return row


async def revoke(session: AsyncSession, actor: Actor, consultation: UUID, addressee: UUID) -> None:
    """Let the link of an institution work no more; what it answered stays. Raises Unauthenticated, Forbidden,
    NotFound."""
    require(actor, "outcome.send", Thing(consultation))
    row = await addressees.locked(session, consultation, addressee)
    link = await open_link(session, row.id)
    if link is None:
        return
    link.revoked = clock.now()
    await session.flush()
    await record.append(session, consultation, "addressee.changed", row.id, act="revoked", person=actor.person)


async def open_link(session: AsyncSession, addressee: UUID) -> AnswerLink | None:
    """The link by which an institution can answer now; None where it has none."""
    query = select(AnswerLink).where(
        AnswerLink.addressee_id == addressee, AnswerLink.revoked.is_(None), AnswerLink.expires > clock.now()
    )
    found: AnswerLink | None = await session.scalar(query.order_by(AnswerLink.id.desc()).limit(1))
    return found


def committed(row: Sending) -> dict[str, Any]:
    """What the record commits to (docs/record.md)."""
    return {"what": row.what, "version": row.version, "institution": row.institution, "kind": row.kind}


async def _linked(session: AsyncSession, actor: Actor, row: "Addressee", numbers: Sequence[int]) -> AnswerLink | None:
    """The institution's link, for these recommendations too, for two years from now; None where it has none and needs
    none. The address is kept as long."""
    row.keep_until = clock.now() + KEPT
    link = await open_link(session, row.id)
    if link is None and numbers:
        link = AnswerLink(
            id=clock.new_id(), consultation_id=row.consultation_id, addressee_id=row.id, recommendations=[],
            expires=row.keep_until, made_by=actor.person,
        )  # fmt: skip
        session.add(link)
    if link is not None:
        link.recommendations, link.expires = sorted({*link.recommendations, *numbers}), row.keep_until
    await session.flush()
    return link


async def _require_sendable(session: AsyncSession, consultation: UUID, parcel: Parcel) -> None:
    faults: dict[str, str] = {}
    table = _VERSIONS.get(parcel.what)
    found = None
    if table is not None and 0 < parcel.version < 2**15:
        found = await session.scalar(
            select(table.id).where(
                table.consultation_id == consultation, table.version == parcel.version, table.seq.is_not(None)
            )
        )
    if found is None:
        faults["what"] = _("Please choose a version that is public.")
    if not parcel.to:
        faults["to"] = _("Please choose to whom it goes.")
    elif len(parcel.to) > MOST:
        faults["to"] = _("At most %(most)s institutions can be written to at once.", most=number(MOST))
    if faults:
        raise errors.Invalid(faults)
    final = await _final(session, consultation)
    for id, numbers in parcel.to.items():
        _require_numbers(final, numbers, f"numbers.{id}")


async def _final(session: AsyncSession, consultation: UUID) -> set[int | None]:
    query = select(Recommendation.number).where(
        Recommendation.consultation_id == consultation, Recommendation.stage == "final"
    )
    return set(await session.scalars(query))


def _require_numbers(final: Collection[int | None], numbers: Collection[int], field: str) -> None:
    if not set(numbers) <= set(final):
        raise errors.Invalid({field: _("Only final recommendations are answered: please give their numbers.")})


async def _who_has_it(session: AsyncSession, parcel: Parcel) -> set[UUID]:
    query = select(Sending.addressee_id).where(
        Sending.addressee_id.in_(parcel.to), Sending.what == parcel.what, Sending.version == parcel.version
    )
    return set(await session.scalars(query))


def _sending(actor: Actor, row: "Addressee", parcel: Parcel, seq: int) -> Sending:
    made = Sending(
        id=clock.new_id(), consultation_id=row.consultation_id, addressee_id=row.id, what=parcel.what,
        version=parcel.version, institution=row.institution, kind=row.kind, salt=commitments.fresh_salt(), seq=seq,
        sent_by=actor.person, sent=clock.now(),
    )  # fmt: skip
    made.hash = commitments.commitment(made.salt, committed(made))
    return made
