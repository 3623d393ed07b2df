"""Meetings to come on pages: announced, registered for, decided on, exported; and refused to everybody else."""

import asyncio
import io
import tomllib
from email.message import EmailMessage
from typing import Any

import pytest
from httpx import AsyncClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from app.accounts.models import Person
from app.clock import new_id
from app.consultations.phasing import PhaseChange, change_phase
from app.database import Database
from app.meetings.planned_models import Registration
from app.readings.consultations import consultation
from app.worker import catch_up
from tests.making import DEFINITIONS, SLUG, Made, make_person
from tests.meetings.planning import BOTH, LINK, NEEDS, announce, move, register
from tests.notifications.conftest import MailFolder
from tests.notifications.conftest import mail_folder as mail_folder
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
HOME = f"/c/{SLUG}"
PLANS = f"{HOME}/organise/meetings"
FORM = {
    "title": "Sample opening meeting", "about": "What we begin with.", "starts": "2031-05-03T14:30",
    "ends": "2031-05-03T16:00", "time_zone": "Asia/Manila", "place": "Sample hall", "online": "1", "link": LINK,
    "capacity": "1", "registration": "open", "deadline": "", "places": "first_come", "contact": "hall@example.org",
    "languages": ["en", "es"], "documents": "Agenda https://example.org/agenda.pdf",
}  # fmt: skip
COMING = {"act": "register", "attends": "room", "speaks": ["en", "tl"], "interpretation": "es", "access_needs": NEEDS}


async def planned_by(organiser: AsyncClient, **more: Any) -> str:
    """The address of a new meeting."""
    sent = await organiser.post(f"{PLANS}/new", data=FORM | {"id": str(new_id())} | more)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"].partition("?")[0].replace("/organise", "")


async def mails(database: Database, folder: MailFolder, address: str, count: int = 1) -> list[str]:
    """What was written to somebody: the subjects and the words. The application's own worker may be at it just now."""
    found: list[EmailMessage] = []
    for _ in range(100):
        await catch_up(database, "https://plenary.example.org")
        found = [mail for mail in folder.mails() if mail["To"] == address]
        if len(found) >= count:
            break
        await asyncio.sleep(0.05)
    bodies = [(mail, mail.get_body(("plain",))) for mail in found]
    return [f"{mail['Subject']}\n{body.get_content()}" for mail, body in bodies if body is not None]


async def test_from_the_form_to_the_list_of_who_comes(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient, mail_folder: MailFolder
) -> None:
    organiser, mine, other = [await browse(each) for each in (made.organiser, made.participant, made.other)]
    async with database.writing() as session:
        name = {"name": "=1+1", "language": "fr"}
        await session.execute(update(Person).where(Person.id == made.other.person).values(name))
    assert "No meeting is planned." in (await stranger.get(f"{HOME}/meetings")).text
    address = await planned_by(organiser)
    for path in (HOME, f"{HOME}/meetings", address):
        page = await stranger.get(path)
        assert "Sample opening meeting" in page.text and LINK not in page.text
        assert "Saturday, 3 May 2031, 14:30–16:00 Manila time" in page.text
    assert (await mine.post(f"{address}/registration", data=COMING)).headers["location"] == f"{address}?done=placed"
    assert (await other.post(f"{address}/registration", data=COMING)).headers["location"] == f"{address}?done=waiting"
    assert LINK in (await mine.get(address)).text and LINK not in (await other.get(address)).text
    refused = await other.post(f"{address}/registration", data=COMING | {"attends": "by boat"})
    assert refused.status_code == 422 and NEEDS in refused.text and "comment vous viendrez" in refused.text
    people = await organiser.get(address.replace("/meetings", "/organise/meetings"))
    for words in ("Participant A", "Sample network", "Asia", NEEDS, "=1+1", "Speaks: English and Tagalog"):
        assert words in people.text, words
    assert "example.org</" not in people.text.replace("hall@example.org", "")
    await _files(organiser, address.replace("/meetings", "/organise/meetings"))
    [confirmed] = await mails(database, mail_folder, "participant-a@example.org")
    assert "You have a place: Sample opening meeting" in confirmed and LINK in confirmed and NEEDS not in confirmed
    await mine.post(f"{address}/registration", data={"act": "decline"})
    waiting, placed = await mails(database, mail_folder, "participant-b@example.org", 2)
    assert LINK not in waiting and "liste d’attente" in waiting and LINK in placed and "3 mai 2031" in placed
    assert NEEDS not in waiting + placed
    gone = await other.post(f"{address}/registration", data={"act": "leave"})
    assert gone.headers["location"] == f"{address}?done=leave"
    await catch_up(database, "https://plenary.example.org")
    assert not await mails(database, mail_folder, "participant-b@example.org", 0)


