"""Facilitators' notes: the form, the top of the topic, what they cite."""

import pytest
from httpx import AsyncClient

from app import clock, text
from app.database import Database
from tests.making import AFTER, SLUG, Made, say
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/moderate/note"


def form(**given: str) -> dict[str, str]:
    return {"id": str(clock.new_id()), "topic": AFTER, "note": "weekly-synthesis", "language": "en", "do": "send",
            "title": "", "body": "As #1 says; #99 does not exist.", **given}  # fmt: skip


async def test_a_note_stands_at_the_top_and_cites(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    moderator = await browse(made.moderator)
    assert PAGE in (await moderator.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert PAGE not in (await stranger.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert (await moderator.get(f"{PAGE}?topic={AFTER}")).status_code == 200
    shown = await moderator.post(PAGE, data=form(do="preview"))
    assert "not sent yet" in shown.text
    sent = form()
    for _ in range(2):
        assert (await moderator.post(PAGE, data=sent)).headers["location"].startswith(f"/c/{SLUG}/2?")
    changed = await moderator.post(PAGE, data=sent | {"body": "As nobody says."})
    assert changed.status_code == 409 and "\nAs nobody says.</textarea>" in changed.text
    await moderator.post(PAGE, data=form(note="closing-note", title="The end", body="Thank you."))
    page = (await stranger.get(f"/c/{SLUG}/topics/{AFTER}")).text
    assert f'<a href="/c/{SLUG}/1" rel="nofollow ugc noopener noreferrer">#1</a>' in page
    assert ">#99<" not in page and "#99" in page
    assert page.index("Closing note") < page.index("Weekly synthesis") < page.index('id="threads"')
    assert page.count("<details>") == 1
    document = (await stranger.get(f"/api/v1/consultations/{SLUG}/contributions?tag=weekly-synthesis")).json()
    assert [each["number"] for each in document["items"]] == [2]


async def test_what_cannot_be_taken_comes_back(browse: Browse, made: Made) -> None:
    moderator = await browse(made.moderator)
    for given, fault in (({"body": " "}, "write your text"), ({"note": "praise"}, "The note is one of"),
                         ({"topic": "none"}, "no such topic")):  # fmt: skip
        answer = await moderator.post(PAGE, data=form(**given))
        assert answer.status_code == 422 and fault in answer.text


async def test_only_moderators(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    assert (await stranger.get(PAGE)).status_code in (303, 401)
    participant = await browse(made.participant)
    assert (await participant.get(PAGE)).status_code == 403
    assert (await participant.post(PAGE, data=form())).status_code == 403


def test_citations_leave_other_text_alone() -> None:
    home = "/c/x"
    set_ = text.markdown("`#1` [see #1](/c/x/1) #1a a#1 &#1; /c/x/1 /c/y/1 (#1)\n\n# 1\n", home, {1})
    assert set_.count('href="/c/x/1"') == 3
    assert "<code>#1</code>" in set_ and "#1a a#1" in set_ and " /c/y/1" in set_
    assert text.markdown("#1") == '<p dir="auto">#1</p>\n'
