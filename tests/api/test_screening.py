"""Screening through the API: the same signs as from the form; the author learns that a check is why, and no more."""

import pytest

from app.database import Database
from tests.api.talk import Talk
from tests.contributions.screened import LINKS, LONG, screen_with
from tests.making import BEFORE

pytestmark = pytest.mark.anyio


async def test_a_text_that_is_noticed_waits_and_its_author_is_told_why(said: Talk) -> None:
    shown = await said.posted(body=LINKS)
    assert (shown["status"], shown["number"], shown["waiting"]["because"]) == ("pending", None, "check")
    assert set(shown["waiting"]) == {"revision", "since", "because"}
    [item] = (await said.read(f"{said.home}/queue", "moderator"))["items"]
    assert item["signs"] == [{"sign": "links", "detail": {"links": 4, "words": 1}}]
    assert (await said.get(said.at(shown["id"]))).status_code == 404
    answer = await said.decide(shown["id"], "approve", revision=shown["waiting"]["revision"])
    assert answer.status_code == 201
    assert (await said.read(said.at(shown["id"])))["waiting"] is None


async def test_an_edit_that_is_noticed_waits_while_the_public_text_stays(said: Talk) -> None:
    shown = await said.posted()
    answer = await said.ask(
        "PATCH", said.at(shown["id"]), "participant", json={"body": LINKS}, headers={"If-Match": '"1-1"'}
    )
    assert answer.status_code == 202
    assert (answer.json()["body"], answer.json()["waiting"]["because"]) == ("Text.", "check")
    public = await said.read(said.at(shown["id"]))
    assert public["body"] == "Text." and public["waiting"] is None
    changes = await said.read(f"{said.home}/changes", after=0)
    assert "shop1" not in str(changes) and "screen" not in str(changes)


async def test_what_waits_by_policy_or_as_a_first_is_said_to(said: Talk, database: Database) -> None:
    assert (await said.posted(topic=BEFORE, body=LINKS))["waiting"]["because"] == "policy"
    await screen_with(database, "first_waits = true")
    assert (await said.posted("other"))["waiting"]["because"] == "first"
    assert (await said.posted("other", body=LINKS))["waiting"]["because"] == "check"


async def test_copies_show_to_moderators_and_not_whose_they_are(said: Talk) -> None:
    await said.posted(body=LONG, byline="anonymous")
    await said.posted("other", body=LONG, byline="anonymous")
    [item] = (await said.read(f"{said.home}/queue", "moderator"))["items"]
    assert item["signs"] == [{"sign": "repeated", "detail": {"copies": 1, "number": 1}}]
    for who in ("participant", None):
        assert (await said.get(f"{said.home}/queue", who)).status_code in (401, 403)


async def test_a_moderators_key_that_may_only_write_is_a_moderators(said: Talk) -> None:
    assert (await said.posted("moderator", body=LINKS))["status"] == "published"
