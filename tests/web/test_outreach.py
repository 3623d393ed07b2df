"""Inviting from a list on pages: a preview before anything happens, answers by a link, one press in a mail program."""

from dataclasses import asdict
from html import unescape

import pytest
from httpx import AsyncClient
from sqlalchemy import update

from app import errors
from app.accounts.actors import actor_of_person
from app.accounts.people import find_person
from app.accounts.private_consultations import make_private
from app.database import Database
from app.outreach.answering import link_path
from app.outreach.models import Round
from tests.making import SLUG, Made
from tests.outreach.listing import SOURCE, WORDS, invite, invitees, states
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
ROUNDS = f"/c/{SLUG}/organise/invitations"
FORTY = "\n".join(f"Sample {n} <sample-{n}@sample.example>" for n in range(40))


def form(answer_id: str, words: str, **more: str) -> dict[str, str]:
    """The fields as a browser sends them."""
    texts = {f"{part}_en": getattr(WORDS["en"], part) for part in ("subject", "words", "source")}
    return {"id": answer_id, "list": words, "language": "en", "kept_days": "60", **texts, **more}


async def test_forty_people_are_invited_and_two_lines_corrected_first(
    browse: Browse, database: Database, made: Made
) -> None:
    organiser = await browse(made.organiser)
    blank = await organiser.get(f"{ROUNDS}/new")
    assert "Send the invitations" not in blank.text
    bad = f"{FORTY}\nnobody\nSAMPLE-1@sample.example\n<script>@x"
    given = form(hidden(blank, "id"), bad)
    preview = await organiser.post(f"{ROUNDS}/new", data=given)
    seen = unescape(preview.text)
    assert preview.status_code == 200 and "40 people will be invited." in seen and "2 lines cannot be read." in seen
    assert "Line 41:" in seen and "Line 43:" in seen and "One line gives an address again" in seen
    assert "<script>@x" not in preview.text and bad in seen and SOURCE in seen
    assert await invitees(database) == []
    ready = given | {"seen": hidden(preview, "seen"), "do": "send"}
    refused = await organiser.post(f"{ROUNDS}/new", data=ready)
    assert refused.status_code == 422 and "tick that they are left out" in refused.text
    changed = await organiser.post(f"{ROUNDS}/new", data=ready | {"list": FORTY})  # is shown again, and not sent
    assert changed.status_code == 200 and "40 people will be invited." in changed.text
    assert await invitees(database) == []
    for _double_click in range(2):
        sent = await organiser.post(f"{ROUNDS}/new", data=ready | {"without_faulty": "yes"})
        assert sent.headers["location"] == f"{ROUNDS}/{given['id']}?done=sent"
    shown = await organiser.get(sent.headers["location"])
    assert heading(shown) == "Invitations to 40 people" and "sample-7@sample.example" in shown.text
    assert len(await invitees(database)) == 40
    assert "Organiser D" in (await organiser.get(ROUNDS)).text
    assert "sample-7" not in (await organiser.get(ROUNDS)).text
    async with database.writing() as session:
        texts = {tag: asdict(WORDS["en"]) | {"subject": f"In {tag}"} for tag in ("ar", "en", "fr")}
        await session.execute(update(Round).values(texts=texts))
    for language, subject in (("fr", "In fr"), ("ru", "In en")):  # theirs, or else the consultation's
        assert f"<bdi>{subject}</bdi>" in (await organiser.get(f"{ROUNDS}?lang={language}")).text


async def test_a_file_becomes_the_list_and_a_note_is_checked(browse: Browse, made: Made) -> None:
    organiser = await browse(made.organiser)
    given = form(hidden(await organiser.get(f"{ROUNDS}/new"), "id"), "")
    csv = "Courriel;Nom\nana@sample.example;Ana É".encode()
    shown = await organiser.post(f"{ROUNDS}/new", data=given, files={"file": ("list.csv", csv, "text/csv")})
    assert shown.status_code == 200 and "One person will be invited." in shown.text and "Ana É" in shown.text
    for name, content, said in (
        ("file", "é".encode("latin-1"), "not in UTF-8"),
        ("file", b"PK\x03\x04", "This is a spreadsheet"),
        ("note", b"MZ", "none of the files"),
        ("note", b"\x89PNG\r\n\x1a\n", "“a.pdf”"),
    ):
        data = given | ({"list": "ana@sample.example"} if name == "note" else {})
        refused = await organiser.post(f"{ROUNDS}/new", data=data, files={name: ("a.pdf", content, "x/y")})
        assert refused.status_code == 422 and said in unescape(refused.text), refused.text
        assert data["list"] in refused.text and SOURCE in refused.text
    data = given | {"list": "a@sample.example\n" * 60_000}
    large = await organiser.post(f"{ROUNDS}/new", data=data, files={"file": ("", b"", "text/csv")})
    assert large.status_code == 422 and "more than 1,000,000 characters" in large.text


