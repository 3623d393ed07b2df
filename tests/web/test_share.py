"""Plain words to share, and calendars, of a consultation, a topic and a thread: what is in them, and what never is."""

import html
import re
from datetime import UTC, datetime

import pytest
from httpx import AsyncClient, Response

from app.clock import new_id
from app.consultations.phasing import PhaseChange, change_phase
from app.database import Database
from app.readings.consultations import consultation
from tests.making import AFTER, BEFORE, SLUG, Made, decide, say
from tests.meetings.planning import BOTH, LINK, announce

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
CLOSES = datetime(2031, 5, 3, 22, tzinfo=UTC)


def sheets(answer: Response) -> dict[str, str]:
    """The words to paste, by language."""
    found = re.findall(r'<textarea [^>]*id="s-(\w+)"[^>]*dir="(\w+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert {direction for language, direction, _words in found if language != "ar"} <= {"ltr"}
    return {language: html.unescape(words) for language, _direction, words in found}


async def turn(database: Database, made: Made, act: str, closes: datetime | None = None) -> None:
    """The organiser closes or reopens the consultation."""
    async with database.writing() as session:
        await change_phase(session, made.organiser, made.id, PhaseChange(act, "Many asked.", closes))


async def test_a_sheet_says_what_it_is_until_when_and_where(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    root = await say(database, made, title="Pay the <associations>", body="Words of the text.", language="es")
    reply = await say(database, made, parent=root.id, body="Words of the reply.")
    async with database.reading() as connection:
        seen = await consultation(connection, SLUG)
    of_all = sheets(await stranger.get(f"{C}/share"))
    assert list(of_all) == ["en", *(each for each in seen.languages if each != "en")]
    assert of_all["en"].startswith(f"{seen.title}\n\n{seen.summary}\n\nOpen, without a closing date.")
    assert of_all["en"].endswith(f"://testserver{C}")
    assert list(sheets(await stranger.get(f"{C}/share?lang=ar")))[:2] == ["ar", "en"]
    topic = sheets(await stranger.get(f"{C}/topics/{AFTER}/share"))["en"]
    assert topic.startswith(seen.topic(AFTER).title) and topic.endswith(f"{C}/topics/{AFTER}")
    of_root = sheets(await stranger.get(f"{C}/1/share"))["fr"]
    assert of_root.startswith("Pay the <associations>\n\nUne contribution au thème") and of_root.endswith(f"{C}/1")
    of_reply = await stranger.get(f"{C}/2/share")
    assert sheets(of_reply)["en"].startswith("Contribution 2\n\n")
    assert "Words of" not in of_root + of_reply.text and "Participant A" not in of_reply.text
    for page in (C, f"{C}/topics/{AFTER}", f"{C}/1"):
        assert f'href="{page}/share"' in (await stranger.get(page)).text
    await decide(database, made, "hide", reply.id)
    for nothing in (f"{C}/2", f"{C}/3", f"{C}/{reply.id}", f"{C}/topics/none", "/c/none", f"{C}/{'9' * 30}"):
        for what in ("share", "calendar.ics"):
            assert (await stranger.get(f"{nothing}/{what}")).status_code == 404, nothing
    await turn(database, made, "close")
    assert "\n\nClosed on " in sheets(await stranger.get(f"{C}/1/share"))["en"]
    await turn(database, made, "reopen", CLOSES)
    again = sheets(await stranger.get(f"{C}/1/share"))
    assert "\n\nOpen until 3 May 2031, 18:00 New York time.\n\nhttp" in again["en"]
    assert "Ouvert jusqu’au 3 mai 2031" in again["fr"] and "Abierto hasta el 3 de mayo de 2031" in again["es"]


def events(answer: Response) -> dict[str, dict[str, str]]:
    """The lines of each event, by its UID."""
    assert answer.headers["content-type"].startswith("text/calendar")
    found = {}
    for event in answer.text.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        lines = dict(line.split(":", 1) for line in event.split("\r\n") if ":" in line)
        found[lines["UID"]] = lines
    return found


async def test_calendars_of_topics_and_threads(stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, title="Pay the associations")
    planned = await announce(database, made, BOTH)
    await turn(database, made, "close")
    await turn(database, made, "reopen", CLOSES)
    before = {path: events(await stranger.get(f"{C}/{path}/calendar.ics")) for path in (f"topics/{AFTER}", "1")}
    assert before["1"] == before[f"topics/{AFTER}"]
    assert str(planned.id) in before["1"] and LINK not in str(before)
    titles = [event["SUMMARY"].partition(":")[0] for event in before["1"].values()]
    assert titles == ["Opens", "Closes", planned.title]
    assert before["1"].keys() & events(await stranger.get(f"{C}/topics/{BEFORE}/calendar.ics")).keys() == {
        str(planned.id)
    }
    named = (await stranger.get(f"{C}/1/calendar.ics")).text
    assert "NAME:Pay the associations\r\n" in named
    await turn(database, made, "close")
    after = events(await stranger.get(f"{C}/1/calendar.ics"))
    assert after.keys() == before["1"].keys()
    (uid,) = (uid for uid, event in after.items() if event["SUMMARY"].startswith("Closes"))
    assert after[uid]["DTSTART"] < before["1"][uid]["DTSTART"]
    assert int(after[uid]["SEQUENCE"]) > int(before["1"][uid]["SEQUENCE"])
    assert (await stranger.get(f"{C}/{new_id()}/calendar.ics")).status_code == 404
