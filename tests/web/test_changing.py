"""One's own texts: edited without losing anything, signed lower, withdrawn, erased. Nobody else's."""

import re

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.making import AFTER, BEFORE, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"


def edited(based_on: int = 1, **more: str) -> dict[str, str]:
    """An edit of what `say` says."""
    return {
        "based_on": str(based_on), "topic": AFTER, "title": "A proposal", "body": "Better text.", "language": "en",
        "byline": "full", "do": "save",
    } | more  # fmt: skip


async def test_an_edit_is_a_revision_with_a_readable_difference(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, body="Old words stay here.")
    author = await browse(made.participant)
    assert "Old words stay here." in (await author.get(f"{C}/1/edit")).text
    done = await author.post(f"{C}/1/edit", data=edited(body="New words stay here."))
    assert done.headers["location"] == f"{C}/1?done=edited"
    assert "revised once" in (await stranger.get(f"{C}/1")).text
    history = (await stranger.get(f"{C}/1/history")).text
    assert "<del>Old</del><ins>New</ins> words stay here." in history

    asked = (await author.get(f"{C}/1/revisions/1/erase")).text
    assert f'href="{C}/1/history#r1"' in asked and "New words" not in asked  # not as if that were to go
    assert (await author.post(f"{C}/1/revisions/1/erase")).status_code == 303
    assert "Old" not in (await stranger.get(f"{C}/1/history")).text


async def test_the_second_of_two_editors_sees_both_texts(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, body="First words.")
    author = await browse(made.participant)
    await author.post(f"{C}/1/edit", data=edited(body="Words of the first window."))
    conflict = await author.post(f"{C}/1/edit", data=edited(body="Words of the second window."))
    assert conflict.status_code == 412
    assert '<p dir="auto">Words of the first window.</p>' in conflict.text
    assert "\nWords of the second window.</textarea>" in conflict.text
    again = await author.post(
        f"{C}/1/edit", data=edited(int(hidden(conflict, "based_on")), body="Words of the second window.")
    )
    assert again.status_code == 303
    assert "Words of the second window." in (await author.get(f"{C}/1")).text


