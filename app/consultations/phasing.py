"""What organisers do to dates: open now, extend, close early, reopen the whole consultation or one of its topics; say
that the report is out; archive.

Each act is a row with its reason, which everyone can read, and an entry in the record that commits to it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import clock, errors, record, text
from app.consultations import schedule
from app.consultations.models import Consultation, Extension, Topic
from app.consultations.phase_rows import Told, as_schedule, enter_due, phases_of, store_phases
from app.language import gettext as _
from app.language import number, quoted
from app.permissions import Actor, Thing, require
from app.record import commitments

ACTS = ("open", "extend", "close", "reopen", "report", "archive")
REASON_LIMIT = 1_000
LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class PhaseChange:
    """What is asked: the act, why, until when (to extend and to reopen), and the topic's slug (None: all of it)."""

    act: str
    reason: str
    closes: datetime | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class _Dates:
    """Where an act finds the dates: of the whole consultation, and of the topic it is about."""

    consultation: Consultation
    phases: list[schedule.Phase]
    topic: Topic | None

    @property
    def phase(self) -> str:
        if self.topic is None:
            return schedule.phase_at(self.phases, clock.now())
        return schedule.topic_phase(self.phases, clock.now(), self.topic.opens, self.topic.closes)

    @property
    def opens(self) -> datetime | None:
        return self.topic.opens if self.topic else schedule.opening(self.phases)

    @property
    def closes(self) -> datetime | None:
        return self.topic.closes if self.topic else schedule.closing(self.phases)

    @property
    def what(self) -> str:
        return quoted(self.topic.title) if self.topic else _("This consultation")

    def said(self, moment: datetime | None) -> str:
        """A moment in the consultation's time zone, for a sentence."""
        return schedule.said(moment, self.consultation.time_zone) if moment else _("a later day")


async def change_phase(session: AsyncSession, actor: Actor, consultation: UUID, asked: PhaseChange) -> Extension:
    """Open now, extend, close early, reopen, report or archive, with a reason for everyone to read.

    Returns the act's row. Raises NotFound, Unauthenticated, Forbidden, Invalid with a sentence for each field, and
    Conflict where the act makes no sense in the present phase.
    """
    require(actor, "phase.change", Thing(consultation))
    dates, asked = await _found(session, consultation, asked), _checked(asked)
    act = await _VERBS[asked.act](session, dates, asked)
    if dates.topic is None:
        dates.consultation.updated = clock.now()
    await _record(session, dates, act)
    return act


async def _found(session: AsyncSession, id: UUID, asked: PhaseChange) -> _Dates:
    consultation = await session.get(Consultation, id, with_for_update={"key_share": True}, populate_existing=True)
    if consultation is None:
        raise errors.NotFound(_("There is no such consultation."))
    if consultation.announced is None:
        raise errors.Conflict(_("This consultation is in preparation: its dates are still set where it is set up."))
    topic = None
    if asked.topic is not None:
        query = select(Topic).where(Topic.consultation_id == id, Topic.slug == asked.topic)
        topic = (await session.scalars(query.with_for_update(key_share=True))).one_or_none()
        if topic is None:
            raise errors.Invalid({"topic": _("There is no such topic in this consultation.")})
    return _Dates(consultation, as_schedule(await phases_of(session, id)), topic)


def _checked(asked: PhaseChange) -> PhaseChange:
    faults: dict[str, str] = {}
    if asked.act not in ACTS:
        faults["act"] = _("The act is one of %(choice)s.", choice=", ".join(ACTS))
    try:
        reason = text.paragraphs(asked.reason)
    except ValueError as fault:
        reason, faults["reason"] = "", _("This %(fault)s.", fault=fault)
    if "reason" not in faults and (not reason or len(reason) > REASON_LIMIT):
        faults["reason"] = _(
            "Please say why, in at most %(most)s characters: everyone can read it.", most=number(REASON_LIMIT)
        )
    closes = asked.closes.replace(microsecond=0) if asked.closes else None
    if asked.act in ("extend", "reopen") and closes is None:
        faults["closes"] = _("Please say until when contributions are to be taken.")
    elif closes is not None and closes.year > LAST_YEAR:
        faults["closes"] = _("Please choose a date before the year %(value)s.", value=LAST_YEAR + 1)
    elif asked.act in ("open", "close", *schedule.BEGUN_BY) and closes is not None:
        faults["closes"] = _("To %(act)s happens now and takes no date; leave it out.", act=asked.act)
    if faults:
        raise errors.Invalid(faults)
    return replace(asked, reason=reason, closes=closes)


async def _open(session: AsyncSession, dates: _Dates, asked: PhaseChange) -> Extension:
    """Take contributions from now on, before the planned opening."""
    if dates.phase != "announced":
        raise errors.Conflict(
            _("%(what)s is %(phase)s; only what is announced can be opened.", what=dates.what, phase=dates.phase)
        )
    now = clock.now()
    act = _act(dates, asked, opened_before=dates.opens, opens=now)
    if dates.topic is not None:
        _require_open_around(dates)
        dates.topic.opens = now
    else:
        await _store(session, dates, schedule.with_opening(dates.phases, now))
    return act


async def _extend(session: AsyncSession, dates: _Dates, asked: PhaseChange) -> Extension:
    """Take contributions until later than planned."""
    if dates.closes is None:
        raise errors.Conflict(
            _("%(what)s closes when the consultation does: extend that.", what=dates.what)
            if dates.topic
            else _("This consultation has no closing date; there is nothing to extend.")
        )
    if dates.topic is not None and dates.phase == "closed":
        raise errors.Conflict(_("%(what)s is closed; to take contributions again, reopen it.", what=dates.what))
    return await _close_at(session, dates, asked)


