"""Who codes: persons and, of what came in files, names. One row each in a consultation, so that codings stay apart."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.language import gettext as _
from app.synthesis.coding_models import Coder

MOST = 500  # in a consultation; files bring names in any number
_TURN = 7_526_461  # any number that no other advisory lock of ours has


async def take_turn(session: AsyncSession, consultation: UUID) -> None:
    """Wait until nobody else changes this code book or becomes a coder, and keep it so until the commit."""
    await session.execute(select(func.pg_advisory_xact_lock(_TURN, func.hashtext(str(consultation)))))


async def coder_of(
    session: AsyncSession, consultation: UUID, *, person: UUID | None = None, name: str | None = None
) -> UUID:
    """The coder who is this person or, from a file, bears this name; made where there is none yet. Raises Conflict."""
    found = await _found(session, consultation, person, name)
    if found is not None:
        return found
    await take_turn(session, consultation)
    found = await _found(session, consultation, person, name)
    if found is not None:
        return found
    numbers = select(func.max(Coder.number)).where(Coder.consultation_id == consultation)
    last = int(await session.scalar(numbers) or 0)
    if last >= MOST:
        raise errors.Conflict(_("There are %(most)s coders here, which is the most.", most=MOST))
    coder = Coder(id=clock.new_id(), consultation_id=consultation, number=last + 1, person_id=person, name=name)
    session.add(coder)
    await session.flush()
    return coder.id


def called(named: str | None, name: str | None, person: UUID | None) -> str | None:
    """What those who work together call a coder: as a file `named` them, or by the `name` in their profile. None: they
    left."""
    return named or name or (_("no name yet") if person else None)


def label(number: int) -> str:
    """A, B … Z, AA, AB …: what a coder is called where nobody is named."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


async def _found(session: AsyncSession, consultation: UUID, person: UUID | None, name: str | None) -> UUID | None:
    who = Coder.person_id == person if person is not None else Coder.name == name
    found: UUID | None = await session.scalar(select(Coder.id).where(Coder.consultation_id == consultation, who))
    return found
