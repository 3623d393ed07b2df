"""The monthly figures of the public log: right, by the consultation's own calendar, and telling nothing that waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from app import clock
from app.contributions.models import Revision
from app.database import Database
from app.moderation.actions import VERBS
from app.moderation.deciding import Grounds
from app.moderation.figures import count_finished_days
from app.moderation.models import Decision, MonthlyFigures
from app.readings.consultations import consultation
from app.readings.record.figures import Figures, figures
from tests.making import BEFORE, SLUG, Made, make, say
from tests.moderation.appealing import appeal, newest_decision

pytestmark = pytest.mark.anyio
Go = Callable[[datetime], None]
LATE_JULY = datetime(2016, 8, 1, 3, 59, tzinfo=UTC)  # still July in New York
AUGUST = datetime(2016, 8, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> Go:
    """Sets the clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
async def made(database: Database, go: Go) -> Made:
    """The consultation, set up on 20 July 2016."""
    go(datetime(2016, 7, 20, 12, tzinfo=UTC))
    return await make(database)


async def count(database: Database) -> None:
    async with database.writing() as session:
        await count_finished_days(session)


async def shown(database: Database) -> Figures:
    async with database.reading() as connection:
        return await figures(connection, await consultation(connection, SLUG))


async def months(database: Database) -> list[tuple[object, ...]]:
    return [
        (f"{each.month:%b}", each.received, each.published, each.hidden, each.appealed, each.overturned)
        for each in (await shown(database)).months
    ]


async def answer(database: Database, made: Made, act: str, contribution: object) -> None:
    """Decide now on what waits."""
    async with database.writing() as session:
        revision = await session.scalar(select(Revision.id).where(Revision.contribution_id == contribution))
        made_now = await VERBS[act](session, made.moderator, contribution, revision, Grounds("Because.", "1"))
        await session.execute(update(Decision).where(Decision.id == made_now.id).values(decided=clock.now()))


async def test_a_month_begins_at_midnight_where_the_consultation_is(database: Database, made: Made, go: Go) -> None:
    for moment in (LATE_JULY, AUGUST, AUGUST):
        go(moment)
        await say(database, made)
    assert await months(database) == [("Jul", None, 1, 0, 0, 0), ("Aug", None, 2, 0, 0, 0)]
    go(AUGUST + timedelta(days=1, minutes=2))
    await count(database)
    assert await months(database) == [("Jul", 1, 1, 0, 0, 0), ("Aug", 2, 2, 0, 0, 0)]


async def test_figures_count_what_happened(database: Database, made: Made, go: Go) -> None:
    go(LATE_JULY)
    texts = [await say(database, made) for _ in range(3)]
    await say(database, made, topic=BEFORE)
    rejected = await say(database, made, topic=BEFORE)
    go(AUGUST)
    await answer(database, made, "reject", rejected.id)
    for each, outcome in zip(texts, ("overturned", "upheld", None), strict=True):
        async with database.writing() as session:
            await VERBS["hide"](session, made.moderator, each.id, None, Grounds("Because."))
        await appeal(database, made, await newest_decision(database), outcome)
    expected = [("Jul", 5, 3, 0, 0, 0), ("Aug", 0, 0, 3, 3, 1)]
    live = await months(database)
    assert [each[2:] for each in live] == [each[2:] for each in expected]
    for day in (2, 2, 3, 40):  # however often and late they are counted
        go(AUGUST + timedelta(days=day))
        await count(database)
        assert (await months(database))[:2] == expected
    assert (await months(database))[2:] == [("Sep", 0, 0, 0, 0, 0)]


async def test_what_waits_is_counted_when_its_day_is_over(database: Database, made: Made, go: Go) -> None:
    go(AUGUST + timedelta(hours=1))
    await count(database)
    before = await shown(database)
    waiting = await say(database, made, topic=BEFORE)
    go(AUGUST + timedelta(hours=23))
    await count(database)
    assert await shown(database) == before
    go(AUGUST + timedelta(hours=24, minutes=2))
    await count(database)
    after = await shown(database)
    assert after.months[-1].received == 1 and str(after.through) == "2016-08-01"
    await answer(database, made, "approve", waiting.id)  # received once, however it goes on
    go(AUGUST + timedelta(days=3))
    await count(database)
    assert (await months(database))[-1] == ("Aug", 1, 1, 0, 0, 0)


async def test_waits_are_told_as_a_median_of_at_least_three(database: Database, made: Made, go: Go) -> None:
    go(AUGUST)
    texts = [await say(database, made, topic=BEFORE) for _ in range(4)]
    for day, (hours, act, median) in enumerate(((1.5, "approve", None), (2, "reject", None), (30.2, "approve", 2))):
        go(AUGUST + timedelta(hours=hours))
        await answer(database, made, act, texts[day].id)
        go(AUGUST + timedelta(days=day + 2))
        await count(database)
        assert (await shown(database)).months[-1].median_hours == median
    async with database.writing() as session:  # as an instance that was off for two days
        await session.execute(text("DELETE FROM monthly_figures"))
    await count(database)
    assert (await shown(database)).months[-1].median_hours == 2


async def test_months_in_which_nothing_happened_are_there_between(database: Database, made: Made, go: Go) -> None:
    for month in (8, 10):
        go(datetime(2016, month, 15, tzinfo=UTC))
        if month == 8:
            await say(database, made)
    await count(database)
    assert [each[0] for each in await months(database)] == ["Aug", "Sep", "Oct"]


async def test_once_it_is_closed_they_end_with_the_last_thing_that_happened(
    database: Database, made: Made, go: Go
) -> None:
    go(AUGUST)
    await say(database, made)
    go(datetime(2019, 3, 1, tzinfo=UTC))
    async with database.writing() as session:
        await session.execute(text("UPDATE phases SET name = 'closed' WHERE name = 'open'"))
    await count(database)
    assert [each[0] for each in await months(database)] == ["Aug"]


async def test_nobody_is_counted_in_an_empty_consultation(database: Database, made: Made, go: Go) -> None:
    await count(database)
    assert await months(database) == [("Jul", 0, 0, 0, 0, 0)]
    async with database.writing() as session:
        assert len((await session.scalars(select(MonthlyFigures))).all()) == 1
