"""Extending a consultation: an organiser's act, with a reason for everyone to read."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from app import clock
from app.consultations.actions import load_definition
from app.consultations.definition import parse
from app.database import Database
from app.permissions import OPERATOR
from app.readings.consultations import consultation
from tests.making import DEFINITIONS, SLUG, Made
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio

PAGE = f"/c/{SLUG}/extend"


async def give_an_end(database: Database) -> None:
    """The founding consultation, with a closing date next month."""
    end = (clock.now() + timedelta(days=30)).isoformat(timespec="seconds")
    text = (DEFINITIONS / f"{SLUG}.toml").read_text() + f'\n[[phases]]\nname = "closed"\nstarts = {end}\n'
    async with database.writing() as session:
        await load_definition(session, OPERATOR, parse(text))


async def test_an_organiser_extends_and_everyone_reads_why(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await give_an_end(database)
    organiser = await browse(made.organiser)
    assert "/extend" in (await organiser.get(f"/c/{SLUG}")).text
    assert "/extend" not in (await stranger.get(f"/c/{SLUG}")).text
    until = (clock.now() + timedelta(days=60)).strftime("%Y-%m-%dT%H:%M")
    done = await organiser.post(PAGE, data={"closes": until, "reason": "Many asked for it."})
    assert done.status_code == 303
    assert "Many asked for it." in (await stranger.get(f"/c/{SLUG}")).text
    async with database.reading() as connection:
        view = await consultation(connection, SLUG)
    assert view.closes is not None and view.closes > clock.now() + timedelta(days=58)


@pytest.mark.parametrize(
    ("closes", "reason", "fault"),
    [("tomorrow", "Why.", "date and time"), ("2016-09-30T12:00", "Why.", "later than the old one"),
     ("2199-01-01T00:00", " ", "say why")],
)  # fmt: skip
async def test_what_cannot_be_taken_comes_back(
    browse: Browse, database: Database, made: Made, closes: str, reason: str, fault: str
) -> None:
    await give_an_end(database)
    answer = await (await browse(made.organiser)).post(PAGE, data={"closes": closes, "reason": reason})
    assert answer.status_code == 422
    assert fault in answer.text and f'value="{closes}"' in answer.text


async def test_nobody_else_extends(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    await give_an_end(database)
    assert (await stranger.get(PAGE)).status_code in (303, 401)
    for actor in (made.participant, made.moderator):
        browser = await browse(actor)
        assert (await browser.get(PAGE)).status_code == 403
        assert (await browser.post(PAGE, data={"closes": "2199-01-01T00:00", "reason": "x"})).status_code == 403


async def test_an_open_end_needs_no_extension(browse: Browse, made: Made) -> None:
    page = await (await browse(made.organiser)).get(PAGE)
    assert page.status_code == 200 and "no closing date" in page.text
