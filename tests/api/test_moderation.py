"""The queue and decisions through the API: who may, what is refused, what follows."""

import pytest

from app.database import Database
from tests.api.talk import Talk, key_for
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio
NEVER = "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11"


async def test_the_queue_is_read_by_moderators_with_the_scope(said: Talk, database: Database) -> None:
    shown = await said.posted(topic=BEFORE, byline="anonymous")
    url = f"{said.home}/queue"
    assert (await said.get(url)).status_code == 401
    for who in ("participant", "other", await key_for(database, said.made.moderator, "read", "write")):
        assert (await said.get(url, who)).status_code == 403
    for who in ("moderator", "organiser"):
        answer = await said.get(url, who)
        (item,) = answer.json()["items"]
        assert item["contribution"] == shown["id"]
        assert item["revision"] == shown["waiting"]["revision"]
        assert (item["author"], item["organisation"]) == (None, None)
        assert answer.headers["cache-control"] == "private, no-store"


async def test_the_queue_page_by_page(said: Talk) -> None:
    ids = [(await said.posted(topic=BEFORE))["id"] for _ in range(5)]
    page, found = await said.read(f"{said.home}/queue", "moderator", limit=2), []
    while True:
        found += [item["contribution"] for item in page["items"]]
        if page["next"] is None:
            break
        page = await said.read(page["next"], "moderator")
    assert found == ids
    assert (await said.get(f"{said.home}/queue", "moderator", cursor="x")).status_code == 400
    assert (await said.get("/api/v1/consultations/nowhere/queue", "moderator")).status_code == 404


async def test_deciding(said: Talk) -> None:
    shown = await said.posted(topic=BEFORE)
    revision = shown["waiting"]["revision"]
    answer = await said.decide(shown["id"], "approve", revision=revision, note="Fine.")
    decision = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"].endswith(f"/api/v1/contributions/{shown['id']}")
    assert (decision["act"], decision["status"], decision["number"]) == ("approve", "published", 1)
    assert (decision["revision"], decision["note"]) == (revision, "Fine.")
    again = await said.decide(shown["id"], "approve", revision=revision)
    assert again.status_code == 409
    hidden = await said.decide(shown["id"], "hide", rule="1")
    assert (hidden.json()["status"], hidden.json()["rule"]) == ("hidden", "1")
    assert (await said.decide(shown["id"], "restore")).json()["status"] == "published"


async def test_a_decision_on_what_was_changed_meanwhile(said: Talk) -> None:
    shown = await said.posted(topic=BEFORE)
    read = shown["waiting"]["revision"]
    await said.ask("PATCH", said.at(shown["id"]), "participant", {"If-Match": "*"}, json={"body": "Changed."})
    for act in ("approve", "reject"):
        stale = await said.decide(shown["id"], act, revision=read)
        assert stale.status_code == 409
        assert stale.json()["type"] == "/problems/conflict"
        nameless = await said.decide(shown["id"], act)
        assert nameless.status_code == 422
        assert nameless.json()["errors"][0]["field"] == "revision"


async def test_wrong_decisions(said: Talk) -> None:
    id = (await said.posted(topic=AFTER))["id"]
    for given, field in (
        ({"act": "praise"}, "act"), ({"act": "hide", "reason": ""}, "reason"), ({"act": "hide", "rule": "99"}, "rule"),
        ({"act": "hide", "reason": "x" * 2001}, "reason"), ({"act": "hide", "note": "\x00"}, "note"),
        ({"act": "hide", "revision": "x"}, "revision"), ({"act": None}, "act"),
        ({"act": "hide", "colour": "blue"}, "colour"),
    ):  # fmt: skip
        answer = await said.decide(id, given.pop("act"), **given)  # type: ignore[arg-type]
        assert answer.status_code == 422, (given, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await said.decide(NEVER, "hide")).status_code == 404
    assert (await said.read(said.at(id)))["status"] == "published"


