"""Mandates through the API: asked for, listed for organisers alone, answered, and refused as the pages refuse."""

from typing import Any

import pytest

from tests.api.talk import Talk

pytestmark = pytest.mark.anyio


async def ask(said: Talk, who: str = "participant", **given: Any) -> Any:
    return await said.ask("POST", f"{said.home}/mandates", who, json=given)


async def decide(said: Talk, id: str, who: str | None = "organiser", **given: Any) -> Any:
    return await said.ask("POST", f"{said.home}/mandates/{id}/decisions", who, json=given)


async def test_asked_and_confirmed(said: Talk) -> None:
    asked = await ask(said, words="Ask our office.")
    made = asked.json()
    assert asked.status_code == 201 and asked.headers["location"].endswith(f"{said.home}/mandates/{made['id']}")
    assert made["organisation"] == {"name": "Sample network", "kind": "diaspora", "country": "PH", "website": None}
    assert (made["name"], made["words"], made["state"]) == ("Participant A", "Ask our office.", "waiting")
    [listed] = (await said.read(f"{said.home}/mandates", "organiser"))["items"]
    assert listed == made and "example.org" not in str(listed)
    confirmed = await decide(said, made["id"], act="confirm")
    assert confirmed.status_code == 201
    assert {name: confirmed.json()[name] for name in ("state", "how", "answered_by")} == {
        "state": "confirmed", "how": "organiser", "answered_by": "Organiser D",
    }  # fmt: skip
    assert (await said.posted())["organisation"]["mandate"] == "confirmed"
    assert (await decide(said, made["id"], act="confirm")).status_code == 409
    ended = await decide(said, made["id"], act="end", reason="They have left it.")
    assert (ended.json()["state"], ended.json()["reason"]) == ("ended", "They have left it.")
    assert (await said.posted())["organisation"]["mandate"] == "claimed"


async def test_taken_back_by_who_asked(said: Talk) -> None:
    made = (await ask(said)).json()
    where = f"{said.home}/mandates/{made['id']}"
    assert (await said.ask("DELETE", where, "other")).status_code == 404
    assert (await said.ask("DELETE", where, "participant")).status_code == 204
    assert (await said.read(f"{said.home}/mandates", "organiser"))["items"] == []
    assert (await said.ask("DELETE", where, "participant")).status_code == 404


async def test_what_is_refused(said: Talk) -> None:
    assert (await ask(said, "other")).status_code == 409  # claims no mandate
    assert (await ask(said, "participant", words="x" * 1_001)).status_code == 422
    assert (await ask(said, "participant", organisation="Another")).status_code == 422
    made = (await ask(said)).json()
    for who, status in ((None, 401), ("participant", 403), ("other", 403), ("moderator", 403)):
        assert (await said.get(f"{said.home}/mandates", who)).status_code == status
        assert (await decide(said, made["id"], who, act="confirm")).status_code == status
    assert (await decide(said, made["id"], act="crown")).status_code == 422
    assert (await decide(said, made["id"], act="decline")).status_code == 422
    assert (await decide(said, said.made.id.hex, act="confirm")).status_code == 404
    assert (await decide(said, str(said.made.id), act="confirm")).status_code == 404
    assert (await said.posted())["organisation"]["mandate"] == "claimed"


async def test_the_organisation_itself_is_asked(said: Talk) -> None:
    made = (await ask(said)).json()
    where = f"{said.home}/mandates/{made['id']}/question"
    for who, status in ((None, 401), ("participant", 403), ("moderator", 403)):
        assert (await said.ask("POST", where, who, json={"email": "office@sample.example"})).status_code == status
    assert (await said.ask("POST", where, "organiser", json={"email": "office"})).status_code == 422
    answer = await said.ask("POST", where, "organiser", json={"email": "office@sample.example", "language": "fr"})
    assert (
        answer.status_code == 201 and answer.json()["organisation_asked_until"] and answer.json()["state"] == "waiting"
    )
    assert "office@" not in answer.text
