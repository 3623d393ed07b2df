"""The organisers' list of institutions that the outcome goes to. Each verb: require, change, append, return.

Addresses are read by organisers alone. They are kept for two years after the last mail, so that answers and what
becomes of them can still be asked for; an institution that leaves the list keeps its row, without the address.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.accounts.people import address_of, email_address
from app.language import LANGUAGES, number
from app.language import gettext as _
from app.outreach.addressee_models import Addressee
from app.outreach.turn import take_turn
from app.permissions import Actor, Thing, require

KINDS = ("city", "ministry", "organisation", "event", "other")
KEPT = timedelta(days=730)
MOST = 500  # of one consultation
LIMIT = 200  # characters
_FORGOTTEN: dict[str, None] = {"email": None, "name": None}


@dataclass(frozen=True, slots=True)
class Entry:
    """An institution, as given."""

    institution: str = ""
    kind: str = "city"
    email: str = ""
    name: str = ""
    language: str = "en"


async def add(session: AsyncSession, actor: Actor, consultation: UUID, given: Entry) -> Addressee:
    """Put an institution on the list. Raises Unauthenticated, Forbidden, Invalid, Conflict."""
    require(actor, "outcome.send", Thing(consultation))
    await take_turn(session)
    clean = await _checked(session, consultation, given, None)
    count = select(func.count()).where(Addressee.consultation_id == consultation, Addressee.email.is_not(None))
    if int(await session.scalar(count) or 0) >= MOST:
        raise errors.Conflict(_("The list has %(most)s institutions, which is the most.", most=number(MOST)))
    row = Addressee(
        id=clock.new_id(), consultation_id=consultation, added_by=actor.person, keep_until=clock.now() + KEPT, **clean
    )  # fmt: skip
    session.add(row)
    await session.flush()
    await _tell(session, actor, row, "added")
    return row


async def change(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID, given: Entry) -> Addressee:
    """Say otherwise what the list says of an institution. Raises Unauthenticated, Forbidden, NotFound, Invalid."""
    require(actor, "outcome.send", Thing(consultation))
    await take_turn(session)
    row = await locked(session, consultation, id)
    for name, value in (await _checked(session, consultation, given, id)).items():
        setattr(row, name, value)
    await session.flush()
    await _tell(session, actor, row, "changed")
    return row


async def remove(session: AsyncSession, actor: Actor, consultation: UUID, id: UUID) -> None:
    """Take an institution off the list: its address and name are deleted at once, and its link is over.

    Raises Unauthenticated, Forbidden, NotFound.
    """
    require(actor, "outcome.send", Thing(consultation))
    await take_turn(session)
    row = await locked(session, consultation, id)
    row.email = row.name = None
    await session.flush()
    await _tell(session, actor, row, "removed")


async def locked(session: AsyncSession, consultation: UUID, id: UUID) -> Addressee:
    """An institution of the list, locked until the transaction ends. Raises NotFound."""
    row = await session.get(Addressee, id, with_for_update=True, populate_existing=True)
    if row is None or row.consultation_id != consultation or row.email is None:
        raise errors.NotFound(_("There is no such institution on the list."))
    return row


async def institution_of(session: AsyncSession, id: UUID) -> str | None:
    """The name of an institution of the list; None where it is not there any more, or its address is forgotten."""
    query = select(Addressee.institution).where(Addressee.id == id, Addressee.email.is_not(None))
    found: str | None = await session.scalar(query)
    return found


async def forget_old(session: AsyncSession) -> None:
    """Delete the addresses of those to whom nothing was sent for two years."""
    await session.execute(update(Addressee).where(Addressee.keep_until <= clock.now()).values(**_FORGOTTEN))


async def forget_person(session: AsyncSession, person: UUID) -> None:
    """Delete the address of somebody who leaves, and who put institutions on lists. Needs its turn (`turn.py`)."""
    address = await address_of(session, person)
    if address is not None:
        await session.execute(_quietly(update(Addressee).where(Addressee.email == address).values(**_FORGOTTEN)))
    await session.execute(_quietly(update(Addressee).where(Addressee.added_by == person).values(added_by=None)))


async def held_about(
    session: AsyncSession, person: UUID, after: UUID | None = None, limit: int = 1_000
) -> list[dict[str, Any]]:  # fmt: skip
    """The institutions that a person's address stands for, those after the entry `after`, as JSON-able values."""
    query = select(Addressee).where(Addressee.email == await address_of(session, person)).order_by(Addressee.id)
    rows = await session.scalars((query.where(Addressee.id > after) if after else query).limit(limit))
    return [
        {"id": str(row.id), "consultation": str(row.consultation_id), "institution": row.institution, "name": row.name,
         "email": row.email, "language": row.language, "deleted": clock.iso(row.keep_until)}
        for row in rows
    ]  # fmt: skip


async def _checked(session: AsyncSession, consultation: UUID, given: Entry, id: UUID | None) -> dict[str, Any]:
    faults: dict[str, str] = {}
    clean: dict[str, Any] = {"kind": given.kind, "language": given.language}
    for name in ("institution", "name"):
        clean[name] = _line(name, getattr(given, name), faults)
    if not clean["institution"]:
        faults.setdefault("institution", _("Please name the institution."))
    if given.kind not in KINDS:
        faults["kind"] = _("This is one of %(choice)s.", choice=", ".join(KINDS))
    if given.language not in LANGUAGES:
        faults["language"] = _("Please choose one of these languages.")
    try:
        clean["email"] = email_address(given.email)
    except errors.Invalid as fault:
        faults |= fault.fields
    else:
        same = (Addressee.consultation_id == consultation, Addressee.email == clean["email"], Addressee.id != id)
        if await session.scalar(select(Addressee.id).where(*(same if id else same[:2])).limit(1)) is not None:
            faults["email"] = _("This address is on the list already.")
    if faults:
        raise errors.Invalid(faults)
    return clean | {"name": clean["name"] or None}


def _line(name: str, value: str, faults: dict[str, str]) -> str:
    try:
        clean = text.line(value)
    except ValueError as fault:
        faults[name] = _("This %(fault)s.", fault=fault)
        return ""
    if len(clean) > LIMIT:
        faults[name] = _(
            "This has %(count)s characters; at most %(limit)s fit.", count=number(len(clean)), limit=number(LIMIT)
        )
    return clean


async def _tell(session: AsyncSession, actor: Actor, row: Addressee, act: str) -> None:
    await record.append(session, row.consultation_id, "addressee.changed", row.id, act=act, person=actor.person)


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
