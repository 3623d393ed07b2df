"""Positions on pages: three buttons, one's own choice, and what all say together."""

from urllib.parse import quote

import pytest
from httpx import AsyncClient

from app.accounts.people import find_or_register
from app.database import Database
from app.permissions import Actor
from app.synthesis import actions
from app.synthesis.refreshing import refresh
from tests.making import SLUG, Made
from tests.synthesis.opinions import ask, open_for_comment, people, say_all
from tests.synthesis.outcome import publish
from tests.web.conftest import Browse
from tests.web.pages import heading

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
ONE, OPINION = f"{C}/recommendations/1", f"{C}/opinion"
POSITION = f"{ONE}/position"


async def test_from_three_buttons_to_what_all_agree_on(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    opened = await open_for_comment(database, made, 2)
    mine = await browse(made.participant)
    for browser in (stranger, mine):
        assert (await browser.get(OPINION)).status_code == 404
        assert (await browser.post(POSITION, data={"do": "agree"})).status_code == 404
        for page in (f"{C}/recommendations", ONE):
            assert (
                "pinion" not in (await browser.get(page)).text and "think of it" not in (await browser.get(page)).text
            )
    await ask(database, made)
    assert f'href="{OPINION}"' in (await stranger.get(f"{C}/recommendations")).text
    assert "Up to 15 more people are needed" in (await stranger.get(OPINION)).text
    assert "Sign in to say what you think" in (await stranger.get(ONE)).text
    assert (await stranger.post(POSITION, data={"do": "agree"})).status_code == 401
    async with database.writing() as session:
        person, _is_new = await find_or_register(session, "new@example.org")
    new = await browse(Actor(person=person))
    assert 'name="do"' in (await new.get(ONE)).text
    sent_on = await new.post(POSITION, data={"do": "agree"})
    assert sent_on.headers["location"] == f"/me/welcome?onward={quote(f'{ONE}#position', safe='')}"
    named = await new.post("/me/welcome", data={"name": "Sample new", "consent": "yes", "onward": f"{ONE}#position"})
    assert named.headers["location"] == f"{ONE}#position" and "You agree." not in (await new.get(ONE)).text
    assert (await mine.post(POSITION, data={"do": "agree"})).headers["location"] == f"{ONE}#position"
    shown = (await mine.get(ONE)).text
    assert "You agree." in shown and shown.count('aria-pressed="true"') == 1 and "no page says who" in shown
    assert "You agree." not in (await (await browse(made.organiser)).get(ONE)).text
    assert (await mine.post(POSITION, data={"do": "shout\x00"})).status_code == 400
    assert (await mine.post(f"{C}/recommendations/99999999999/position", data={"do": "agree"})).status_code == 404

    await say_all(database, made, await people(database, 15), *["++"] * 8, *["+-"] * 7)
    before = (await stranger.get(OPINION)).headers["etag"]
    await refresh(database)
    glance = await stranger.get(OPINION)
    assert heading(glance) == "Opinion at a glance" and glance.headers["etag"] != before
    assert "What all groups agree on" in glance.text and "16 of 16 agree" in glance.text
    assert "7 of 7 disagree" in glance.text and '<svg viewBox="0 0 480 360" role="img"' in glance.text
    assert "they chose" in glance.text.lower() and "Sample 3" not in glance.text
    assert "counted anew" in (await stranger.get(f"{C}/record")).text
    held = (await mine.get("/me/data/download")).json()["positions"]
    assert [(each["position"], each["recommendation"], each["group"]) for each in held] == [("agree", 1, None)]

    async with database.writing() as session:
        await actions.revise(session, made.organiser, opened[0])
    await publish(database, made.organiser, opened[0], "open")
    assert "That was said of version 1" in (await mine.get(ONE)).text
    await mine.post(POSITION, data={"do": "take-back"})
    assert "You agree." not in (await mine.get(ONE)).text
    await mine.post(POSITION, data={"do": "pass"})
    async with database.writing() as session:
        await actions.revise(session, made.organiser, opened[0])
    await publish(database, made.organiser, opened[0], "final")
    shown = (await mine.get(ONE)).text
    assert "You pass." in shown and 'name="do"' not in shown
    assert (await mine.post(POSITION, data={"do": "agree"})).status_code == 409
