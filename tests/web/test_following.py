"""Following a consultation, a topic or a thread; what is new in it, for oneself alone."""

import re
from urllib.parse import quote

import pytest
from httpx import AsyncClient

from app import errors
from app.clock import new_id
from app.database import Database
from app.notifications.following import actions
from app.notifications.following.listing import followed_by
from app.permissions import ANYONE
from app.readings.followed import Followable
from app.worker import catch_up
from tests.making import AFTER, SLUG, Made, decide, say
from tests.people import ServiceLog
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
C, MINE = f"/c/{SLUG}", "/me/notifications"


async def test_a_stranger_signs_in_and_comes_back_to_follow(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    for page, follow in (
        (C, f"{C}/follow"),
        (f"{C}/topics/{AFTER}", f"{C}/follow?topic={AFTER}"),
        (f"{C}/1", f"{C}/follow?thread=1"),
    ):
        assert f'href="{follow}"' in (await stranger.get(page)).text
        assert (await stranger.get(follow)).headers["location"] == f"/sign-in?onward={quote(follow)}"
    assert f'href="/sign-in?onward={quote(f"{C}/search?q=homes")}"' in (await stranger.get(f"{C}/search?q=homes")).text
    assert (await stranger.post(f"{C}/follow")).status_code == 401
    assert (await stranger.get(MINE)).headers["location"].startswith("/sign-in")
    other = await browse(made.other)
    assert "Nobody else learns what you follow" in (await other.get(f"{C}/follow?thread=1")).text
    sent = await other.post(f"{C}/follow", data={"thread": "1"})
    assert sent.headers["location"] == f"{C}/1?done=follows"
    assert "You follow this now." in (await other.get(sent.headers["location"])).text


async def test_what_is_new_is_counted_until_it_is_seen(browse: Browse, database: Database, made: Made) -> None:
    root = await say(database, made)
    other, log = await browse(made.other), ServiceLog(database)
    for thing in ({}, {"topic": AFTER}, {"thread": "1"}, {"thread": "1"}):
        assert (await other.post(f"{C}/follow", data=thing)).status_code == 303
    assert (await log.kinds()).count("subscription.changed") == 3
    assert SLUG not in str((await log.last()).payload)
    assert (await other.get(MINE)).text.count("nothing new") == 3
    reply = await say(database, made, parent=root.id)
    await say(database, made)
    page = (await other.get(MINE)).text
    assert page.count("2 are new") == 2 and page.count("One is new") == 1 and page.count(f'href="{C}/2"') == 3
    await decide(database, made, "hide", reply.id)
    page = (await other.get(MINE)).text
    assert page.count("One is new") == 2 and page.count("nothing new") == 1
    assert (await other.post(MINE, data={"do": "seen"})).headers["location"] == f"{MINE}?done=seen"
    assert (await other.get(MINE)).text.count("nothing new") == 3
    await decide(database, made, "hide", root.id)
    assert "No longer public" in (await other.get(MINE)).text


async def test_a_pace_is_chosen_and_following_ends(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    other, log = await browse(made.other), ServiceLog(database)
    await other.post(f"{C}/follow", data={"thread": "1"})
    page = (await other.get(MINE)).text
    [name] = re.findall(r'name="(pace_[^"]+)"', page)
    assert '<option value="at_once" selected>' in page
    assert (await other.post(MINE, data={name: "weekly"})).status_code == 303
    assert '<option value="weekly" selected>' in (await other.get(MINE)).text
    for wrong, status in (({name: "hourly"}, 422), ({"pace_x": "daily"}, 400), ({"stop": "x"}, 400)):
        assert (await other.post(MINE, data=wrong)).status_code == status
    stranger_to_it = await browse(made.participant)
    assert (
        await stranger_to_it.post(MINE, data={name: "daily", "stop": name.removeprefix("pace_")})
    ).status_code == 303
    assert '<option value="weekly" selected>' in (await other.get(MINE)).text
    kinds = await log.kinds()
    assert (await other.post(MINE, data={name: "weekly"})).status_code == 303
    assert await log.kinds() == kinds, "nothing was changed"
    assert (await other.post(f"{C}/follow", data={"thread": "1", "do": "stop"})).headers[
        "location"
    ] == f"{C}/1?done=stopped"
    assert (await log.kinds()) == [*kinds, "subscription.changed"]
    assert "Nothing yet" in (await other.get(MINE)).text


async def test_only_what_is_public_can_be_followed(browse: Browse, database: Database, made: Made) -> None:
    waiting = await say(database, made, topic="inclusion")
    other = await browse(made.other)
    for thing in (
        {"thread": "1"},
        {"thread": str(waiting.id)},
        {"thread": "x"},
        {"topic": "nothing"},
        {"thread": "9" * 40},
    ):
        assert (await other.post(f"{C}/follow", data=thing)).status_code == 404, thing
    assert (await other.get(f"{C}/follow?thread=1")).status_code == 404
    assert (await other.post("/c/nowhere/follow")).status_code == 404


async def test_nobody_follows_without_an_account_nor_too_much(database: Database, made: Made) -> None:
    def thing() -> Followable:
        return Followable(made.id, "thread", new_id(), "T", f"{C}/1", 1)

    async with database.writing() as session:
        for act in (actions.follow(session, ANYONE, thing()), actions.stop(session, ANYONE, made.id),
                    actions.set_paces(session, ANYONE, {}), actions.mark_seen(session, ANYONE, {})):  # fmt: skip
            with pytest.raises(errors.Unauthenticated):
                await act
        for _ in range(actions.MOST):
            await actions.follow(session, made.other, last := thing())
        await actions.follow(session, made.other, last)  # a second time changes nothing
        with pytest.raises(errors.Conflict, match="200 things"):
            await actions.follow(session, made.other, thing())


async def test_it_is_in_ones_data_and_goes_with_the_account(browse: Browse, database: Database, made: Made) -> None:
    other = await browse(made.other)
    await other.post(f"{C}/follow", data={"topic": AFTER})
    [held] = (await other.get("/me/data/download")).json()["followed"]
    assert held["follows"] == "topic" and held["pace"] == "daily"
    assert (await other.post("/me/data/erase", data={"texts": "keep", "sure": "yes"})).status_code == 303
    await catch_up(database, "https://plenary.example.org")
    async with database.writing() as session:
        assert made.other.person is not None
        assert await followed_by(session, made.other.person) == []