async def test_the_mail_about_a_place_names_the_consultation_in_the_readers_language(
    browse: Browse, database: Database, made: Made, mail_folder: MailFolder
) -> None:
    organiser, mine = await browse(made.organiser), await browse(made.participant)
    async with database.writing() as session:
        await session.execute(update(Person).where(Person.id == made.participant.person).values(language="ar"))
    address = await planned_by(organiser)
    attendance = address.replace("/meetings", "/organise/meetings")
    assert "Nobody has registered yet." in (await organiser.get(attendance)).text
    assert "in the room: 1. Online there is no limit." in (await organiser.get(attendance)).text
    languages = "الإنجليزية والإسبانية"
    assert languages in (await mine.get(f"{address}?lang=ar")).text
    assert (await mine.post(f"{address}/registration", data=COMING)).status_code == 303
    [placed] = await mails(database, mail_folder, "participant-a@example.org")
    definition = tomllib.loads((DEFINITIONS / f"{SLUG}.toml").read_text())
    assert definition["translations"]["ar"]["title"] in placed and definition["title"] not in placed


async def _files(organiser: AsyncClient, address: str) -> None:
    """The list as a table and a workbook, without formulas; and the badges of those who have a place."""
    table = (await organiser.get(f"{address}/registrations.csv")).content.decode("utf-8-sig")
    assert "'=1+1" in table and NEEDS in table and "@" not in table
    answer = await organiser.get(f"{address}/registrations.xlsx")
    sheets = load_workbook(io.BytesIO(answer.content))
    cells = [cell for row in sheets["Registrations"].iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells] and "f" not in {cell.data_type for cell in cells}
    assert [cell.value for cell in sheets["Balance"][2]] == ["Africa", 0, 0, "yes"]
    badges = await organiser.get(f"{address}/badges.pdf")
    assert badges.headers["cache-control"] == "private, no-store"
    [page] = PdfReader(io.BytesIO(badges.content)).pages
    assert "Participant A" in page.extract_text() and "1+1" not in page.extract_text()


async def test_organisers_decide_and_change_and_cancel(
    browse: Browse, database: Database, made: Made, stranger: AsyncClient, mail_folder: MailFolder
) -> None:
    organiser, mine, other = [await browse(each) for each in (made.organiser, made.participant, made.other)]
    address = await planned_by(organiser, places="decided")
    people = address.replace("/meetings", "/organise/meetings")
    for browser in (mine, other):
        sent = await browser.post(f"{address}/registration", data=COMING)
        assert sent.headers["location"] == f"{address}?done=asked"
    async with database.writing() as session:
        ids = [str(id) for id in await session.scalars(select(Registration.id).order_by(Registration.id))]
    nobody = await organiser.post(people, data={"act": "place"})
    assert nobody.status_code == 422 and 'href="#f-who"' in nobody.text
    both = await organiser.post(people, data={"act": "place", "who": ids, "reason": "Kept words."})
    assert both.status_code == 409 and "Places: 1." in both.text and "Kept words." in both.text
    assert both.text.count(" checked") == 2
    assert (await organiser.post(people, data={"act": "place", "who": ids[0]})).status_code == 303
    assert (await organiser.post(people, data={"act": "refuse", "who": ids[1], "reason": "Full."})).status_code == 303
    assert "Full." in (await other.get(address)).text and LINK in (await mine.get(address)).text
    no_place = await mails(database, mail_folder, "participant-b@example.org")
    assert {letter.partition("\n")[0] for letter in no_place} == {"No place this time: Sample opening meeting"}
    assert "> Full." in no_place[0]
    form = await organiser.get(f"{people}/edit")
    changed = FORM | {"places": "decided", "based_on": hidden(form, "based_on"), "starts": "2031-05-03T15:00"}
    bad = await organiser.post(f"{people}/edit", data=changed | {"ends": "2031-05-03T14:00", "capacity": "many"})
    assert bad.status_code == 422 and "Please write a whole number from 1 to 1,000,000" in bad.text and LINK in bad.text
    before = (await stranger.get(address)).headers["etag"]
    assert (await organiser.post(f"{people}/edit", data=changed)).status_code == 303
    assert (await organiser.post(f"{people}/edit", data=changed)).status_code == 409
    await catch_up(database, "https://plenary.example.org")
    assert (await stranger.get(address)).headers["etag"] != before
    assert (await organiser.post(f"{people}/cancel", data={"reason": ""})).status_code == 422
    assert (await organiser.post(f"{people}/cancel", data={"reason": "Flooded."})).status_code == 303
    page = (await stranger.get(address)).text
    assert "This meeting is cancelled." in page and "Flooded." in page
    told = await mails(database, mail_folder, "participant-a@example.org")
    assert sorted(letter.partition(":")[0] for letter in told) == ["Cancelled", "Changed", *["You have a place"] * 2]
    assert "> Flooded." in "".join(told)
    calendar = (await stranger.get(f"{address}/calendar.ics")).text
    assert "STATUS:CANCELLED" in calendar and "SEQUENCE:2" in calendar and "DTSTART:20310503T070000Z" in calendar


