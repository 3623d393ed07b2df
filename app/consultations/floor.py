"""The floor: what somebody who speaks in a topic must obey. Contributions ask here; they do not know the tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors
from app.consultations import schedule
from app.consultations.definition import Screening
from app.consultations.models import Consultation, GuidingQuestion, Phase, ScreeningPolicy, Topic
from app.database.prepared import Prepared
from app.language import gettext as _


@dataclass(frozen=True, slots=True)
class Floor:
    """One topic of one consultation: its rules for taking contributions."""

    consultation: UUID
    slug: str
    time_zone: str
    topic: UUID
    topic_slug: str
    topic_title: str
    policy: str  # before, after
    questions: frozenset[str]  # keys as the public writes them: inclusion.a
    phases: Sequence[schedule.Phase]
    opens: datetime | None
    closes: datetime | None
    announced: datetime | None  # None: the consultation is in preparation
    screening: Screening

    def phase(self, at: datetime | None = None) -> schedule.PhaseName:
        """The topic's phase at a moment (now)."""
        return schedule.topic_phase(self.phases, at or clock.now(), self.opens, self.closes)

    def require_open(self) -> None:
        """Raises Closed with the date and what remains possible, unless contributions are taken now."""
        if self.announced is None:
            raise errors.Closed(_("This consultation is in preparation: it takes contributions once it is announced."))
        if self.phase() == "open":
            return
        starts, ends = schedule.topic_window(self.phases, self.opens, self.closes)
        if starts is not None and clock.now() < starts:
            raise errors.Closed(
                _(
                    "“%(topic_title)s” opens on %(date)s. Until then you can read it.",
                    topic_title=self.topic_title,
                    date=self._date(starts),
                ),
                since=None,
            )
        since = self._date(ends) if ends else ""
        raise errors.Closed(
            _(
                "“%(topic_title)s” closed on %(since)s. You can still read it, and withdraw or erase what you wrote.",
                topic_title=self.topic_title,
                since=since,
            ),
            since=clock.iso(ends),
        )

    def _date(self, moment: datetime) -> str:
        return schedule.said(moment, self.time_zone)


async def floor_of(session: AsyncSession, *, topic: UUID | None = None, consultation: UUID | None = None,
                   slug: str | None = None) -> Floor:  # fmt: skip
    """The floor of a topic, by its id or by its consultation and slug. Raises NotFound."""
    if topic is not None:
        row = await _BY_ID.row(session, topic=topic)
    else:
        row = await _BY_SLUG.row(session, consultation=consultation, slug=slug)
    if row is None:
        raise errors.NotFound(_("There is no such topic."))
    return _floor(row)


async def floors_of(session: AsyncSession, consultation: UUID) -> dict[UUID, Floor]:
    """The floors of all topics of a consultation, by topic."""
    rows = (await session.execute(_SELECT.where(Topic.consultation_id == consultation))).mappings().all()
    return {row["id"]: _floor(row) for row in rows}


async def floors_by_topic(session: AsyncSession, topics: Collection[UUID]) -> dict[UUID, Floor]:
    """The floors of these topics, which may be of several consultations."""
    rows = (await session.execute(_SELECT.where(Topic.id.in_(topics)))).mappings().all()
    return {row["id"]: _floor(row) for row in rows}


async def consultation_id(session: AsyncSession, slug: str) -> UUID:
    """The id of a consultation. Raises NotFound."""
    row = await _ID.row(session, slug=slug)
    if row is None:
        raise errors.NotFound(_("There is no such consultation."))
    found: UUID = row["id"]
    return found


_PHASES = (
    select(func.json_agg(func.json_build_object("name", Phase.name, "starts", Phase.starts)))
    .where(Phase.consultation_id == Consultation.id)
    .scalar_subquery()
)
_QUESTIONS = (
    select(func.array_agg(GuidingQuestion.key)).where(GuidingQuestion.topic_id == Topic.id).scalar_subquery()
)  # fmt: skip
_SELECT = select(
    Topic.id, Topic.slug, Topic.title, Topic.policy, Topic.opens, Topic.closes,
    Consultation.id.label("consultation"), Consultation.slug.label("consultation_slug"), Consultation.time_zone,
    Consultation.announced, _PHASES.label("phases"), _QUESTIONS.label("questions"),
    ScreeningPolicy.policy.label("screening"),
).join(Consultation, Consultation.id == Topic.consultation_id).outerjoin(
    ScreeningPolicy, ScreeningPolicy.consultation_id == Consultation.id
)  # fmt: skip
# Asked for every text: made once, they cost half.
_BY_ID = Prepared(_SELECT.where(Topic.id == bindparam("topic", type_=Uuid())))
_BY_SLUG = Prepared(
    _SELECT.where(
        Topic.consultation_id == bindparam("consultation", type_=Uuid()), Topic.slug == bindparam("slug", type_=Text())
    )
)
_ID = Prepared(select(Consultation.id).where(Consultation.slug == bindparam("slug", type_=Text())))


def _floor(row: Any) -> Floor:
    phases = [schedule.Phase(phase["name"], datetime.fromisoformat(phase["starts"])) for phase in row["phases"] or ()]
    return Floor(
        consultation=row["consultation"], slug=row["consultation_slug"], time_zone=row["time_zone"],
        topic=row["id"], topic_slug=row["slug"], topic_title=row["title"], policy=row["policy"],
        questions=frozenset(f"{row['slug']}.{key}" for key in row["questions"] or ()),
        phases=sorted(phases, key=lambda phase: phase.starts), opens=row["opens"], closes=row["closes"],
        announced=row["announced"],
        screening=Screening.model_construct(**row["screening"]) if row["screening"] else _NOTHING_SAID,
    )  # fmt: skip


_NOTHING_SAID = Screening()


async def closing_of(session: AsyncSession, consultation: UUID) -> datetime | None:
    """From when a consultation takes no contributions any more; None where its end is open."""
    rows = await session.execute(select(Phase.name, Phase.starts).where(Phase.consultation_id == consultation))
    phases = [schedule.Phase(row.name, row.starts) for row in rows]
    return schedule.closing(sorted(phases, key=lambda phase: phase.starts))


async def rule_numbers(session: AsyncSession, consultation: UUID) -> frozenset[str]:
    """The numbers of the consultation's moderation rules, as reasons cite them."""
    details = await session.scalar(select(Consultation.details).where(Consultation.id == consultation))
    return frozenset(str(rule["number"]) for rule in (details or {}).get("rules", ()))


async def hiding_threshold(session: AsyncSession, consultation: UUID) -> int | None:
    """How many flags hide a contribution until a moderator has looked; None where the definition does not say so."""
    details = await session.scalar(select(Consultation.details).where(Consultation.id == consultation))
    threshold: int | None = ((details or {}).get("moderation") or {}).get("hide_at_flags")
    return threshold
