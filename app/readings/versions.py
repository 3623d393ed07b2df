"""The version of everything public: the size of the record. Pages and lists are cached by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors
from app.consultations.models import Consultation
from app.contributions.models import Contribution
from app.language import gettext as _
from app.record.models import Record


@dataclass(frozen=True, slots=True)
class Version:
    """What a public answer depends on: which record, its size and, since phases follow the calendar, the local date.

    A consultation that was removed and added again has another record, which may well reach the same size.
    """

    consultation: UUID
    size: int
    date: str

    def tag(self, *more: str) -> str:
        """An entity tag's text; `more` is what else the answer depends on, such as the build and the language."""
        return "-".join((self.consultation.hex[-_TOLD_APART:], str(self.size), self.date, *more))


async def version(connection: AsyncConnection, slug: str) -> Version:
    """The version of one consultation's public answers, in one small query. Raises NotFound."""
    row = (await connection.execute(_SELECT.where(Consultation.slug == slug))).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such consultation."))
    return version_from(*row)


def version_from(consultation: UUID, time_zone: str, size: int) -> Version:
    """The version that these three make today."""
    return Version(consultation, size, _today(time_zone))


async def version_around(connection: AsyncConnection, contribution: UUID) -> Version:
    """The version of the consultation that a contribution is in. Raises NotFound where that never was public."""
    query = _SELECT.join(Contribution, Contribution.consultation_id == Consultation.id)
    row = (
        await connection.execute(query.where(Contribution.id == contribution, Contribution.number.is_not(None)))
    ).one_or_none()
    if row is None:
        raise errors.NotFound(_("There is no such contribution."))
    return version_from(*row)


async def sizes(connection: AsyncConnection, consultations: Sequence[UUID]) -> dict[UUID, int]:
    """How many entries the record of each of these has now."""
    rows = await connection.execute(select(Record.id, Record.size).where(Record.id.in_(consultations)))
    return {row.id: row.size for row in rows}


async def service_version(connection: AsyncConnection) -> Version:
    """The version of what concerns all consultations together."""
    seen = select(Record.id, Record.size).join(Consultation, Consultation.id == Record.id).order_by(Record.id)
    rows = (await connection.execute(seen)).all()
    together = uuid5(UUID(int=0), " ".join(str(row.id) for row in rows))
    return Version(together, sum(row.size for row in rows), _today("UTC"))


_TOLD_APART = 8  # hexadecimal digits; of an identifier the last ones are random, the first ones a time
_SELECT = select(Consultation.id, Consultation.time_zone, Record.size).join(Record, Record.id == Consultation.id)


def _today(time_zone: str) -> str:
    local: datetime = clock.now().astimezone(ZoneInfo(time_zone))
    return f"{local:%Y%m%d}"
