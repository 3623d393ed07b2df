"""The links in mails with which one hears no more: without signing in, each for one thing, and with a way back."""

from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.accounts.actions import erase_account
from app.consultations.models import Topic
from app.database import Database
from app.notifications import stopping
from app.notifications.following import actions
from app.notifications.models import NotificationSettings
from app.notifications.preferences import CHOICES
from app.notifications.stopping import Stop
from app.permissions import OPERATOR
from app.readings.consultations import consultation
from app.readings.followed import followable
from tests.making import AFTER, SLUG, Made, say
from tests.people import ServiceLog

pytestmark = pytest.mark.anyio


async def pace(database: Database, stop: Stop) -> str:
    async with database.writing() as session:
        return await stopping.pace_now(session, stop)


async def topic_of(database: Database) -> UUID:
    async with database.writing() as session:
        id = await session.scalar(select(Topic.id).where(Topic.slug == AFTER))
    assert id is not None
    return id


async def test_a_link_stops_what_its_mail_was_about_and_lets_it_go_on(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    assert made.other.person is not None
    async with database.reading() as connection:
        found = await followable(connection, await consultation(connection, SLUG), AFTER)
    async with database.writing() as session:
        await actions.follow(session, made.other, found)
    stop, log = Stop(made.other.person, "topic", await topic_of(database)), ServiceLog(database)
    path, before = f"/stop/{stopping.token(stop)}", await log.kinds()
    page = await stranger.get(path)
    assert "Get no more of this mail?" in page.text and "Diasporas" in page.text and "set-cookie" not in page.headers
    assert await log.kinds() == before, "looking changes nothing"

    del stranger.headers["Origin"]  # a mail program is no page of ours
    assert (await stranger.post(path, data={"x": "y"})).status_code == 400
    assert (await stranger.post(path, data={"List-Unsubscribe": "One-Click"})).text == "You get no more of this mail."
    assert (await stranger.post(f"{path}/change", data={"pace": "daily"})).status_code == 403
    assert await log.kinds() == [*before, "subscription.changed"] and await pace(database, stop) == "never"
    stranger.headers["Origin"] = "http://testserver"
    assert "You get no more of this mail" in (await stranger.get(path)).text
    assert (await stranger.post(f"{path}/change", data={"pace": "hourly"})).status_code == 400
    assert (await stranger.post(f"{path}/change", data={"pace": "daily"})).headers["location"] == path
    assert await pace(database, stop) == "daily"
    stopped = await stranger.post(f"{path}/change", data={"pace": "never"})
    assert 'value="daily"' in (await stranger.get(stopped.headers["location"])).text


async def test_each_kind_of_mail_has_its_link(stranger: AsyncClient, database: Database, made: Made) -> None:
    assert made.other.person is not None
    root = await say(database, made, title="Language classes")
    for what in CHOICES:
        stop = Stop(made.other.person, what)
        usual, path = await pace(database, stop), f"/stop/{stopping.token(stop)}"
        assert (await stranger.post(f"{path}/change", data={"pace": "never"})).headers[
            "location"
        ] == f"{path}?was={usual}"
        assert await pace(database, stop) == "never"
        assert (await stranger.post(f"{path}/change", data={"pace": usual})).status_code == 303
        assert await pace(database, stop) == usual
    thread = Stop(made.other.person, "thread", root.id)  # which they do not follow
    path = f"/stop/{stopping.token(thread)}"
    assert "Language classes" in (await stranger.get(path)).text
    assert (await stranger.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await pace(database, thread) == "never"


async def test_a_link_of_somebody_who_left_does_nothing(stranger: AsyncClient, database: Database, made: Made) -> None:
    assert made.other.person is not None
    stop, log = Stop(made.other.person, "digest"), ServiceLog(database)
    async with database.writing() as session:
        await erase_account(session, OPERATOR, made.other.person)
    path, before = f"/stop/{stopping.token(stop)}", await log.kinds()
    assert (await stranger.post(path, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert (await stranger.post(f"{path}/change", data={"pace": "daily"})).status_code == 303
    assert "You get no more of this mail" in (await stranger.get(path)).text
    async with database.writing() as session:
        assert await session.get(NotificationSettings, stop.person) is None
    assert await log.kinds() == before


async def test_nobody_makes_a_link_of_their_own(stranger: AsyncClient, made: Made) -> None:
    assert made.other.person is not None
    path = f"/stop/{stopping.token(Stop(made.other.person, 'digest'))}"
    other = path.replace(path[10], "A" if path[10] != "A" else "B", 1)
    for wrong in (path[:-1], f"{path}A", other, "/stop/x", "/stop/" + "é" * 80, "/stop/%00", "/stop/" + "A" * 5000):
        for answer in (await stranger.get(wrong), await stranger.post(wrong, data={"List-Unsubscribe": "One-Click"}),
                       await stranger.post(f"{wrong}/change", data={"pace": "never"})):  # fmt: skip
            assert answer.status_code == 404, wrong