async def test_who_is_refused(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    sent = await invite(database, made)
    paths = (ROUNDS, f"{ROUNDS}/new", f"{ROUNDS}/{sent.id}", f"{ROUNDS}/{sent.id}/stop")
    for browser in (await browse(made.participant), await browse(made.moderator)):
        assert [(await browser.get(path)).status_code for path in paths] == [403] * 4
        assert (await browser.post(f"{ROUNDS}/new", data=form(str(sent.id), FORTY))).status_code == 403
        assert (await browser.post(f"{ROUNDS}/{sent.id}/stop")).status_code == 403
    assert all([(await stranger.get(path)).headers["location"].startswith("/sign-in") for path in paths])
    organiser = await browse(made.organiser)
    assert (await organiser.get(f"{ROUNDS}/{sent.id}?cursor=x")).status_code == 400
    assert (await organiser.get(f"{ROUNDS}/{made.id}")).status_code == 404
    assert (await organiser.post(f"{ROUNDS}/new", data=form("none", FORTY))).status_code == 400
    assert (await organiser.post(f"{ROUNDS}/{sent.id}/stop")).status_code == 303
    assert "waiting" not in {state for state, _email in await states(database)}


async def test_answers_by_link(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    await invite(database, made)
    links = [link_path(each.id) for each in await invitees(database)]
    for link in links:
        assert heading(await stranger.get(link)) == "Your invitation"
    assert {state for state, _email in await states(database)} <= {"waiting", "sent"}
    assert (await stranger.get(links[0][:-1] + "x")).status_code == 404
    assert (await stranger.post(links[0], data={"answer": "perhaps"})).status_code == 400
    assert (await stranger.post(links[0], data={"answer": "accept"})).headers["location"] == links[0]
    accepted = await stranger.get(links[0])
    asked = {name: hidden(accepted, name) for name in ("email", "onward")}
    assert asked == {"email": "one@sample.example", "onward": f"/c/{SLUG}"}
    assert (await stranger.post("/sign-in", data=asked)).status_code == 303
    assert (await stranger.post(links[1], data={"answer": "decline"})).status_code == 303
    assert heading(await stranger.get(links[1])) == "Nothing is sent to you any more"

    address = f"{links[2]}/decline"
    assert (await stranger.get(address)).headers["location"] == links[2]
    del stranger.headers["Origin"]  # a mail program's server is no page of ours
    assert (await stranger.post(links[2], data={"answer": "decline"})).status_code == 403
    assert (await stranger.post(address, data={"List-Unsubscribe": "no"})).status_code == 400
    assert (await stranger.post(address[:-9] + "x/decline", data={"List-Unsubscribe": "One-Click"})).status_code == 404
    assert (await stranger.post(address, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert [state for state, _email in await states(database)] == ["answered", "declined", "declined"]
    held = (await (await browse(made.participant)).get("/me/data/download")).json()
    assert held["invitations"] == []


async def test_accepting_lets_one_into_a_private_consultation(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    async with database.writing() as session:
        await make_private(session, made.id, "preparing", None)
    with pytest.raises(errors.Conflict, match="not announced yet"):
        await invite(database, made)
    async with database.writing() as session:
        await make_private(session, made.id, "invited", None)
    assert "invited people only" in unescape((await (await browse(made.organiser)).get(f"{ROUNDS}/new")).text)
    await invite(database, made, "participant-b@example.org\nnew@sample.example\nno@sample.example")
    known, new, no = [link_path(each.id) for each in await invitees(database)]
    member = await browse(made.other)
    assert (await member.get(f"/c/{SLUG}")).status_code == 404
    for link in (known, new):
        assert f'href="/c/{SLUG}' not in (await stranger.get(link)).text
        assert (await stranger.post(link, data={"answer": "accept"})).status_code == 303
    assert (await member.get(f"/c/{SLUG}")).status_code == 200
    assert (await stranger.get(f"/c/{SLUG}")).status_code == 404
    async with database.writing() as session:
        person = await find_person(session, "new@sample.example")
        assert person is not None and made.id in (await actor_of_person(session, person)).admitted
    await stranger.post(no, data={"answer": "decline"})
    gone = (await stranger.get(no)).text
    assert "Nothing is sent to you any more" in gone and SLUG not in gone and "Mayoral" not in gone
