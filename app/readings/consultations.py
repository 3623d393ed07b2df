"""Consultations and topics, asked for and worked out for now, and kept for as long as they stay the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, errors
from app.accounts.models import TeamMember
from app.consultations import schedule
from app.consultations.models import Consultation, Extension, GuidingQuestion, Phase, QuestionWording, Topic
from app.language import gettext as _
from app.language import reader
from app.readings.consultation_views import (
    ConsultationView,
    ExtensionView,
    Member,
    Question,
    TopicView,
    Wording,
)
from app.readings.spoken import spoken
from app.record.models import Record


async def consultations(connection: AsyncConnection) -> list[ConsultationView]:
    """All consultations, real ones first, then by title."""
    rows = (await connection.execute(_SELECT)).all()
    views = [spoken(_view(row, row.size), reader.get()) for row in rows]
    return sorted(views, key=lambda view: (view.sample, view.title))


async def consultation(connection: AsyncConnection, slug: str) -> ConsultationView:
    """One consultation with its topics, in one query or two. Raises NotFound."""
    found = (await connection.execute(_SIZE, {"slug": slug})).one_or_none()
    if found is None:
        raise errors.NotFound(_("There is no such consultation."))
    view = known(found.id, found.size, found.defined)
    if view is not None:
        return view
    row = (await connection.execute(_ONE, {"slug": slug})).one()
    if len(_READ) >= _MOST_KEPT:
        _READ.clear()
        _MADE.clear()
    _READ[found.id] = row
    return spoken(_view(row, row.size), reader.get())


def known(id: UUID, size: int, defined: int) -> ConsultationView | None:
    """The consultation as it was read before, if its record says that nothing about it has changed since: `defined`
    is where it last told of such a change. None where it has to be read (again)."""
    row = _READ.get(id)
    if row is None or row.defined != defined:
        return None
    second = int(clock.now().timestamp())  # phases begin and end at whole ones
    language = reader.get()
    made = _MADE.get((id, language))
    if made is None or made[:2] != (second, defined):
        made = _MADE[id, language] = (second, defined, spoken(_view(row, size), language))
    return made[2] if made[2].size == size else replace(made[2], size=size)


def _collected(table: type[Any], **columns: Any) -> Any:
    pairs: list[Any] = []
    for name, column in columns.items():
        pairs += [literal_column(f"'{name}'"), column]
    mine = select(func.json_agg(func.json_build_object(*pairs))).where(table.consultation_id == Consultation.id)
    return mine.scalar_subquery()


_WORDINGS = (
    select(func.json_agg(aggregate_order_by(
        func.json_build_object("text", QuestionWording.text, "until", QuestionWording.until), QuestionWording.version
    )))
    .where(QuestionWording.question_id == GuidingQuestion.id)
    .scalar_subquery()
)  # fmt: skip
_QUESTIONS = (
    select(func.json_agg(func.json_build_object("key", GuidingQuestion.key, "text", GuidingQuestion.text,
                                                "position", GuidingQuestion.position,
                                                "version", GuidingQuestion.version, "earlier", _WORDINGS)))
    .where(GuidingQuestion.topic_id == Topic.id)
    .scalar_subquery()
)  # fmt: skip
_SELECT = select(
    Consultation.id, Consultation.slug, Consultation.title, Consultation.summary, Consultation.time_zone,
    Consultation.languages, Consultation.sample, Consultation.announced, Consultation.details, Record.size,
    Record.defined,
    _collected(Phase, name=Phase.name, starts=Phase.starts, note=Phase.note).label("phases"),
    _collected(
        Extension, id=Extension.id, topic=Extension.topic_id, act=Extension.act, closes=Extension.closes,
        reason=Extension.reason, decided=Extension.decided,
    ).label("extensions"),
    _collected(
        TeamMember, role=TeamMember.role, topic=TeamMember.topic_id, name=TeamMember.name,
        organisation=TeamMember.organisation, since=TeamMember.since,
    ).label("team"),
    _collected(
        Topic, id=Topic.id, slug=Topic.slug, position=Topic.position, title=Topic.title, background=Topic.background,
        background_html=Topic.background_html, policy=Topic.policy, opens=Topic.opens, closes=Topic.closes,
        moderators=Topic.moderators, rapporteurs=Topic.rapporteurs, questions=_QUESTIONS,
    ).label("topics"),
).join(Record, Record.id == Consultation.id)  # fmt: skip
# Made once: making them costs more than running them.
_ONE = _SELECT.where(Consultation.slug == bindparam("slug"))
_SIZE = (
    select(Consultation.id, Record.size, Record.defined)
    .join(Record, Record.id == Consultation.id)
    .where(Consultation.slug == bindparam("slug"))
)
_READ: dict[UUID, Any] = {}
_MADE: dict[tuple[UUID, str | None], tuple[int, int, ConsultationView]] = {}  # of which second and entry
_MOST_KEPT = 200
ROLES = ("organiser", "moderator", "rapporteur")


def _view(row: Any, size: int) -> ConsultationView:
    now = clock.now()
    phases = sorted(
        (schedule.Phase(phase["name"], _moment(phase["starts"]), phase["note"]) for phase in row.phases or ()),
        key=lambda phase: phase.starts,
    )
    closes = schedule.closing(phases)
    return ConsultationView(
        id=row.id, slug=row.slug, title=row.title, summary=row.summary, time_zone=row.time_zone,
        languages=row.languages, sample=row.sample, announced=row.announced, size=size, defined=row.defined,
        phase=schedule.phase_at(phases, now), phases=phases,
        opens=schedule.opening(phases), closes=closes,
        days_left=schedule.days_left(closes, now, ZoneInfo(row.time_zone)), details=row.details,
        topics=[
            _topic(topic, phases, now, _extensions(row, topic["id"]))
            for topic in sorted(row.topics or (), key=lambda topic: topic["position"])
        ],
        extensions=_extensions(row, None), team=_team(row),
    )  # fmt: skip


def _extensions(row: Any, topic: str | None) -> list[ExtensionView]:
    """Acts on the dates of a topic (None: of the consultation), in their order."""
    return [
        ExtensionView(
            each["act"], _moment(each["closes"]) if each["closes"] else None, each["reason"], _moment(each["decided"])
        )
        for each in sorted(row.extensions or (), key=lambda each: each["id"])
        if each["topic"] == topic
    ]


def _team(row: Any) -> list[Member]:
    """Organisers first, then who moderates, then who reports; each in the order in which they came."""
    there = {None, *(topic["id"] for topic in row.topics or ())}  # a topic may have gone from the definition
    listed = sorted(row.team or (), key=lambda each: (ROLES.index(each["role"]), each["since"]))
    return [
        Member(each["role"], UUID(each["topic"]) if each["topic"] else None, each["name"], each["organisation"])
        for each in listed
        if each["topic"] in there
    ]


def _topic(
    topic: Mapping[str, Any], phases: Sequence[schedule.Phase], now: datetime, extensions: Sequence[ExtensionView]
) -> TopicView:
    own_opening, own_closing = (_moment(topic[end]) if topic[end] else None for end in ("opens", "closes"))
    opens, closes = schedule.topic_window(phases, own_opening, own_closing)
    questions = sorted(topic["questions"] or (), key=lambda question: question["position"])
    return TopicView(
        id=UUID(topic["id"]), slug=topic["slug"], title=topic["title"], background=topic["background"],
        background_html=topic["background_html"], policy=topic["policy"],
        phase=schedule.topic_phase(phases, now, own_opening, own_closing), opens=opens, closes=closes,
        moderators=topic["moderators"], rapporteurs=topic["rapporteurs"],
        questions=[_question(each, topic["slug"]) for each in questions],
        extensions=extensions, own_opens=own_opening, own_closes=own_closing,
    )  # fmt: skip


def _question(given: Mapping[str, Any], topic: str) -> Question:
    earlier = [Wording(each["text"], _moment(each["until"])) for each in given["earlier"] or ()]
    return Question(given["key"], f"{topic}.{given['key']}", given["text"], given["version"], earlier)


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)
