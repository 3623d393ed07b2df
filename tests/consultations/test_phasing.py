"""What organisers do to dates: open now, extend, close early, reopen; all or one topic; and what makes no sense."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock, errors
from app.consultations import actions, schedule
from app.consultations.models import Extension
from app.consultations.phasing import PhaseChange, change_phase, content
from app.database import Database
from app.permissions import ANYONE, OPERATOR, Actor
from app.readings.consultation_views import ConsultationView
from app.readings.consultations import consultation
from app.record import commitments
from tests.consultations.test_actions import CLOSES, OPENS, _people, at, entries, load
from tests.making import Made, say

pytestmark = pytest.mark.anyio
__all__ = ["at"]

DAY = timedelta(days=1)
OWN = """
[[topics]]
slug = "one"
title = "One"
background = "About one."
policy = "after"
opens = 2026-03-10
closes = 2026-03-19
[[topics]]
slug = "two"
title = "Two"
background = "About two."
policy = "after"
"""


async def act(database: Database, made: Made, name: str, *, closes: datetime | None = None, topic: str | None = None,
              actor: Actor = OPERATOR, reason: str = "Because.") -> Extension:  # fmt: skip
    async with database.writing() as session:
        return await change_phase(session, actor, made.id, PhaseChange(name, reason, closes, topic))


async def view(database: Database) -> ConsultationView:
    async with database.reading() as connection:
        return await consultation(connection, "small")


@pytest.fixture
async def small(database: Database, at: Any) -> Made:
    """The small consultation, a day after its opening."""
    await load(database, OWN)
    return await _people(database)


async def test_opening_before_the_planned_day(database: Database, at: Any) -> None:
    at(OPENS - 3 * DAY)
    await load(database)
    made = await _people(database)
    before = len(await entries(database))
    made_act = await act(database, made, "open", reason="All is ready.")
    await say(database, made, topic="one")
    told = (await entries(database))[before:]
    assert [kind for kind, _ in told][:3] == ["phase.opened", "topic.opened", "topic.opened"]
    assert told[0][1] == {
        "phase": "open", "at": clock.iso(OPENS - 3 * DAY),
        "hash": commitments.commitment(made_act.salt, content(made_act)).hex(),
    }  # fmt: skip
    assert "ready" not in str(told)
    await load(database, title="Renamed")
    now = await view(database)
    assert (now.phase, now.opens, now.closes) == ("open", OPENS - 3 * DAY, CLOSES)
    assert [(each.act, each.reason) for each in now.extensions] == [("open", "All is ready.")]


async def test_closing_early_and_reopening(database: Database, at: Any, small: Made) -> None:
    before = len(await entries(database))
    await act(database, small, "close", reason="A flood.")
    with pytest.raises(errors.Closed):
        await say(database, small, topic="two")
    at(OPENS + 2 * DAY)
    await load(database, OWN, title="Renamed")
    assert (await view(database)).phase == "closed"
    await act(database, small, "reopen", closes=CLOSES + DAY, reason="The water is gone.")
    await say(database, small, topic="two")
    await load(database, OWN, title="Renamed again")
    now = await view(database)
    assert (now.phase, now.closes) == ("open", CLOSES + DAY)
    assert [each.act for each in now.extensions] == ["close", "reopen"]
    phases = [(kind, payload) for kind, payload in (await entries(database))[before:] if kind.startswith("phase.")]
    assert [(kind, payload["phase"], "hash" in payload) for kind, payload in phases] == [
        ("phase.closed", "open", True), ("phase.opened", "closed", False), ("phase.opened", "open", True),
    ]  # fmt: skip
    at(CLOSES + 2 * DAY)
    async with database.writing() as session:
        await actions.enter_due_phases(session)
    assert [kind for kind, _ in (await entries(database))[-3:]] == ["phase.closed", "phase.opened", "topic.closed"]


async def test_several_extensions_all_survive_the_first_file(database: Database, small: Made) -> None:
    for days in (7, 14):
        await act(database, small, "extend", closes=CLOSES + days * DAY)
    await load(database, OWN, title="Renamed")
    assert (await view(database)).closes == CLOSES + 14 * DAY
    await load(database, OWN, closes="2026-05-01")
    assert (await view(database)).closes == datetime(2026, 5, 1, tzinfo=UTC)


async def test_a_topic_with_dates_of_its_own(database: Database, at: Any, small: Made) -> None:
    before = len(await entries(database))
    await act(database, small, "open", topic="one", reason="Early birds.")
    await say(database, small, topic="one")
    until = datetime(2026, 3, 25, tzinfo=UTC)
    await act(database, small, "extend", topic="one", closes=until, reason="More time.")
    await load(database, OWN, title="Renamed")
    topic = (await view(database)).topic("one")
    assert (topic.phase, topic.opens, topic.closes) == ("open", OPENS + DAY, until)
    assert [each.act for each in topic.extensions] == ["open", "extend"]
    assert (await view(database)).extensions == []
    at(OPENS + 3 * DAY)
    await act(database, small, "close", topic="one", reason="All is said.")
    assert (await view(database)).topic("one").phase == "closed"
    await act(database, small, "reopen", topic="one", closes=until, reason="Not all was said.")
    await load(database, OWN, title="Once more")
    assert (await view(database)).topic("one").phase == "open"
    told = [(kind, payload.get("topic")) for kind, payload in (await entries(database))[before:]]
    assert [kind for kind, topic in told if topic == "one" and kind.startswith(("phase.", "topic."))] == [
        "phase.opened", "topic.opened", "phase.extended", "phase.closed", "topic.closed", "phase.opened",
        "topic.opened",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "topic", "closes", "sentence"),
    [("open", None, None, "is open; only what is announced"), ("reopen", None, CLOSES + DAY, "only what is closed"),
     ("open", "two", None, "is open; only what is announced"), ("close", "one", None, "is announced; only what is"),
     ("extend", "two", CLOSES, "closes when the consultation does")],
)  # fmt: skip
async def test_acts_that_make_no_sense_now(
    database: Database, small: Made, name: str, topic: str | None, closes: datetime | None, sentence: str
) -> None:
    before = await entries(database)
    with pytest.raises(errors.Conflict, match=sentence):
        await act(database, small, name, topic=topic, closes=closes)
    assert await entries(database) == before


async def test_closing_what_is_closed_and_a_topic_of_it(database: Database, small: Made) -> None:
    await act(database, small, "close")
    for name, topic, closes in (("close", None, None), ("open", "one", None), ("reopen", "two", CLOSES)):
        with pytest.raises(errors.Conflict, match="closed"):
            await act(database, small, name, topic=topic, closes=closes)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (PhaseChange("praise", "x"), "act"), (PhaseChange("close", " "), "reason"),
        (PhaseChange("close", "x" * 1_001), "reason"), (PhaseChange("close", "\x00"), "reason"),
        (PhaseChange("extend", "x"), "closes"), (PhaseChange("close", "x", CLOSES), "closes"),
        (PhaseChange("extend", "x", CLOSES), "closes"), (PhaseChange("extend", "x", OPENS), "closes"),
        (PhaseChange("extend", "x", datetime(9999, 12, 31, 23, 59, tzinfo=UTC)), "closes"),
        (PhaseChange("extend", "x", CLOSES, topic="three"), "topic"),
        (PhaseChange("extend", "x", CLOSES + DAY, topic="one"), "closes"),
    ],
)  # fmt: skip
async def test_what_cannot_be_taken(database: Database, small: Made, asked: PhaseChange, field: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        async with database.writing() as session:
            await change_phase(session, OPERATOR, small.id, asked)
    assert list(caught.value.fields) == [field]
    async with database.writing() as session:
        assert (await session.scalars(select(Extension))).all() == []


async def test_only_organisers_and_operators(database: Database, small: Made) -> None:
    for actor in (ANYONE, small.participant, small.moderator):
        with pytest.raises((errors.Unauthenticated, errors.Forbidden)):
            await act(database, small, "close", actor=actor)


def test_an_opening_moves_before_what_follows() -> None:
    announced, opened, closed = (
        schedule.Phase("announced", OPENS - 5 * DAY), schedule.Phase("open", OPENS), schedule.Phase("closed", CLOSES),
    )  # fmt: skip
    moved = schedule.with_opening((announced, opened, closed), OPENS - DAY)
    assert [phase.starts for phase in moved] == [OPENS - 5 * DAY, OPENS - DAY, CLOSES]
    assert [phase.name for phase in schedule.with_opening((announced, opened, closed), OPENS - 6 * DAY)] == [
        "open", "closed",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="earlier than the closing"):
        schedule.with_opening((announced, opened, closed), CLOSES)