async def test_who_may_not_decide(said: Talk, database: Database) -> None:
    id = (await said.posted())["id"]
    assert (await said.decide(id, "hide", None)).status_code == 401
    for who in ("participant", "other", await key_for(database, said.made.moderator, "read", "write")):
        assert (await said.decide(id, "hide", who)).status_code == 403
    assert (await said.read(said.at(id)))["status"] == "published"


async def test_a_decision_sent_twice_is_made_once(said: Talk) -> None:
    id = (await said.posted())["id"]
    answers = [
        await said.ask(
            "POST",
            said.at(id, "/decisions"),
            "moderator",
            {"Idempotency-Key": "d"},
            json={"act": "hide", "reason": "A."},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_the_queue_narrowed_and_why_each_item_waits(said: Talk) -> None:
    first = await said.posted(topic=BEFORE, language="fr")
    second = await said.posted(topic=BEFORE)
    url = f"{said.home}/queue"
    for asked, ids in (
        ({}, [first["id"], second["id"]]), ({"language": "fr"}, [first["id"]]), ({"topic": AFTER}, []),
        ({"reason": "new"}, [first["id"], second["id"]]), ({"reason": "flag"}, []), ({"overdue": "true"}, []),
        ({"older_than_hours": 1}, []), ({"organisation": "Sample network"}, [first["id"], second["id"]]),
    ):  # fmt: skip
        page = await said.read(url, "moderator", **asked)
        assert [item["contribution"] for item in page["items"]] == ids, asked
    item = (await said.read(url, "moderator"))["items"][0]
    assert (item["reasons"], item["flags"], item["overdue"], item["claim"]) == (["new"], 0, False, None)
    assert item["due"] > item["since"]
    assert (await said.get(url, "moderator", reason="whim")).status_code == 422


async def test_taking_in_hand_and_giving_back(said: Talk, database: Database) -> None:
    id = (await said.posted(topic=BEFORE))["id"]
    url = said.at(id, "/claim")
    assert (await said.ask("POST", url, None)).status_code == 401
    for who in ("participant", await key_for(database, said.made.moderator, "read", "write")):
        assert (await said.ask("POST", url, who)).status_code in (403, 404)
    taken = await said.ask("POST", url, "moderator")
    assert taken.status_code == 201 and taken.json()["mine"] is True
    other = await said.ask("POST", url, "organiser")
    assert other.status_code == 409 and "Moderator C has this in hand until" in other.json()["detail"]
    (item,) = (await said.read(f"{said.home}/queue", "organiser"))["items"]
    assert item["claim"] == {"name": "Moderator C", "until": taken.json()["until"], "mine": False}
    assert (await said.ask("DELETE", url, "moderator")).status_code == 204
    assert (await said.ask("DELETE", url, "moderator")).status_code == 409
    assert (await said.ask("POST", said.at(NEVER, "/claim"), "moderator")).status_code == 404


async def test_taking_in_hand_and_giving_back_are_done_once(said: Talk) -> None:
    url = said.at((await said.posted(topic=BEFORE))["id"], "/claim")
    once, back = {"Idempotency-Key": "take-1"}, {"Idempotency-Key": "back-1"}
    taken = [(await said.ask("POST", url, "moderator", once)).json() for _each in range(2)]
    assert taken[0]["mine"] is True and taken[0] == taken[1]
    assert [(await said.ask("DELETE", url, "moderator", back)).status_code for _each in range(2)] == [204, 204]
    assert (await said.ask("POST", url, "moderator", once)).status_code == 409  # it was given back
    assert (await said.ask("POST", url, "moderator", back)).status_code == 422  # the key of another request


async def test_a_claim_that_somebody_else_has_now(said: Talk) -> None:
    shown = await said.posted(topic=BEFORE)
    held = {"revision": shown["waiting"]["revision"], "held": True}
    assert (await said.ask("POST", said.at(shown["id"], "/claim"), "organiser")).status_code == 201
    refused = await said.decide(shown["id"], "approve", **held)
    assert refused.status_code == 409 and "Your claim lapsed meanwhile" in refused.json()["detail"]
    assert (await said.read(said.at(shown["id"]), "moderator"))["status"] == "pending"
    assert (await said.decide(shown["id"], "approve", who="organiser", **held)).status_code == 201
