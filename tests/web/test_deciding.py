"""The plain queue and the moderators' forms: decisions name what was judged, refusals keep what was written."""

import pytest
from httpx import AsyncClient

from app.contributions import actions, writing
from app.database import Database
from tests.making import BEFORE, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.pages import hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
QUEUE = f"{C}/moderate/queue"


async def test_the_queue_is_for_moderators(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made, topic=BEFORE, title="Waits")
    for actor in (made.participant, made.other):
        answer = await (await browse(actor)).get(QUEUE)
        assert answer.status_code == 403 and "Waits" not in answer.text
    assert (await stranger.get(QUEUE)).headers["location"].startswith("/sign-in")
    for actor in (made.moderator, made.organiser):
        assert "Waits" in (await (await browse(actor)).get(QUEUE)).text


async def test_approving_publishes_exactly_what_was_read(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    text = await say(database, made, topic=BEFORE, title="Read me")
    moderator = await browse(made.moderator)
    seen = await moderator.get(QUEUE)
    decision = {"contribution": hidden(seen, "contribution"), "revision": hidden(seen, "revision"), "act": "approve"}

    async with database.writing() as session:
        await actions.edit(session, made.participant, text.id, 1, {"body": "Something else altogether."})
    stale = await moderator.post(QUEUE, data=decision)
    assert stale.status_code == 409 and "changed the text meanwhile" in stale.text
    assert "Something else altogether." in stale.text

    decision["revision"] = hidden(stale, "revision")
    assert (await moderator.post(QUEUE, data=decision)).headers["location"] == f"{QUEUE}?done=approve"
    assert "Something else altogether." in (await stranger.get(f"{C}/1")).text
    late = await moderator.post(QUEUE, data=decision | {"act": "reject", "reason": "My long reason."})
    assert late.status_code == 409 and "Nothing waits here any more" in late.text and "My long reason." in late.text


async def test_rejecting_needs_a_reason_that_the_author_reads(browse: Browse, database: Database, made: Made) -> None:
    text = await say(database, made, topic=BEFORE)
    moderator = await browse(made.moderator)
    seen = await moderator.get(QUEUE)
    decision = {"contribution": hidden(seen, "contribution"), "revision": hidden(seen, "revision"), "act": "reject"}
    without = await moderator.post(QUEUE, data=decision | {"rule": "4", "reason": " "})
    assert without.status_code == 422 and "Please give a reason" in without.text
    assert '<option value="4" selected' in without.text
    done = await moderator.post(QUEUE, data=decision | {"rule": "4", "reason": "It names your neighbour."})
    assert done.status_code == 303
    author = await browse(made.participant)
    for path in ("/me", f"{C}/{text.id}"):
        page = (await author.get(path)).text
        assert "It names your neighbour." in page and "Not accepted" in page


async def test_an_edit_is_judged_by_its_difference_and_a_reply_with_what_it_answers(
    browse: Browse, database: Database, made: Made
) -> None:
    text = await say(database, made, topic=BEFORE, body="One two three.")
    async with database.writing() as session:
        waiting = await writing.waiting_revision(session, text.id)
        assert waiting is not None
    moderator = await browse(made.moderator)
    await moderator.post(QUEUE, data={"contribution": str(text.id), "revision": str(waiting.id), "act": "approve"})
    async with database.writing() as session:
        await actions.edit(session, made.participant, text.id, 1, {"body": "One four three."})
    await say(database, made, parent=text.id, actor=made.other)
    page = (await moderator.get(QUEUE)).text
    assert "<del>two</del><ins>four</ins>" in page and "edit of 1" in page
    assert "Replies to" in page and "One two three." in page


async def test_what_a_byline_withholds_is_withheld_in_the_queue(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, topic=BEFORE, byline="anonymous")
    page = (await (await browse(made.moderator)).get(QUEUE)).text
    assert "Name withheld" in page and "Participant A" not in page and "Sample network" not in page


async def test_hiding_and_restoring(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, body="Names a neighbour.")
    moderator = await browse(made.moderator)
    assert f'href="{C}/1/hide"' in (await moderator.get(f"{C}/1")).text
    assert f'href="{C}/1/hide"' not in (await stranger.get(f"{C}/1")).text
    refused = await moderator.post(f"{C}/1/hide", data={"rule": "4", "reason": ""})
    assert refused.status_code == 422 and '<option value="4" selected>' in refused.text
    await moderator.post(f"{C}/1/hide", data={"rule": "4", "reason": "Personal data."})
    gone = await stranger.get(f"{C}/1")
    assert gone.status_code == 410 and "rule 4, Protect third persons" in gone.text and "Personal data." in gone.text
    assert "neighbour" not in gone.text
    assert "Names a neighbour." in (await moderator.get(f"{C}/1")).text, "to decide again one must read it"
    await moderator.post(f"{C}/1/restore", data={"reason": "It was a mistake."})
    assert "Names a neighbour." in (await stranger.get(f"{C}/1")).text


@pytest.mark.parametrize("act", ["hide", "restore"])
async def test_others_cannot_decide(browse: Browse, database: Database, made: Made, act: str) -> None:
    text = await say(database, made)
    for actor in (made.participant, made.other):
        browser = await browse(actor)
        assert (await browser.get(f"{C}/1/{act}")).status_code == 403
        assert (await browser.post(f"{C}/1/{act}", data={"reason": "Because."})).status_code == 403
        given = {"contribution": str(text.id), "revision": str(text.id), "act": "approve"}
        assert (await browser.post(QUEUE, data=given)).status_code == 403
