"""The outcome through the API: recommendations with what they rest on, and what became of every contribution."""

import pytest

from app.database import Database
from app.synthesis import actions, setting_aside
from tests.api.talk import Talk
from tests.making import AFTER, decide, say
from tests.synthesis.outcome import begin, cite, make_rapporteur, publish, published

pytestmark = pytest.mark.anyio


async def test_read_by_anyone(said: Talk, database: Database) -> None:
    rapporteur = await make_rapporteur(database, said.made)
    text = await say(database, said.made, body="Words of the first text.")
    gone = await say(database, said.made, title="Goes", body="Words that leave.")
    aside = await say(database, said.made, title="Aside")
    begun = await begin(database, rapporteur, said.made)
    await cite(database, rapporteur, begun.id, text, passage="the first")
    await cite(database, rapporteur, begun.id, gone, stance="dissent")
    assert await said.read(f"{said.home}/recommendations", "organiser") == {"items": [], "next": None}
    await publish(database, rapporteur, begun.id, "open")
    async with database.writing() as session:
        await setting_aside.mark(session, rapporteur, said.made.id, [aside.id], "scope")
    assert (await said.read(f"{said.home}/coverage"))["items"] == []
    await decide(database, said.made, "hide", gone.id)
    answer = await said.get(f"{said.home}/recommendations")
    [item] = answer.json()["items"]
    assert item["stage"] == "open" and item["topic"] == AFTER and item["addressee"]["kind"] == "city"
    assert item["citations"][0] == {
        "contribution": str(text.id), "number": 1, "revision": 1, "stance": "support",
        "passage": {"start": 9, "end": 18}, "state": "current",
        "url": f"https://plenary.example/c/{said.made.slug}/1/history#r1",
    }  # fmt: skip
    assert item["citations"][1]["state"] == "hidden" and "leave" not in answer.text
    assert item["support"]["contributions"] == 1 and item["dissent"]["contributions"] == 0
    assert answer.headers["etag"] and item["seq"] == item["commitment"]["seq"]
    assert await said.read(f"{said.home}/recommendations/1") == item
    assert await said.read(f"{said.home}/recommendations/1", fields="number,title") == {
        "number": 1, "title": "Count the hours",
    }  # fmt: skip
    [entry] = [
        each for each in (await said.read(f"{said.home}/changes", limit=100))["items"]
        if each["kind"] == "recommendation.published"
    ]  # fmt: skip
    assert entry["subject"] == item["id"] and entry["contribution"] is None
    assert entry["hash"] == item["commitment"]["hash"]

    await published(database, rapporteur, said.made, aside, title="Another")
    page = await said.read(f"{said.home}/recommendations", limit=1)
    assert [each["number"] for each in (await said.read(page["next"]))["items"]] == [2]
    covered = (await said.read(f"{said.home}/coverage"))["items"]
    assert [(each["number"], each["state"], each["recommendations"], each["reason"]) for each in covered] == [
        (1, "cited", [1], None), (3, "cited", [2], None),
    ]  # fmt: skip
    assert str(rapporteur.person) not in str([item, covered])


async def test_what_is_not_there(said: Talk) -> None:
    for number in ("1", "0", "x", "-1", "99999999999999999999", "٣", "%00"):
        assert (await said.get(f"{said.home}/recommendations/{number}")).status_code == 404
    assert (await said.get("/api/v1/consultations/none/recommendations")).status_code == 404
    assert (await said.get("/api/v1/consultations/none/coverage")).status_code == 404
    assert (await said.get(f"{said.home}/coverage", cursor="x")).status_code == 400
    assert (await said.get(f"{said.home}/recommendations", stage="final")).status_code == 422


async def test_commented_on(said: Talk, database: Database) -> None:
    rapporteur = await make_rapporteur(database, said.made)
    text = await said.posted()
    assert text["recommendation"] is None
    assert (await said.post(recommendation=1)).status_code == 422
    begun = await begin(database, rapporteur, said.made)
    await cite(database, rapporteur, begun.id, await say(database, said.made))
    await publish(database, rapporteur, begun.id, "open")
    made = await said.posted(recommendation=1, title="Mornings")
    assert made["recommendation"] == 1 and made["topic"] == AFTER
    assert (await said.read(said.at(made["id"])))["recommendation"] == 1
    for wrong in (0, -1, 2**31, 2**70, "one", 1.5):
        assert (await said.post(recommendation=wrong)).status_code == 422
    table = (await said.get(f"{said.home}/export.csv")).text
    assert table.splitlines()[0].count("recommendation") == 1
    async with database.writing() as session:
        await actions.revise(session, rapporteur, begun.id)
    await publish(database, rapporteur, begun.id, "final")
    assert (await said.post(recommendation=1)).status_code == 409
