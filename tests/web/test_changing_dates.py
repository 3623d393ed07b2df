"""The page of dates: an organiser closes, reopens and extends, and everyone reads why wherever the date stands."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from app import clock
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.database import Database
from app.permissions import OPERATOR
from tests.making import AFTER, DEFINITIONS, SLUG, Made
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio

PAGE = f"/c/{SLUG}/moderate/dates"


def local(days: int) -> str:
    return (clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


async def test_the_whole_consultation(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    organiser = await browse(made.organiser)
    hub = f"/c/{SLUG}/organise"
    assert hub in (await organiser.get(f"/c/{SLUG}")).text and PAGE in (await organiser.get(hub)).text
    assert hub not in (await stranger.get(f"/c/{SLUG}")).text
    closed = await organiser.post(PAGE, data={"act": "close", "topic": "", "reason": "Nobody is <left>."})
    assert (closed.status_code, closed.headers["location"]) == (303, f"{PAGE}?done=dates")
    for page in (f"/c/{SLUG}", f"/c/{SLUG}/topics/{AFTER}", f"/c/{SLUG}/contribute?topic={AFTER}"):
        shown = (await stranger.get(page)).text
        assert "Nobody is &lt;left&gt;." in shown and "Closed early" in shown, page
    again = await organiser.post(PAGE, data={"act": "close", "topic": "", "reason": "Twice."})
    assert again.status_code == 409 and "only what is open can be closed" in again.text
    reopened = await organiser.post(
        PAGE, data={"act": "reopen", "topic": "", "closes": local(9), "reason": "They came back."}
    )
    assert reopened.status_code == 303
    assert "They came back." in (await stranger.get(f"/c/{SLUG}/topics/{AFTER}")).text


async def give_an_end(database: Database) -> None:
    """The founding consultation, with a closing date next month."""
    end = (clock.now() + timedelta(days=30)).isoformat(timespec="seconds")
    text = (DEFINITIONS / f"{SLUG}.toml").read_text() + f'\n[[phases]]\nname = "closed"\nstarts = {end}\n'
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse(text))


async def test_extending_and_its_former_address(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await give_an_end(database)
    former = await stranger.get(f"/c/{SLUG}/extend")
    assert (former.status_code, former.headers["location"]) == (308, PAGE)
    sent = {"act": "extend", "topic": "", "closes": local(60), "reason": "Many asked for it."}
    assert (await (await browse(made.organiser)).post(PAGE, data=sent)).status_code == 303
    assert "Many asked for it." in (await stranger.get(f"/c/{SLUG}")).text


async def test_one_topic(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    organiser = await browse(made.organiser)
    assert "You could be the first." in (await organiser.get(f"/c/{SLUG}/topics/{AFTER}")).text
    await organiser.post(PAGE, data={"act": "close", "topic": AFTER, "reason": "All is said."})
    assert "Nothing has been said here." in (await organiser.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert "All is said." in (await stranger.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert "All is said." in (await stranger.get(f"/c/{SLUG}")).text
    await organiser.post(PAGE, data={"act": "reopen", "topic": AFTER, "closes": local(5), "reason": "Not all."})
    page = (await stranger.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert "Not all." in page and "This topic takes contributions until" in page
    listed = (await organiser.get(PAGE)).text
    assert 'value="extend"' in listed and 'value="close"' in listed and 'value="reopen"' not in listed


@pytest.mark.parametrize(
    ("sent", "fault"),
    [({"act": "extend", "closes": "soon", "reason": "Mine."}, "date and time"),
     ({"act": "extend", "closes": "2016-08-01T00:00", "reason": "Mine."}, "later than the old one"),
     ({"act": "extend", "closes": "9999-12-31T23:59", "reason": "Mine."}, "date"),
     ({"act": "extend", "closes": "", "reason": "Mine."}, "until when"),
     ({"act": "close", "reason": " "}, "say why")],
)  # fmt: skip
async def test_what_cannot_be_taken_comes_back(
    browse: Browse, database: Database, made: Made, sent: dict[str, str], fault: str
) -> None:
    await give_an_end(database)
    answer = await (await browse(made.organiser)).post(PAGE, data={"topic": "", **sent})
    assert answer.status_code == 422
    assert fault in answer.text and (sent["reason"] == " " or "Mine." in answer.text)


async def test_nobody_else(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    assert (await stranger.get(PAGE)).status_code in (303, 401)
    for actor in (made.participant, made.moderator):
        browser = await browse(actor)
        assert (await browser.get(PAGE)).status_code == 403
        assert (await browser.post(PAGE, data={"act": "close", "reason": "x"})).status_code == 403
