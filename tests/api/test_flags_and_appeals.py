"""Flags and appeals through the API: who may, what is refused, what comes of them."""

import pytest

from app.database import Database
from tests.api.document import conforms
from tests.api.talk import Talk, key_for

pytestmark = pytest.mark.anyio
NEVER = "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11"


async def test_flagging_and_dismissing(said: Talk, database: Database) -> None:
    shown = await said.posted()
    flag = {"rule": "1", "note": "It names my neighbour."}
    assert (await said.ask("POST", said.at(shown["id"], "/flags"), None, json=flag)).status_code == 401
    assert (await said.ask("POST", said.at(NEVER, "/flags"), "other", json=flag)).status_code == 404
    reader = await key_for(database, said.made.other, "read", "moderate")
    assert (await said.ask("POST", said.at(shown["id"], "/flags"), reader, json=flag)).status_code == 403
    empty = await said.ask("POST", said.at(shown["id"], "/flags"), "other", json={})
    assert empty.status_code == 422 and empty.json()["errors"][0]["field"] == "note"
    made = await said.ask("POST", said.at(shown["id"], "/flags"), "other", json=flag)
    await conforms(made)
    assert (made.status_code, made.json()["outcome"]) == (201, None)
    assert (await said.ask("POST", said.at(shown["id"], "/flags"), "other", json=flag)).status_code == 409
    for who in ("participant", "other"):
        assert (await said.get(f"{said.home}/flags", who)).status_code == 403
    answer = await said.get(f"{said.home}/flags", "moderator")
    await conforms(answer)
    assert [report["note"] for report in answer.json()["items"][0]["flags"]] == ["It names my neighbour."]
    assert str(said.made.other.person) not in answer.text
    for url in (said.at(shown["id"]), f"{said.home}/changes"):
        assert "neighbour" not in (await said.get(url)).text and "flag" not in (await said.get(url)).text
    assert (await said.decide(shown["id"], "dismiss")).json()["status"] == "published"
    assert (await said.read(f"{said.home}/flags", "moderator"))["items"] == []


async def test_appealing_and_answering(said: Talk) -> None:
    shown = await said.posted()
    await said.decide(shown["id"], "hide")
    words = {"words": "It was no insult."}
    assert (await said.ask("POST", said.at(shown["id"], "/appeals"), "other", json=words)).status_code == 403
    made = await said.ask("POST", said.at(shown["id"], "/appeals"), "participant", json=words)
    await conforms(made)
    assert made.status_code == 201
    assert (await said.ask("POST", said.at(shown["id"], "/appeals"), "participant", json=words)).status_code == 409
    url = f"/api/v1/appeals/{made.json()['id']}"
    assert (await said.get(url, "participant")).status_code == 200
    assert (await said.get(url, "other")).status_code == 404
    listed = await said.get(f"{said.home}/appeals", "organiser")
    await conforms(listed)
    assert [item["may_answer"] for item in listed.json()["items"]] == [True]
    answer = {"outcome": "overturned", "reason": "It is none."}
    refused = await said.ask("POST", f"{url}/decision", "moderator", json=answer)
    assert refused.status_code == 403 and "Somebody else" in refused.json()["detail"]
    done = await said.ask("POST", f"{url}/decision", "organiser", json=answer)
    await conforms(done)
    assert (done.status_code, done.json()["status"], done.json()["outcome"]) == (201, "published", "overturned")
    assert (await said.get(said.at(shown["id"]))).status_code == 200