async def test_the_calendar_of_the_consultation(browse: Browse, database: Database, made: Made) -> None:
    browser = await browse(made.participant)
    planned = await announce(database, made, BOTH)
    answer = await browser.get(f"{HOME}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar") and LINK not in answer.text
    async with database.reading() as connection:
        seen = await consultation(connection, SLUG)
    lines = answer.text.replace("\r\n ", "").split("\r\n")
    own = sum(bool(topic.own_opens) + bool(topic.own_closes) for topic in seen.topics)
    assert lines.count("BEGIN:VEVENT") == len(seen.phases) + own + 1
    uids = [line for line in lines if line.startswith("UID:")]
    assert f"UID:{planned.id}" in uids and len(set(uids)) == len(uids)
    assert uids == [line for line in (await browser.get(f"{HOME}/calendar.ics")).text.split("\r\n") if line in uids]
    assert f"SEQUENCE:{seen.defined}" in lines
    assert f"SUMMARY:Opens: {seen.title}" in lines
    await register(database, made, planned, made.participant)
    for act in ("close", "archive"):
        async with database.writing() as session:
            await change_phase(session, made.organiser, made.id, PhaseChange(act, "It is over."))
    later = (await browser.get(f"{HOME}/calendar.ics")).text.replace("\r\n ", "")
    assert f"SUMMARY:Archived: {seen.title}" in later and f"SEQUENCE:{seen.defined}\r\n" not in later
    address = f"{HOME}/meetings/{planned.id}/registration"  # what is one's own one can still take back
    assert [(await browser.post(address, data=data)).status_code for data in ({"act": "leave"}, COMING)] == [303, 409]
    french = await browser.get(f"{HOME}/calendar.ics?lang=fr")
    assert french.headers["etag"] != answer.headers["etag"]
    assert (await browser.get(f"{HOME}/meetings/{new_id()}/calendar.ics")).status_code == 404


async def test_the_report_begins_with_what_was_announced(browse: Browse, database: Database, made: Made) -> None:
    planned = await announce(database, made, BOTH)
    await move(database, planned, hours=2)
    moderator = await browse(made.moderator)
    address = f"{HOME}/meetings/{planned.id}"
    assert f"meetings/new?planned={planned.id}" in (await moderator.get(address)).text
    form = await moderator.get(f"{HOME}/meetings/new?planned={planned.id}")
    assert BOTH.title in form.text and BOTH.place in form.text and hidden(form, "planned") == str(planned.id)
    point = {"points.0.about": "inclusion.a", "points.0.body": "Sample point.", "points.0.kind": "proposal",
             "points.0.said": "floor", "points.0.consent": "none", "points.0.organisation_kind": "other"}  # fmt: skip
    report = {"title": BOTH.title, "date": "2016-09-13", "place": BOTH.place, "language": "en", "do": "send"} | point
    sent = await moderator.post(
        f"{HOME}/meetings/new", data=report | {name: hidden(form, name) for name in ("id", "planned")}
    )
    assert sent.status_code == 303, sent.text
    held = sent.headers["location"].partition("?")[0]
    assert f'href="{held}"' in (await moderator.get(address)).text and heading(await moderator.get(held)) == BOTH.title
    assert str(planned.id) not in (await moderator.get(f"{HOME}/meetings")).text


async def test_what_is_refused(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    planned = await announce(database, made, BOTH)
    address, people = f"{HOME}/meetings/{planned.id}", f"{PLANS}/{planned.id}"
    elsewhere = await make_person(database, "Organiser elsewhere", consultation=new_id(), role="organiser")
    pages = (PLANS, f"{PLANS}/new", people, f"{people}/edit", f"{people}/cancel", f"{people}/registrations.csv",
             f"{people}/registrations.xlsx", f"{people}/badges.pdf")  # fmt: skip
    for actor in (made.participant, made.moderator, elsewhere):
        browser = await browse(actor)
        for path in pages:
            assert (await browser.get(path)).status_code == 403, path
        for path in (f"{PLANS}/new", people, f"{people}/edit", f"{people}/cancel"):
            assert (await browser.post(path, data=FORM | {"reason": "x", "act": "place"})).status_code == 403, path
    for path in pages:
        assert (await stranger.get(path)).headers["location"].startswith("/sign-in"), path
    assert (await stranger.post(f"{address}/registration", data=COMING)).status_code == 401
    organiser = await browse(made.organiser)
    assert (await organiser.get(f"{people}/badges.pdf")).status_code == 409
    assert (await organiser.get(f"{PLANS}/{new_id()}")).status_code == 404
    assert (await organiser.post(people, data={"act": "place", "who": "x"})).status_code == 400
    assert (await organiser.post(f"{HOME}/meetings/{new_id()}/registration", data=COMING)).status_code == 404
    hostile = FORM | {"title": "<script>alert(1)</script>", "about": "<img src=x>", "capacity": "9" * 30}
    answer = await organiser.post(f"{PLANS}/new", data=hostile)
    assert answer.status_code == 422 and "<script>alert" not in answer.text