async def test_a_refused_edit_keeps_its_text(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    author = await browse(made.participant)
    answer = await author.post(f"{C}/1/edit", data=edited(title="", body="Kept all the same."))
    assert answer.status_code == 422 and "Kept all the same." in answer.text and "give it a title" in answer.text


async def test_an_edit_lowers_the_byline_even_alone(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    author = await browse(made.participant)
    form = (await author.get(f"{C}/1/edit")).text
    assert re.findall(r'name="byline" value="(\w+)"( checked)?', form) == [
        ("full", " checked"), ("organisation", ""), ("anonymous", ""),
    ]  # fmt: skip
    assert "Everyone sees: Sample network with its country, and that the name is withheld." in form
    assert 'name="kind"' not in form and 'name="capacity"' not in form, "an edit does not change these"
    lower = await author.post(f"{C}/1/edit", data=edited(body="Text.", byline="organisation"))
    assert lower.headers["location"] == f"{C}/1?done=edited"
    page = (await stranger.get(f"{C}/1")).text
    assert "Participant A" not in page and "Sample network" in page and "revised" not in page
    await author.post(f"{C}/1/edit", data=edited(byline="anonymous"))
    page = (await stranger.get(f"{C}/1")).text
    assert "Sample network" not in page and "Better text." in page
    assert 'name="byline"' not in (await author.get(f"{C}/1/edit")).text
    assert (await author.post(f"{C}/1/edit", data=edited(2, body="Without a byline.", byline=""))).status_code == 303


async def test_a_byline_that_cannot_be_had_is_refused_beside_its_field(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, byline="organisation")
    author = await browse(made.participant)
    refused = await author.post(f"{C}/1/edit", data=edited(byline="full"))
    assert refused.status_code == 422 and "Better text." in refused.text
    assert 'href="#f-byline"' in refused.text and 'id="f-byline"' in refused.text
    assert "A byline can be lowered, not raised" in refused.text
    assert re.findall(r'name="byline" value="(\w+)"( checked)?', refused.text) == [
        ("organisation", " checked"), ("anonymous", ""),
    ]  # fmt: skip
    assert "Better text." not in (await stranger.get(f"{C}/1")).text


async def test_an_edit_that_comes_too_late_keeps_its_byline(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    author = await browse(made.participant)
    await author.post(f"{C}/1/edit", data=edited())
    late = await author.post(f"{C}/1/edit", data=edited(byline="anonymous"))
    assert late.status_code == 412 and 'value="anonymous" checked' in late.text
    assert "Participant A" in (await author.get(f"{C}/1")).text
    for do in ("preview", "places"):
        assert (
            'value="anonymous" checked'
            in (await author.post(f"{C}/1/edit", data=edited(2, byline="anonymous", do=do))).text
        )


async def test_an_edit_of_a_reply_asks_for_no_title(browse: Browse, database: Database, made: Made) -> None:
    root = await say(database, made)
    await say(database, made, parent=root.id)
    author = await browse(made.participant)
    refused = await author.post(f"{C}/2/edit", data={"based_on": "1", "body": "", "language": "en", "do": "save"})
    assert refused.status_code == 422 and 'name="title"' not in refused.text


async def test_what_waits_can_be_edited_too(browse: Browse, database: Database, made: Made) -> None:
    text = await say(database, made, topic=BEFORE)
    author = await browse(made.participant)
    done = await author.post(f"{C}/{text.id}/edit", data=edited(topic=BEFORE))
    assert done.headers["location"] == f"{C}/{text.id}?done=edited"
    assert "Better text." in (await author.get(f"{C}/{text.id}")).text


async def test_a_byline_is_lowered_at_once_and_on_all_revisions(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    assert "Participant A" in (await stranger.get(f"{C}/1")).text
    author = await browse(made.participant)
    assert 'value="anonymous"' in (await author.get(f"{C}/1/byline")).text
    await author.post(f"{C}/1/byline", data={"byline": "anonymous"})
    for path in (C, f"{C}/1", f"{C}/topics/{AFTER}", f"{C}/1/history"):
        page = (await stranger.get(path)).text
        assert "Participant A" not in page and "Sample network" not in page, path
    raised = await author.post(f"{C}/1/byline", data={"byline": "full"})
    assert raised.status_code == 422


async def test_withdrawing_and_erasing_ask_once(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, body="To be withdrawn.")
    author = await browse(made.participant)
    asked = await author.get(f"{C}/1/withdraw")
    assert "To be withdrawn." in asked.text and (await stranger.get(f"{C}/1")).status_code == 200
    await author.post(f"{C}/1/withdraw")
    assert "Withdrawn by its author" in (await stranger.get(f"{C}/1")).text
    mine = await author.get(f"{C}/1")
    assert mine.status_code == 410 and "To be withdrawn." in mine.text
    await author.post(f"{C}/1/erase")
    assert "To be withdrawn." not in (await author.get(f"{C}/1")).text


async def test_who_erases_twice_reads_that_it_is_gone(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    author = await browse(made.participant)
    assert (await author.post(f"{C}/1/erase")).status_code == 303
    for browser in (author, await browse(made.other)):
        again = await browser.post(f"{C}/1/erase")
        assert again.status_code == 410 and "no longer public: it was erased" in again.text
    assert (await stranger.post(f"{C}/1/erase")).status_code == 401


@pytest.mark.parametrize("act", ["edit", "byline", "withdraw", "erase"])
async def test_nobody_touches_what_somebody_else_wrote(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, act: str
) -> None:
    public = await say(database, made)
    waiting = await say(database, made, topic=BEFORE)
    other = await browse(made.other)
    for which, status in ((public.number, 403), (waiting.id, 404)):
        assert (await other.get(f"{C}/{which}/{act}")).status_code == status
        assert (await other.post(f"{C}/{which}/{act}", data=edited())).status_code == status
    assert (await stranger.get(f"{C}/1/{act}")).headers["location"].startswith("/sign-in")
    assert (await stranger.post(f"{C}/1/{act}", data=edited())).status_code == 401
    assert "Text." in (await stranger.get(f"{C}/1")).text


async def test_an_organiser_erases_on_request_with_a_reason(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    organiser = await browse(made.organiser)
    assert (await organiser.post(f"{C}/1/erase", data={"reason": ""})).status_code == 422
    assert (await organiser.post(f"{C}/1/erase", data={"reason": "Asked by letter."})).status_code == 303
    assert (await stranger.get(f"{C}/1")).status_code == 410
    moderator = await browse(made.moderator)
    await say(database, made)
    assert (await moderator.post(f"{C}/2/erase", data={"reason": "No."})).status_code == 403
