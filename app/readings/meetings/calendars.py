"""What a consultation's calendar holds: when it and its topics open and close, and its meetings."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, text
from app.consultations.models import Consultation
from app.language import gettext as _
from app.readings.consultation_views import ConsultationView, TopicView
from app.readings.meetings.icalendar import Event
from app.readings.meetings.planned import PlannedView
from app.record.models import Entry

_ABOUT = 1_000  # characters of what a meeting is about


async def defined_when(connection: AsyncConnection, consultation: ConsultationView) -> datetime:
    """When the consultation's dates, topics or words changed last."""
    entry = select(Entry.time).where(Entry.record_id == consultation.id, Entry.seq == consultation.defined)
    found = await connection.scalar(entry)
    if found is None:
        found = await connection.scalar(select(Consultation.created).where(Consultation.id == consultation.id))
    return found or clock.now()


def all_events(
    consultation: ConsultationView, meetings: Sequence[PlannedView], changed: datetime, base: str
) -> list[Event]:  # fmt: skip
    """Everything. `changed` is when the consultation was last defined; the entry that told it numbers the dates."""
    home = f"{base}/c/{consultation.slug}"
    return [*_dates(consultation, changed, home), *(of_meeting(each, consultation, base) for each in meetings)]


def of_topic(
    consultation: ConsultationView, topic: TopicView, meetings: Sequence[PlannedView], changed: datetime, base: str
) -> list[Event]:  # fmt: skip
    """When one topic opens and closes, by its own dates or the consultation's, and the meetings, which are for all.

    Where nothing is to come of either, the dates of the consultation: no calendar is empty.
    """
    home = f"{base}/c/{consultation.slug}"
    events = [
        *_window(topic, topic.opens, topic.closes, (changed, consultation.defined), home),
        *(of_meeting(each, consultation, base) for each in meetings),
    ]
    return events or [*_dates(consultation, changed, home)]


def of_meeting(planned: PlannedView, consultation: ConsultationView, base: str) -> Event:
    """One meeting. Its link is not in it: a calendar is public."""
    where = [planned.place] if planned.place else []
    return Event(
        uid=str(planned.id), starts=planned.starts, ends=planned.ends, title=planned.title,
        url=f"{base}/c/{consultation.slug}/meetings/{planned.id}", changed=planned.updated, sequence=planned.sequence,
        text=_about(planned), place=" / ".join([*where, _("online")] if planned.online else where),
        cancelled=planned.cancelled is not None,
    )  # fmt: skip


def _dates(consultation: ConsultationView, changed: datetime, home: str) -> Iterator[Event]:
    title, sequence = consultation.title, consultation.defined

    def event(uid: UUID, moment: datetime, said: str, url: str) -> Event:
        return Event(str(uid), moment, None, said, url, changed, sequence)

    said = {
        "announced": _("Announced: %(what)s", what=title), "open": _("Opens: %(what)s", what=title),
        "closed": _("Closes: %(what)s", what=title), "reported": _("Report: %(what)s", what=title),
        "archived": _("Archived: %(what)s", what=title),
    }  # fmt: skip
    for phase in consultation.phases:
        yield event(uuid5(consultation.id, f"phase {phase.name}"), phase.starts, said[phase.name], home)
    for topic in consultation.topics:
        yield from _window(topic, topic.own_opens, topic.own_closes, (changed, sequence), home)


def _window(
    topic: TopicView, opens: datetime | None, closes: datetime | None, version: tuple[datetime, int], home: str
) -> Iterator[Event]:  # fmt: skip
    """The two ends of a topic. Their names stay, whichever calendar they are in and whosever dates they follow."""
    url = f"{home}/topics/{topic.slug}"
    if opens:
        said = _("Opens: %(what)s", what=topic.title)
        yield Event(str(uuid5(topic.id, "opens")), opens, None, said, url, *version)
    if closes:
        said = _("Closes: %(what)s", what=topic.title)
        yield Event(str(uuid5(topic.id, "closes")), closes, None, said, url, *version)


def _about(planned: PlannedView) -> str:
    if planned.cancelled:
        return _("Cancelled. The reason given: %(reason)s", reason=planned.reason)
    return text.excerpt(planned.about, _ABOUT)
