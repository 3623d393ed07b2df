"""What mails about dates need to say: that something is open, is open for longer, or closes soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock
from app.consultations import schedule
from app.consultations.models import Consultation, Extension, Phase, Topic
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.letters.news_letters import consultation_views

SOON = timedelta(days=3)
_STILL = timedelta(days=2)  # said later than that, it would be no use


@dataclass(frozen=True, slots=True)
class DateNews:
    """A consultation, or one topic of it, that takes contributions, and an organiser's reason where they gave one."""

    consultation: ConsultationView
    topic: TopicView | None
    closes: datetime | None
    reason: str | None = None

    @property
    def path(self) -> str:
        """Its page."""
        home = f"/c/{self.consultation.slug}"
        return f"{home}/topics/{self.topic.slug}" if self.topic else home


async def closing_soon(session: AsyncSession) -> list[tuple[UUID, datetime]]:
    """Which consultations that are announced and open close in three days, and when."""
    now = clock.now()
    ends = (
        select(Phase.consultation_id, func.min(Phase.starts).label("closes"))
        .join(Consultation, Consultation.id == Phase.consultation_id)
        .where(Consultation.announced.is_not(None), Phase.name.in_(schedule.ORDER[schedule.ORDER.index("open") + 1 :]))
        .group_by(Phase.consultation_id)
        .subquery("ends")
    )
    opened = select(Phase.id).where(
        Phase.consultation_id == ends.c.consultation_id, Phase.name == "open", Phase.starts <= now
    )
    query = select(ends).where(opened.exists(), ends.c.closes > now + _STILL, ends.c.closes <= now + SOON)
    return [(row.consultation_id, row.closes) for row in await session.execute(query)]


async def topics_closing_soon(session: AsyncSession) -> list[tuple[UUID, UUID, datetime]]:
    """Which topics close in three days by a date of their own, before their consultation does: it, the topic, when."""
    now = clock.now()
    near = Topic.closes.is_not(None) & (Topic.closes > now + _STILL) & (Topic.closes <= now + SOON)
    query = select(Topic.consultation_id).join(Consultation, Consultation.id == Topic.consultation_id)
    found = set(await session.scalars(query.where(near, Consultation.announced.is_not(None))))
    views = await consultation_views(session, found)
    return [
        (its.id, topic.id, topic.closes)
        for its in views.values()
        for topic in its.topics
        if topic.phase == "open" and topic.closes and topic.closes != its.closes
        and now + _STILL < topic.closes <= now + SOON
    ]  # fmt: skip


async def date_news(session: AsyncSession, subject: UUID) -> DateNews | None:
    """What is open now: the consultation or topic with this id, or what an organiser's act with this id was about. None
    where it does not take contributions (any more)."""
    act, single = await session.get(Extension, subject), await session.get(Topic, subject)
    its_id = act.consultation_id if act else single.consultation_id if single else subject
    found = await consultation_views(session, [its_id])
    if not found:
        return None
    [its] = found.values()
    about = act.topic_id if act else single.id if single else None
    topic = next((each for each in its.topics if each.id == about), None)
    if (topic or its).phase != "open":
        return None
    return DateNews(its, topic, (topic or its).closes, act.reason if act else None)
