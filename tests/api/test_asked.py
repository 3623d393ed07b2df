"""Flags and appeals through the API: the same rules as the pages."""

import pytest

from tests.api.talk import Talk
from tests.making import BEFORE

pytestmark = pytest.mark.anyio


async def test_flags(said: Talk) -> None:
    id = (await said.posted())["id"]
    url = said.at(id, "/flags")
    assert (await said.ask("POST", url, None, json={"rule": "4"})).status_code == 401
    assert (await said.ask("POST", url, "participant", json={"rule": "4"})).status_code == 409
    assert (await said.ask("POST", url, "other", json={})).status_code == 422
    assert (await said.ask("POST", url, "other", json={"rule": "99"})).status_code == 422
    made = await said.ask("POST", url, "other", json={"rule": "4", "note": "It names a neighbour."})
    assert (made.status_code, made.json()["rule"], made.json()["outcome"]) == (201, "4", None)
    assert (await said.get(f"{said.home}/flags", "other")).status_code == 403
    listed = await said.get(f"{said.home}/flags", "moderator")
    (item,) = listed.json()["items"]
    assert (item["contribution"], item["flags"][0]["note"]) == (id, "It names a neighbour.")
    assert "Participant B" not in listed.text
    assert (await said.decide(id, "dismiss")).status_code == 201
    assert (await said.read(f"{said.home}/flags", "moderator"))["items"] == []
    assert "neighbour" not in (await said.get(f"{said.home}/changes")).text


async def test_appeals(said: Talk) -> None:
    shown = await said.posted(topic=BEFORE)
    id = shown["id"]
    await said.decide(id, "reject", revision=shown["waiting"]["revision"])
    url = said.at(id, "/appeals")
    assert (await said.ask("POST", url, "other", json={"words": "Mine?"})).status_code == 404
    made = await said.ask("POST", url, "participant", json={"words": "Please look again."})
    assert (made.status_code, made.json()["words"]) == (201, "Please look again.")
    assert (await said.ask("POST", url, "participant", json={"words": "And again."})).status_code == 409
    (item,) = (await said.read(f"{said.home}/appeals", "moderator"))["items"]
    assert item["may_answer"] is False
    answer = f"/api/v1/appeals/{item['id']}/decision"
    given = {"outcome": "overturned", "reason": "It may be said."}
    for who, status in ((None, 401), ("other", 404), ("moderator", 403)):
        assert (await said.ask("POST", answer, who, json=given)).status_code == status
    assert (await said.ask("POST", answer, "organiser", json={"outcome": "maybe", "reason": "x"})).status_code == 422
    done = await said.ask("POST", answer, "organiser", json=given)
    assert (done.status_code, done.json()["outcome"], done.json()["status"]) == (201, "overturned", "published")
    assert (await said.get(said.at(id))).status_code == 200
    assert (await said.ask("POST", answer, "organiser", json=given)).status_code == 409
