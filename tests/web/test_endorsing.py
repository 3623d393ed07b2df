"""Endorsing on a contribution's page, with a button and no script."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.endorsements.actions import endorse
from tests.making import SLUG, Made, make_speaker, say, speak_for
from tests.web.conftest import Browse

pytestmark = pytest.mark.anyio
PAGE = f"/c/{SLUG}/1"


async def test_a_button_endorses_and_takes_back(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    assert f'href="{PAGE}/endorse"' in (await stranger.get(PAGE)).text
    assert (await stranger.get(f"{PAGE}/endorse")).headers["location"] == f"/sign-in?onward={PAGE}/endorse"
    assert (await stranger.post(f"{PAGE}/endorse")).status_code == 401
    author, other = await browse(made.participant), await browse(made.other)
    assert "/endorse" not in (await author.get(PAGE)).text
    assert (await author.post(f"{PAGE}/endorse", data={"do": "personal"})).status_code == 403
    assert "who they are is not" in (await other.get(f"{PAGE}/endorse")).text
    assert (await other.post(f"{PAGE}/endorse", data={"do": "personal"})).headers["location"] == f"{PAGE}#endorse"
    assert "Take your endorsement back" in (await other.get(PAGE)).text
    seen = (await stranger.get(PAGE)).text
    assert "One person endorses it." in seen and "Participant B" not in seen
    held = (await other.get("/me/data/download")).json()
    assert len(held["endorsements"]) == 1
    assert (await other.post(f"{PAGE}/endorse", data={"do": "take-back"})).status_code == 303
    assert "endorses it" not in (await stranger.get(PAGE)).text


async def test_for_an_organisation_once_and_listed(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    for colleague in (made.other, made.moderator):
        await speak_for(database, colleague, "Sample <union>")
    other, moderator = await browse(made.other), await browse(made.moderator)
    assert "Endorse for Sample &lt;union&gt;" in (await other.get(PAGE)).text
    assert (await other.get(f"{PAGE}/endorse")).headers["location"] == f"{PAGE}#endorse"  # where one can choose
    assert (await other.post(f"{PAGE}/endorse", data={"do": "organisation"})).status_code == 303
    assert "Yours is for Sample &lt;union&gt;." in (await other.get(PAGE)).text
    seen = (await moderator.get(PAGE)).text
    assert "somebody else has endorsed it already" in seen and "Endorse for" not in seen
    assert (await moderator.post(f"{PAGE}/endorse", data={"do": "organisation"})).status_code == 409
    page, listed = (await stranger.get(PAGE)).text, (await stranger.get(f"{PAGE}/endorsements")).text
    assert "One person endorses it." in page and "One organisation endorses it:" in page
    for shown in (page, listed):
        assert "Sample &lt;union&gt;" in shown and "Participant B" not in shown
    assert "Spain" in listed
    held = (await other.get("/me/data/download")).json()
    assert held["endorsements"][0]["organisation"] == "Sample <union>"
    assert (await moderator.post(f"{PAGE}/endorse", data={"do": "take-name-back"})).status_code == 303
    page = (await stranger.get(PAGE)).text
    assert "One person endorses it." in page and "One organisation" not in page


async def test_what_pages_refuse_of_a_capacity(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made)
    await say(database, made, actor=made.other)
    author, other = await browse(made.participant), await browse(made.other)
    assert "Endorse for" not in (await author.get(f"/c/{SLUG}/2")).text  # a mandate that nobody confirmed
    refused = await author.post(f"/c/{SLUG}/2/endorse", data={"do": "organisation"})
    assert refused.status_code == 403 and "not confirmed" in refused.text
    assert (await other.post(f"{PAGE}/endorse", data={"do": "organisation"})).status_code == 422
    assert (await other.post(f"{PAGE}/endorse", data={"do": "crown"})).status_code == 400
    await speak_for(database, made.other, "Sample network")
    assert "Endorse for" not in (await other.get(PAGE)).text  # the organisation's own text
    assert (await other.post(f"{PAGE}/endorse", data={"do": "organisation"})).status_code == 403


async def test_many_organisations_are_counted_and_five_named(
    stranger: AsyncClient, database: Database, made: Made
) -> None:
    said = await say(database, made)
    for number in range(1, 8):
        speaker = await make_speaker(database, f"Speaker {number}", f"Sample union {number}")
        async with database.writing() as session:
            await endorse(session, speaker, said.id, "organisation")
    page, listed = (await stranger.get(PAGE)).text, (await stranger.get(f"{PAGE}/endorsements")).text
    assert "7 organisations endorse it:" in page and "and 2 more" in page
    assert ("Sample union 5" in page, "Sample union 6" in page, "Sample union 7" in listed) == (True, False, True)
