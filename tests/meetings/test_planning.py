"""Meetings to come: announced, changed, cancelled; who gets a place, who is next, and what is forgotten."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app import errors
from app.accounts.actions import erase_account
from app.database import Database
from app.meetings import keeping, planning, registering
from app.meetings.planned_models import PlannedMeeting, Registration
from app.meetings.plans import Plan
from app.meetings.registering import Coming
from app.moderation import erasing
from app.permissions import ANYONE, Actor
from app.readings.meetings import planned as readings
from app.readings.meetings.registrations import attendance, held_about, own_registration
from app.record.log import log_id
from app.record.models import Entry
from tests.contributions.stored import kinds
from tests.making import Made, make, make_person
from tests.meetings.planning import (
    BOTH,
    COMING,
    LINK,
    NEEDS,
    PLAN,
    announce,
    change,
    decide,
    move,
    register,
    states,
)
from tests.meetings.reporting import REPORT, report

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(database: Database) -> Made:
    return await make(database)


async def payloads(database: Database, made: Made, kind: str, log: Any = "staff") -> list[dict[str, Any]]:
    async with database.writing() as session:
        query = select(Entry.payload).where(Entry.record_id == log_id(log, made.id), Entry.kind == kind)
        return list(await session.scalars(query.order_by(Entry.seq)))


async def test_a_meeting_from_its_announcement_to_its_report(database: Database, made: Made) -> None:
    planned = await announce(database, made, BOTH)
    async with database.reading() as connection:
        [seen] = await readings.planned_meetings(connection, made.id)
    assert (seen.title, seen.place, seen.online, seen.capacity) == (BOTH.title, BOTH.place, True, 1)
    assert (seen.starts.isoformat(), seen.zone.key) == ("2031-05-03T06:30:00+00:00", "Asia/Manila")
    assert seen.documents == [{"title": "Sample agenda", "url": "https://example.org/agenda.pdf"}]
    first = await register(database, made, planned, made.participant)
    second = await register(database, made, planned, made.other)
    online = await register(database, made, planned, made.moderator, Coming("online"))
    assert (first.state, second.state, online.state) == ("placed", "waiting", "placed")
    async with database.writing() as session:
        for actor, link in ((made.participant, LINK), (made.other, None), (made.organiser, None)):
            mine = await own_registration(session, actor, planned.id)
            assert (mine.link if mine else None) == link
    await change(database, made, planned, replace(BOTH, title="Another title", capacity=2), 0)
    assert set((await states(database, planned)).values()) == {"placed"}
    assert await payloads(database, made, "meeting.changed", "public") == [{"changed": ["capacity", "title"]}]
    assert await payloads(database, made, "meeting.told") == [{"changed": ["capacity", "title"]}]
    with pytest.raises(errors.Invalid) as not_begun:
        await report(database, made, replace(REPORT, planned=planned.id))
    assert "not begun" in not_begun.value.fields["planned"]
    await move(database, planned, hours=3)
    with pytest.raises(errors.Invalid, match="reported by a moderator"):
        await report(database, made, replace(REPORT, planned=planned.id), made.participant)
    told = await report(database, made, replace(REPORT, planned=planned.id))
    async with database.reading() as connection:
        assert (await readings.planned_meeting(connection, made.id, planned.id)).meeting == told.id
    with pytest.raises(errors.Invalid, match="reported already"):
        await report(database, made, replace(REPORT, planned=planned.id))
    assert (await kinds(database, made))[:2] == ["meeting.announced", "meeting.changed"]
    assert await kinds(database, made, "staff") == [
        "registration.made", "registration.made", "registration.made", "meeting.told", "registration.placed",
    ]  # fmt: skip


async def test_who_leaves_makes_room_for_who_is_next(database: Database, made: Made) -> None:
    planned = await announce(database, made, BOTH)
    people = (made.participant, made.other, made.moderator)
    for actor in people:
        await register(database, made, planned, actor)
    again = await register(database, made, planned, made.participant, replace(COMING, access_needs="Two ramps."))
    assert (again.state, again.access_needs) == ("placed", "Two ramps.")
    async with database.writing() as session:
        await registering.decline(session, made.participant, made.id, planned.id)
    assert await states(database, planned) == {
        made.participant.person: "declined", made.other.person: "placed", made.moderator.person: "waiting",
    }  # fmt: skip
    await register(database, made, planned, made.other, Coming("online"))  # leaves the room to the last one
    assert (await states(database, planned))[made.moderator.person] == "placed"
    async with database.writing() as session:
        await registering.leave(session, made.moderator, made.id, planned.id)
        with pytest.raises(errors.NotFound):
            await registering.leave(session, made.moderator, made.id, planned.id)
    assert made.moderator.person not in await states(database, planned)
    async with database.writing() as session:
        declined = await own_registration(session, made.participant, planned.id)
    assert declined is not None and declined.access_needs is None
    log = str(await payloads(database, made, "registration.made"))
    assert NEEDS not in log and "Two ramps" not in log
    await change(database, made, planned, replace(PLAN, link=""), 0)  # no longer online: all come to the room
    assert (await states(database, planned))[made.other.person] == "placed"


async def test_of_two_for_the_last_place_one_gets_it(database: Database, made: Made) -> None:
    planned = await announce(database, made)
    people = [made.participant, made.other, made.moderator, await make_person(database, "Participant R")]
    made_at_once = await asyncio.gather(*(register(database, made, planned, actor) for actor in people))
    assert sorted(each.state for each in made_at_once) == ["placed", "waiting", "waiting", "waiting"]
    await asyncio.gather(*(register(database, made, planned, made.organiser) for _time in range(2)))
    assert len(await states(database, planned)) == 5


async def test_organisers_decide_where_places_are_short(database: Database, made: Made) -> None:
    planned = await announce(database, made, replace(PLAN, places="decided"))
    for actor in (made.participant, made.other, made.moderator):
        assert (await register(database, made, planned, actor)).state == "asked"
    with pytest.raises(errors.Conflict, match="Places: 1"):
        await decide(database, made, planned, "place", made.participant, made.other)
    await decide(database, made, planned, "place", made.participant)
    await decide(database, made, planned, "wait", made.other)
    await decide(database, made, planned, "refuse", made.moderator, reason="Sample reason.")
    with pytest.raises(errors.Conflict, match="no place for you"):
        await register(database, made, planned, made.moderator)
    with pytest.raises(errors.Invalid, match="at least one"):
        await decide(database, made, planned, "place")
    with pytest.raises(errors.Invalid, match="act is one of"):
        await decide(database, made, planned, "shout", made.other)
    assert (await kinds(database, made, "staff"))[3:] == [
        "registration.placed", "registration.waits", "registration.refused",
    ]  # fmt: skip
    assert "Sample reason" not in str(await payloads(database, made, "registration.refused"))
    async with database.writing() as session:
        hoped = {"regions": ["Asia", "Europe"], "organisation_kinds": []}
        seen = await attendance(session, made.organiser, made.id, planned.id, hoped)
    assert [(each.key, each.placed, each.waiting, each.hoped) for each in seen.regions] == [
        ("Asia", 1, 0, True), ("Europe", 0, 0, True), (None, 0, 1, False),
    ]  # fmt: skip
    assert (seen.comers[0].name, seen.comers[0].access_needs) == ("Participant A", NEEDS)
    await change(database, made, planned, replace(PLAN, capacity=None), 0)
    assert (await states(database, planned))[made.other.person] == "placed"
    with pytest.raises(errors.Invalid, match="given already: 2"):
        await change(database, made, planned, PLAN, 1)
    assert (await kinds(database, made)) == ["meeting.announced", "meeting.changed"]


async def test_cancelled_and_forgotten(database: Database, made: Made) -> None:
    planned, other = await announce(database, made), await announce(database, made)
    for actor in (made.participant, made.other):
        await register(database, made, planned, actor)
        await register(database, made, other, actor)
    assert made.participant.person is not None and made.other.person is not None
    async with database.writing() as session:
        [one, *_rest] = await held_about(session, made.participant.person, None, 20)
        assert one["access_needs"] == NEEDS
        await erasing.erase_all_by(session, made.participant, made.participant.person)
        await erase_account(session, made.participant, made.participant.person)
    for each in (planned, other):
        assert await states(database, each) == {made.other.person: "placed"}
    async with database.writing() as session:
        with pytest.raises(errors.Invalid, match="Please say why"):
            await planning.cancel(session, made.organiser, made.id, planned.id, " ")
        cancelled = await planning.cancel(session, made.organiser, made.id, planned.id, "The hall is flooded.")
        assert (cancelled.sequence, cancelled.cancelled_by) == (1, made.organiser.person)
        with pytest.raises(errors.Conflict, match="cancelled"):
            await planning.cancel(session, made.organiser, made.id, planned.id, "Again.")
        with pytest.raises(errors.Closed, match="cancelled"):
            await registering.register(session, made.moderator, made.id, planned.id, COMING)
    assert (await kinds(database, made))[-1] == "meeting.cancelled"
    assert (await payloads(database, made, "meeting.told"))[-1] == {"changed": ["cancelled"]}
    await move(database, planned, days=29)
    await move(database, other, days=31)
    async with database.writing() as session:
        await keeping.forget_participants(session)
        left = (await session.scalars(select(Registration).where(Registration.planned_id == other.id))).one()
        assert (left.person_id, left.access_needs, left.speaks, left.state) == (None, None, [], "placed")
        assert await held_about(session, made.other.person, None, 20) != []
        erased = await erasing.keep_all_anonymous(session, made.organiser, made.organiser.person)  # type: ignore[arg-type]
        assert erased == 0
        assert (await session.scalars(select(PlannedMeeting.planned_by).distinct())).all() == [None]


async def test_what_is_refused_to_whom(database: Database, made: Made) -> None:
    planned = await announce(database, made)
    foreign = await make_person(database, "Organiser elsewhere", consultation=planned.id, role="organiser")
    for actor in (ANYONE, made.participant, made.moderator, foreign):
        expected = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        for act in (
            lambda session, by: planning.announce(session, by, made.id, PLAN),
            lambda session, by: planning.change(session, by, made.id, planned.id, PLAN, 0),
            lambda session, by: planning.cancel(session, by, made.id, planned.id, "Because."),
            lambda session, by: planning.decide(session, by, made.id, planned.id, [], "place"),
            lambda session, by: attendance(session, by, made.id, planned.id, None),
        ):
            async with database.writing() as session:
                with pytest.raises(expected):
                    await act(session, actor)
    suspended = replace(made.participant, suspended=frozenset({made.id}))
    for actor in (ANYONE, Actor(person=made.participant.person), suspended):
        async with database.writing() as session:
            with pytest.raises((errors.Unauthenticated, errors.Forbidden)):
                await registering.register(session, actor, made.id, planned.id, COMING)
            with pytest.raises((errors.Unauthenticated, errors.Forbidden)):
                await registering.decline(session, actor, made.id, planned.id)
    for there in (made.id, planned.id):
        async with database.writing() as session:
            with pytest.raises((errors.NotFound, errors.Forbidden)):
                await registering.register(session, made.other, there, made.id, COMING)
    with pytest.raises(errors.Invalid, match="This time is past"):
        await announce(database, made, replace(PLAN, starts="2021-05-03T14:30"))
    with pytest.raises(errors.Conflict, match="meanwhile"):
        await change(database, made, planned, PLAN, 7)
    again = await announce(database, made, replace(PLAN, title="Not this"), id=planned.id)
    assert again.title == PLAN.title
    await _closes(database, made, planned, PLAN)


async def _closes(database: Database, made: Made, planned: PlannedMeeting, plan: Plan) -> None:
    """Registrations are taken as the meeting says, and what they need fits."""
    with pytest.raises(errors.Invalid) as caught:
        await register(database, made, planned, made.other, Coming("online", ("xx xx",), ("en",) * 30, "x" * 1_001))
    assert set(caught.value.fields) == {"attends", "speaks", "interpretation", "access_needs"}
    for sequence, how in enumerate(("closed", "none")):
        await change(database, made, planned, replace(plan, registration=how), sequence)
        with pytest.raises(errors.Closed):
            await register(database, made, planned, made.other)
    await move(database, planned, minutes=1)
    with pytest.raises(errors.Closed, match="begun"):
        await register(database, made, planned, made.other)
