"""Documents on pages, without a script: announced, published, revised, withdrawn; read, saved, written about."""

import re
from html import unescape

import pytest
from httpx import AsyncClient

from app.accounts import limits
from app.clock import new_id
from app.database import Database
from tests.consultations.publishing import announced
from tests.files import samples
from tests.making import AFTER, SLUG, Made
from tests.meetings.planning import announce
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
C, DESK = f"/c/{SLUG}", f"/c/{SLUG}/organise/documents"
PAPER = ("Our “paper”.docx", samples.docx())
TITLE = 'Sample "paper" <b>[draft]</b>'


def filled(**more: str) -> dict[str, str]:
    return {
        "id": str(new_id()), "kind": "working-paper", "title_en": TITLE, "author": "Sample institute", "topic": AFTER,
        "language": "en", "do": "announce",
    } | more  # fmt: skip


def addresses(page: str) -> list[str]:
    return re.findall(r'href="(/documents/[0-9a-f-]{36})"', page)


async def test_a_document_of_a_meeting_stands_on_its_page(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    meeting, organiser = await announce(database, made), await browse(made.organiser)
    choice = f"meeting:{meeting.id}"
    assert f'<option value="{choice}">' in (await organiser.get(DESK)).text
    refused = await organiser.post(DESK, data=filled(topic=f"meeting:{new_id()}"))
    assert refused.status_code == 422 and "There is no such meeting to come." in refused.text
    sent = await organiser.post(DESK, data=filled(topic=choice))
    page = await stranger.get(f"{C}/meetings/{meeting.id}")
    assert unescape(page.text).count(TITLE) == 1 and "to be published" in page.text
    [listed] = (await stranger.get(f"/api/v1/consultations/{SLUG}/documents")).json()["items"]
    assert (listed["meeting"], listed["topic"]) == (str(meeting.id), None)
    one = sent.headers["location"].partition("?")[0]
    assert f'<option value="{choice}" selected>' in (await organiser.get(one)).text
    await organiser.post(one, data=filled(do="details"))  # to a topic instead
    assert TITLE not in unescape((await stranger.get(f"{C}/meetings/{meeting.id}")).text)


async def test_from_the_announcement_to_the_withdrawal(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    organiser = await browse(made.organiser)
    assert f'href="{DESK}"' in (await organiser.get(f"{C}/organise")).text
    sent = await organiser.post(DESK, data=filled(expected="2016-09-12"), files=[("files", PAPER)])
    one = sent.headers["location"].partition("?")[0]
    here = f"{C}/documents/{one.rpartition('/')[2]}"
    page = await organiser.get(sent.headers["location"])
    assert heading(page) == TITLE and "not public yet" in page.text and "It holds tracked changes." in page.text
    for path in (f"{C}/documents", C, f"{C}/topics/{AFTER}", here):
        page = await stranger.get(path)
        assert unescape(page.text).count(TITLE) >= 1 and "to be published" in page.text and not addresses(page.text)
    assert "expected on 12 September 2016" in (await stranger.get(here)).text
    assert (await organiser.post(one, data={"do": "publish"})).headers["location"] == f"{one}?done=publish"
    [address] = addresses((await stranger.get(f"{C}/documents")).text)
    file = await stranger.get(address)
    assert file.content == PAPER[1] and file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-security-policy"].startswith("sandbox;")
    assert file.headers["content-disposition"].startswith('attachment; filename="Our _paper_.docx"')
    assert (await stranger.get(address, headers={"If-None-Match": file.headers["etag"]})).status_code == 304
    bare = {"do": "file", "language": "en", "bare": "1", "id": hidden(await organiser.get(one), "id")}
    assert (await organiser.post(one, data=bare, files=[("files", PAPER)])).status_code == 303
    newer, older = addresses((await stranger.get(here)).text)[1:]
    assert older == address and samples.SECRET.encode() not in (await stranger.get(newer)).content
    refused = await organiser.post(one, data={"do": "withdraw", "which": older.rpartition("/")[2], "reason": ""})
    assert refused.status_code == 422 and "Please say why" in refused.text
    reason = {"do": "withdraw", "which": older.rpartition("/")[2], "reason": "It named <somebody>."}
    assert (await organiser.post(one, data=reason)).status_code == 303
    assert (await stranger.get(older)).status_code == 410
    assert "It named &lt;somebody&gt;." in (await stranger.get(here)).text
    assert (await organiser.post(one, data={"do": "withdraw", "reason": "All of it."})).status_code == 303
    listed = (await stranger.get(f"{C}/documents")).text
    assert "All of it." in listed and not addresses(listed) and (await stranger.get(newer)).status_code == 410
    assert "A document, or a file of it, was withdrawn" in (await stranger.get(f"{C}/record")).text


async def test_what_is_refused_comes_back(
    browse: Browse, stranger: AsyncClient, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = await browse(made.organiser)
    wrong = filled(title_en="", author="Kept words", expected="soon", do="publish")
    refused = await organiser.post(DESK, data=wrong, files=[("files", PAPER)])
    assert refused.status_code == 422 and 'value="Kept words"' in refused.text and 'value="soon"' in refused.text
    assert "Please write a date" in refused.text and "Please choose the file again" in refused.text
    refused = await organiser.post(DESK, data=filled(do="publish"))
    assert refused.status_code == 422 and 'href="#f-files"' in refused.text
    refused = await organiser.post(DESK, data=filled(), files=[("files", ("a.pdf", b"MZ"))])
    assert "none of the files that can be attached" in refused.text
    assert TITLE not in unescape((await stranger.get(f"{C}/documents")).text)  # nothing of it happened
    assert (await organiser.post(DESK, data=filled(id="x"))).status_code == 400
    assert (await organiser.post(DESK, data={"up": "x"})).status_code == 400
    monkeypatch.setattr(limits, "FILES_PER_HOUR", 0)
    assert (await organiser.post(DESK, data=filled(), files=[("files", PAPER)])).status_code == 429


async def test_who_is_refused(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    document = await announced(database, made)
    one = f"{DESK}/{document.id}"
    moderator = await browse(made.moderator)
    for path in (DESK, one):
        assert (await moderator.get(path)).status_code == (await moderator.post(path, data=filled())).status_code == 403
        assert "/sign-in" in (await stranger.get(path)).headers["location"]
        assert (await stranger.post(path, data=filled())).status_code == 401
    organiser = await browse(made.organiser)
    assert (await organiser.get(f"{DESK}/{new_id()}")).status_code == 404
    assert (await organiser.post(one, data={"do": "publish"})).status_code == 409
    for path in (f"{C}/documents/{new_id()}", f"{C}/documents/x", f"/documents/{new_id()}", "/documents/x"):
        assert (await stranger.get(path)).status_code == 404


async def test_described_and_moved(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    organiser, first, second = await browse(made.organiser), *[await announced(database, made) for _n in range(2)]
    moved = await organiser.post(DESK, data={"up": str(second.id)})
    assert moved.headers["location"] == f"{DESK}#d-{second.id}"
    listed = re.findall(r'id="d-([0-9a-f-]+)"', (await stranger.get(f"{C}/documents")).text)
    assert listed == [str(second.id), str(first.id)]
    await organiser.post(DESK, data={"down": str(second.id)})
    said = filled(title_fr="Le document", do="details")
    assert (await organiser.post(f"{DESK}/{first.id}", data=said)).status_code == 303
    assert heading(await stranger.get(f"{C}/documents/{first.id}?lang=fr")) == "Le document"
    refused = await organiser.post(f"{DESK}/{first.id}", data=said | {"title_fr": "x" * 201})
    assert refused.status_code == 422 and "x" * 201 in refused.text and "<details open>" in refused.text


async def test_a_text_begins_with_a_link_to_it(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    organiser, author = await browse(made.organiser), await browse(made.participant)
    sent = await organiser.post(DESK, data=filled(topic="", do="publish"), files=[("files", PAPER)])
    id = sent.headers["location"].rpartition("/")[2].partition("?")[0]
    assert f"{C}/contribute?document={id}" in (await stranger.get(f"{C}/documents/{id}")).text
    choice = (await author.get(f"{C}/contribute?document={id}")).text
    assert f"?topic={AFTER}&amp;document={id}" in choice
    form = await author.get(f"{C}/contribute?topic={AFTER}&document={id}")
    [title] = re.findall(r'name="title" type="text" value="([^"]*)"', form.text)
    [body] = re.findall(r'<textarea[^>]*name="body"[^>]*>\n(.*?)</textarea>', form.text, re.DOTALL)
    assert unescape(title) == f"About: {TITLE}"
    given = {"id": hidden(form, "id"), "topic": AFTER, "kind": "resource", "title": "About it", "language": "en",
             "body": unescape(body) + "It is good.", "byline": "full", "do": "send"}  # fmt: skip
    assert (await author.post(f"{C}/contribute", data=given)).status_code == 303
    page = (await stranger.get(f"{C}/1")).text
    assert f'<a href="http://testserver{C}/documents/{id}"' in page
    assert (
        "Sample &quot;paper&quot; &lt;b&gt;[draft]&lt;/b&gt;</a>" in page or 'Sample "paper" &lt;b&gt;[draft]' in page
    )
    assert (await author.get(f"{C}/contribute?document={new_id()}")).status_code == 404
