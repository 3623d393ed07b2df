"""Many contributions in one call: each has its own result, and the same call twice changes nothing."""

import asyncio
from typing import Any

import pytest

from tests.api.talk import Talk
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio
SOURCE = "Sample network’s own meetings"


async def bulk(said: Talk, items: Any, who: str | None = "moderator", **given: Any) -> Any:
    body = {"items": items, "source": SOURCE, "language": "es", **given}
    return await said.ask("POST", f"{said.home}/contributions/bulk", who, json=body)


async def test_a_thousand_in_one_call_each_with_a_result(said: Talk) -> None:
    items: list[dict[str, Any]] = [
        {"id": "reply-first", "parent_id": "root", "body": "Una respuesta."},
        {"id": "root", "topic_id": BEFORE, "title": "Un registro", "body": "Texto.", "author": "Sample Speaker",
         "created_at": "2016-07-01"},
        {"id": "root", "topic_id": AFTER, "body": "Twice."},
        {"body": "Without an id."},
        {"id": "odd", "body": 7, "colour": "red"},
        {"id": 8, "body": "Text.", "lang": "no language", "created_at": "then"},
        {"id": "nowhere", "parent_id": "unknown", "body": "Text."},
    ]  # fmt: skip
    items += [{"id": f"n{number}", "body": f"Text *{number}*."} for number in range(1000 - len(items))]
    answer = await bulk(said, items, topic=AFTER)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["created"], found["unchanged"], found["refused"]) == (995, 0, 5)
    assert [each["id"] for each in found["items"][:4]] == ["reply-first", "root", "root", None]
    wrong = {place: [error["field"] for error in each["errors"]] for place, each in enumerate(found["items"])}
    assert {place: fields for place, fields in wrong.items() if fields} == {
        2: ["id"], 3: ["id"], 4: ["colour"], 5: ["lang", "created_at"], 6: ["parent_id"]
    }  # fmt: skip
    root = await said.read(said.at(found["items"][1]["contribution"]))
    assert (root["channel"], root["topic"], root["language"], root["replies"]) == ("process", BEFORE, "es", 1)
    assert root["provenance"] == {"source": SOURCE, "id": "root"} and root["author"]["name"] == "Sample Speaker"
    assert root["number"] == found["items"][1]["number"]
    again = (await bulk(said, [*items[:2], {"id": "later", "parent_id": "n3", "body": "Text."}])).json()
    assert [each["state"] for each in again["items"]] == ["unchanged", "unchanged", "created"]
    assert again["items"][0]["contribution"] == found["items"][0]["contribution"]
    assert (await said.read(f"{said.home}"))["size"] == 8 + 996


async def test_sent_at_once_or_again_they_come_once(said: Talk) -> None:
    items = [{"id": f"n{number}", "body": "Text."} for number in range(5)]
    answers = await asyncio.gather(*(bulk(said, items, topic=AFTER) for _ in range(3)))
    assert sorted(answer.json()["created"] for answer in answers) == [0, 0, 5]
    body = {"items": [{"id": "m", "body": "Text."}], "source": SOURCE, "topic": AFTER}
    key = {"Idempotency-Key": "k"}
    for state in ("created", "unchanged"):
        answer = await said.ask("POST", f"{said.home}/contributions/bulk", "moderator", key, json=body)
        assert answer.json()["items"][0]["state"] == state


async def test_only_moderators_and_only_so_many(said: Talk) -> None:
    one = [{"id": "1", "body": "Text."}]
    assert (await bulk(said, one, "participant")).status_code == 403
    assert (await bulk(said, one, None)).status_code == 401
    for items in ([], one * 1001, "text", [1]):
        assert (await bulk(said, items)).status_code == 422
    assert (await bulk(said, one, topic="nowhere")).status_code == 422
    assert (await bulk(said, one, source="")).status_code == 422
    assert (await bulk(said, [{"id": "1", "body": "x" * 9_000_000}])).status_code == 413
