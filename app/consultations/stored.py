"""A consultation's definition as it stands: what was loaded last, with the dates that organisers' acts have left."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import errors
from app.consultations import dates_in_force, schedule
from app.consultations.definition import Definition
from app.consultations.models import Consultation, Extension, ScreeningPolicy, Topic
from app.language import gettext as _

Raw = dict[str, Any]
_DATES = ("starts", "ends", "opens", "closes", "date", "until")


def kept(definition: Definition) -> Raw:
    """What the consultation's row keeps of a definition: all but the screening, which has a table of its own."""
    return definition.model_dump(mode="json", exclude={"screening"})


async def definition_of(session: AsyncSession, id: UUID, *, lock: bool = False) -> Definition:
    """The definition that a file would have to hold for a load to change nothing. Raises NotFound."""
    query = select(Consultation).where(Consultation.id == id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True) if lock else query
    consultation = await session.scalar(query)
    if consultation is None:
        raise errors.NotFound(_("There is no such consultation."))
    raw = _with_dates(consultation.definition)
    screening = await session.get(ScreeningPolicy, id)
    if screening is not None:
        raw["screening"] = screening.policy
    acts = await dates_in_force.acts_of(session, id)
    definition = Definition.model_validate(raw)
    return await _in_force(session, id, definition, acts) if acts else definition


def fingerprint(definition: Definition, fields: Collection[str]) -> str:
    """Tells apart two states of these fields: whoever changes them says which state they saw."""
    said = definition.model_dump(mode="json", include=set(fields))
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:20]


def localised(definition: Definition) -> Definition:
    """The same with every moment as its local time, for forms; times that local clocks show twice keep their offset."""
    zone = ZoneInfo(definition.time_zone)

    def told(part: BaseModel, *names: str) -> Raw:
        at = {name: getattr(part, name) for name in names}
        moved = {k: local(v, zone) for k, v in at.items() if isinstance(v, datetime) and v.tzinfo is not None}
        return part.model_dump() | moved

    phases = [told(phase, "starts") for phase in definition.phases]
    topics = [told(topic, "opens", "closes") for topic in definition.topics]
    return Definition.model_validate(definition.model_dump() | {"phases": phases, "topics": topics})


async def topic_ids(session: AsyncSession, consultation: UUID) -> dict[str, UUID]:
    """The topics that there are, by slug; some of them may have left the definition."""
    rows = await session.execute(select(Topic.slug, Topic.id).where(Topic.consultation_id == consultation))
    return {row.slug: row.id for row in rows}


async def _in_force(session: AsyncSession, id: UUID, given: Definition, acts: Sequence[Extension]) -> Definition:
    """The definition with each date that an act moved where it is now."""
    zone, ids = ZoneInfo(given.time_zone), await topic_ids(session, id)
    written = dict(zip(given.schedule(), given.phases, strict=True))
    phases = [
        (written[phase].model_dump() if phase in written else _phase(phase, zone))
        for phase in dates_in_force.phases(given.schedule(), acts)
    ]
    topics = []
    for topic in given.topics:
        before = given.window(topic)
        after = dates_in_force.window(before, acts, ids.get(topic.slug))
        moved = {
            name: local(now, zone) if now else None
            for name, was, now in zip(("opens", "closes"), before, after, strict=True)
            if was != now
        }
        topics.append(topic.model_dump() | moved)
    return Definition.model_validate(given.model_dump() | {"phases": phases, "topics": topics})


def _phase(phase: schedule.Phase, zone: ZoneInfo) -> Raw:
    return {"name": phase.name, "starts": local(phase.starts, zone), "note": phase.note}


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment as a file has it: the local time, or with its offset where the clocks show that time twice."""
    said = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    try:
        return said if schedule.moment(said, zone) == moment else moment
    except ValueError:
        return moment


def _with_dates(value: Any) -> Any:
    """JSON as the models want it: dates are dates again."""
    if isinstance(value, list):
        return [_with_dates(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: each if name == "translations" else _date(each) if name in _DATES else _with_dates(each)
        for name, each in value.items()
    }


def _date(value: Any) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    return date.fromisoformat(value) if len(value) == len("2016-07-26") else datetime.fromisoformat(value)
