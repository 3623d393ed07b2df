"""Mandates on pages: asking on one's own, answering on the organisers', and how bylines read before and after."""

from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select

from app.accounts.mandate_links import link_path
from app.accounts.models import MandateClaim
from app.database import Database
from tests.making import BEFORE, SLUG, Made, say
from tests.web.conftest import Browse
from tests.web.test_content_languages import TITLE_FR

pytestmark = pytest.mark.anyio
DESK = f"/c/{SLUG}/moderate/mandates"


async def asked(browser: AsyncClient, database: Database, words: str = "Ask our office.") -> str:
    """The page's address of a request that somebody has made."""
    answer = await browser.post("/me/mandate", data={"consultation": SLUG, "words": words})
    assert answer.headers["location"] == "/me/mandate?done=asked", answer.text
    async with database.writing() as session:
        return f"{DESK}/{await session.scalar(select(MandateClaim.id).order_by(MandateClaim.id.desc()))}"


async def test_from_asking_to_a_confirmed_byline(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    assert "says they speak for" in (await stranger.get(f"/c/{SLUG}/1")).text
    mine, organiser = await browse(made.participant), await browse(made.organiser)
    assert "not confirmed" in (await mine.get("/me")).text
    address = await asked(mine, database, "Ask <b>our</b> office.")
    assert "They have not answered yet." in (await mine.get("/me/mandate")).text
    french = (await mine.get("/me/mandate?lang=fr")).text
    assert TITLE_FR in french and "Civil society and cities" not in french
    await mine.get("/me/mandate?lang=en")
    seen = (await organiser.get(DESK)).text
    assert "Participant A" in seen and "Sample network" in seen and "Ask &lt;b&gt;our&lt;/b&gt; office." in seen
    assert "participant-a@example.org" not in seen
    assert (await organiser.post(address, data={"act": "confirm"})).headers["location"] == f"{DESK}?done=confirm"
    assert "It is confirmed that you speak for" in (await mine.get("/me/mandate")).text
    await say(database, made, title="Another")
    before, after = [(await stranger.get(f"/c/{SLUG}/{number}")).text for number in (1, 2)]
    assert "says they speak for" in before and "says they speak for" not in after and "mandate confirmed" in after
    ended = await organiser.post(address, data={"act": "end", "reason": "They have left it."})
    assert ended.status_code == 303
    assert "They have left it." in (await mine.get("/me/mandate")).text


async def test_a_byline_without_a_name_reads_so_too(stranger: AsyncClient, database: Database, made: Made) -> None:
    await say(database, made, byline="organisation")
    seen = (await stranger.get(f"/c/{SLUG}/1")).text
    assert "Somebody who says they speak for" in seen and "Participant A" not in seen


async def test_declined_with_a_reason_which_is_kept_when_refused(
    browse: Browse, database: Database, made: Made
) -> None:
    mine, organiser = await browse(made.participant), await browse(made.organiser)
    address = await asked(mine, database)
    refused = await organiser.post(address, data={"act": "decline", "reason": " "})
    assert refused.status_code == 422 and "Please give a reason" in refused.text
    too_long = await organiser.post(address, data={"act": "decline", "reason": "Because. " * 200})
    assert too_long.status_code == 422 and "Because. Because." in too_long.text
    assert (await organiser.post(address, data={"act": "decline", "reason": "Not known."})).status_code == 303
    assert "Not known." in (await mine.get("/me/mandate")).text
    late = await organiser.post(address, data={"act": "confirm"})
    assert late.status_code == 409 and "answered already" in late.text


async def test_taken_back(browse: Browse, database: Database, made: Made) -> None:
    mine, other = await browse(made.participant), await browse(made.other)
    id = (await asked(mine, database)).rpartition("/")[2]
    assert (await other.post(f"/me/mandate/{SLUG}/{id}/take-back")).status_code == 404
    assert (await mine.post(f"/me/mandate/{SLUG}/{id}/take-back")).status_code == 303
    assert "Ask the organisers" in (await mine.get("/me/mandate")).text


async def test_what_is_refused(browse: Browse, stranger: AsyncClient, database: Database, made: Made) -> None:
    mine, other, moderator = await browse(made.participant), await browse(made.other), await browse(made.moderator)
    assert (await stranger.get(DESK)).headers["location"].startswith("/sign-in")
    assert (await stranger.get("/me/mandate")).headers["location"].startswith("/sign-in")
    assert (await stranger.post("/me/mandate", data={"consultation": SLUG})).status_code == 401
    assert (await mine.post("/me/mandate", data={"words": "Please."})).status_code == 422
    assert (await mine.post("/me/mandate", data={"consultation": "none"})).status_code == 404
    assert (await other.post("/me/mandate", data={"consultation": SLUG})).status_code == 409
    address = await asked(mine, database)
    for browser in (mine, other, moderator):
        assert (await browser.get(DESK)).status_code == 403
        assert (await browser.post(address, data={"act": "confirm"})).status_code == 403
    again = await mine.post("/me/mandate", data={"consultation": SLUG, "words": "Words to keep."})
    assert again.status_code == 409 and "asked already" in again.text


async def test_the_organisation_itself_is_asked(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    mine, organiser = await browse(made.participant), await browse(made.organiser)
    address = await asked(mine, database)
    given = {"act": "pass-on", "email": "office@sample.example", "language": "fr"}
    assert (await mine.post(address, data=given)).status_code == 403
    refused = await organiser.post(address, data=given | {"email": "participant-a@example.org"})
    assert refused.status_code == 422 and "address of who asks" in refused.text
    assert (await organiser.post(address, data=given)).status_code == 303
    seen = (await organiser.get(DESK)).text
    assert "The organisation itself is asked" in seen and "office@sample.example" not in seen
    link = link_path(UUID(address.rpartition("/")[2]), 1)
    question = await stranger.get(link)
    assert "Participant A" in question.text and "Sample network" in question.text
    assert question.headers["referrer-policy"] == "same-origin" and "no-store" in question.headers["cache-control"]
    assert (await stranger.get(link[:-1] + "x")).status_code == 404
    assert (await stranger.post(link, data={"answer": "perhaps"})).status_code == 400
    assert "Ask our office." not in question.text
    assert "The mandate is confirmed." in (await stranger.post(link, data={"answer": "yes"})).text
    again = await stranger.post(link, data={"answer": "no"})
    assert again.status_code == 410 and "answered already" in again.text and "Participant A" not in again.text
    assert "by the organisation itself" in (await organiser.get(DESK)).text
    assert "It is confirmed that you speak for" in (await mine.get("/me/mandate")).text


async def test_the_desk_reads_so_too(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, topic=BEFORE)
    await say(database, made, topic=BEFORE, byline="organisation")
    seen = (await (await browse(made.moderator)).get(f"/c/{SLUG}/moderate")).text
    assert "Participant A says they speak for Sample network" in seen
    assert "Somebody who says they speak for Sample network" in seen
