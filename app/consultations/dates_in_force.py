"""The dates of a definition file after what organisers did to them since.

An act is known by the date that it found and the date that it left. While the file still has the one that an act found,
the one that it left is meant, and so on through later acts; once the file has another date, the file is meant.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.consultations import schedule
from app.consultations.models import Extension

Window = tuple[datetime | None, datetime | None]


async def acts_of(session: AsyncSession, consultation: UUID) -> list[Extension]:
    """All acts on the dates of a consultation and its topics, in their order."""
    query = select(Extension).where(Extension.consultation_id == consultation).order_by(Extension.id)
    return list((await session.scalars(query)).all())


def window(given: Window, acts: Sequence[Extension], topic: UUID | None) -> Window:
    """Opening and closing of a topic (None: of the consultation) as acts left them."""
    opens, closes = given
    for act in acts:
        if act.topic_id != topic or act.act in schedule.BEGUN_BY:
            continue
        if act.act == "open":
            opens = act.opens if act.opened_before == opens else opens
        else:
            closes = act.closes if act.closed_before == closes else closes
    return opens, closes


def phases(given: tuple[schedule.Phase, ...], acts: Sequence[Extension]) -> tuple[schedule.Phase, ...]:
    """The phases of a file as acts left them; those of the file, where its other dates leave no room for that."""
    before = schedule.opening(given), schedule.closing(given)
    opens, closes = window(before, acts, None)
    meant = given
    try:
        if closes is not None and closes != before[1]:
            meant = schedule.with_closing(meant, closes)
        if opens is not None and opens != before[0]:
            meant = schedule.with_opening(meant, opens)
        for act in acts:
            begun = schedule.BEGUN_BY.get(act.act)
            if begun and act.closes and schedule.start_of(meant, begun) == act.closed_before:
                meant = schedule.with_start(meant, begun, act.closes)
    except ValueError:
        return given
    return meant
