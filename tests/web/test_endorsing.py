"""Endorsing on a contribution's page, with a button and no script."""

import pytest
from httpx import AsyncClient

from app.database import Database
from tests.making import SLUG, Made, say
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
    assert (await author.post(f"{PAGE}/endorse", data={"do": "give"})).status_code == 403
    assert "who they are is not" in (await other.get(f"{PAGE}/endorse")).text
    assert (await other.post(f"{PAGE}/endorse", data={"do": "give"})).headers["location"] == f"{PAGE}#endorse"
    assert "Take your endorsement back" in (await other.get(PAGE)).text
    seen = (await stranger.get(PAGE)).text
    assert "One person endorses it." in seen and "Participant B" not in seen
    held = (await other.get("/me/data/download")).json()
    assert len(held["endorsements"]) == 1
    assert (await other.post(f"{PAGE}/endorse", data={"do": "take-back"})).status_code == 303
    assert "endorses it" not in (await stranger.get(PAGE)).text