async def _close(session: AsyncSession, dates: _Dates, asked: PhaseChange) -> Extension:
    """Take no contributions from now on, before the planned end."""
    if dates.phase != "open":
        raise errors.Conflict(
            _("%(what)s is %(phase)s; only what is open can be closed.", what=dates.what, phase=dates.phase)
        )
    now = clock.now()
    act = _act(dates, asked, closed_before=dates.closes, closes=now)
    if dates.topic is not None:
        dates.topic.closes = now
        return act
    try:
        await _store(session, dates, schedule.with_closing(dates.phases, now))
    except ValueError as fault:
        raise errors.Conflict(_("Sorry, %(fault)s.", fault=fault)) from None
    return act


async def _reopen(session: AsyncSession, dates: _Dates, asked: PhaseChange) -> Extension:
    """Take contributions again after the end, until another."""
    if dates.phase != "closed":
        raise errors.Conflict(
            _("%(what)s is %(phase)s; only what is closed can be reopened.", what=dates.what, phase=dates.phase)
        )
    if dates.topic is not None:
        _require_open_around(dates)
    return await _close_at(session, dates, asked)


async def _begin_last(session: AsyncSession, dates: _Dates, asked: PhaseChange) -> Extension:
    """The report is out, or all is done: from now on it is archived."""
    name = schedule.BEGUN_BY[asked.act]
    if dates.topic is not None:
        raise errors.Invalid({"topic": _("This is done to the whole consultation; leave the topic out.")})
    if dates.phase not in ("closed", "reported") or dates.phase == name:
        raise errors.Conflict(
            _("%(what)s is %(phase)s; it can be reported once it is closed, and archived after.", what=dates.what,
              phase=dates.phase)
        )  # fmt: skip
    now = clock.now()
    act = _act(dates, asked, closed_before=schedule.start_of(dates.phases, name), closes=now)
    try:
        await _store(session, dates, schedule.with_start(dates.phases, name, now))
    except ValueError as fault:
        raise errors.Conflict(_("Sorry, %(fault)s.", fault=fault)) from None
    return act


_Verb = Callable[[AsyncSession, _Dates, PhaseChange], Awaitable[Extension]]
_VERBS: dict[str, _Verb] = {
    "open": _open, "extend": _extend, "close": _close, "reopen": _reopen, "report": _begin_last, "archive": _begin_last,
}  # fmt: skip


def _require_open_around(dates: _Dates) -> None:
    """Raises Conflict unless the consultation takes contributions: no topic does so without it."""
    around = schedule.phase_at(dates.phases, clock.now())
    if around != "open":
        raise errors.Conflict(
            _(
                "The consultation itself is %(around)s, and no topic is open without it: change its dates.",
                around=around,
            )
        )


async def _close_at(session: AsyncSession, dates: _Dates, asked: PhaseChange) -> Extension:
    closes, before = asked.closes, dates.closes
    if closes is None or (before is not None and closes <= before) or closes <= clock.now():
        raise errors.Invalid({"closes": _("The new closing date must be later than the old one, and not in the past.")})
    act = _act(dates, asked, closed_before=before, closes=closes)
    if dates.topic is None:
        try:
            await _store(session, dates, schedule.with_closing(dates.phases, closes))
        except ValueError as fault:
            raise errors.Invalid({"closes": _("Sorry, %(fault)s.", fault=fault)}) from None
        return act
    end = schedule.closing(dates.phases)
    if end is not None and closes > end:
        raise errors.Invalid(
            {
                "closes": _(
                    "The consultation closes on %(said)s, and its topics with it: extend that first.",
                    said=dates.said(end),
                )
            }
        )
    dates.topic.closes = closes
    return act


async def _store(session: AsyncSession, dates: _Dates, wanted: tuple[schedule.Phase, ...]) -> None:
    id = dates.consultation.id
    await store_phases(session, id, await phases_of(session, id), wanted)


def _act(dates: _Dates, asked: PhaseChange, **moments: datetime | None) -> Extension:
    return Extension(
        id=clock.new_id(), consultation_id=dates.consultation.id, topic_id=dates.topic.id if dates.topic else None,
        act=asked.act, reason=asked.reason, salt=commitments.fresh_salt(), decided=clock.now(), **moments,
    )  # fmt: skip


async def _record(session: AsyncSession, dates: _Dates, act: Extension) -> None:
    """The row and its entry; then those of phases and topics that have come or gone by it."""
    session.add(act)
    await session.flush()
    id, topic = dates.consultation.id, {"topic": dates.topic.slug} if dates.topic else {}
    opened_or_closed = "phase.closed" if act.act == "close" else "phase.opened"
    committed = commitments.commitment(act.salt, content(act))
    if act.act == "extend":
        await record.append(
            session, id, "phase.extended", act.id, closes=clock.iso(act.closes), hash=committed, **topic
        )
    elif act.act == "reopen" or dates.topic is not None:
        at = clock.iso(act.decided)
        await record.append(session, id, opened_or_closed, act.id, phase="open", at=at, hash=committed, **topic)
    else:
        await enter_due(session, id, Told(opened_or_closed, act.id, committed, schedule.BEGUN_BY.get(act.act, "open")))
    await enter_due(session, id)


def content(act: Extension) -> dict[str, Any]:
    """What the record's hash commits to."""
    if act.act in ("extend", "reopen"):
        return {"closes": clock.iso(act.closes), "reason": act.reason}
    return {"at": clock.iso(act.opens or act.closes), "reason": act.reason}
