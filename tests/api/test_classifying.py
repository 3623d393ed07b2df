"""Guiding questions of many texts through the API: set at once, seen by followers, refused as on pages."""

from typing import Any

import pytest

from app.clock import new_id
from tests.api.talk import Talk
from tests.making import AFTER

pytestmark = pytest.mark.anyio


async def test_questions_of_many(said: Talk) -> None:
    texts = [(await said.posted(title=f"Text {n}")) for n in range(2)]
    ids, place = [each["id"] for each in texts], f"{said.home}/contributions/questions"
    given = {"contributions": ids, "questions": [f"{AFTER}.a"], "how": "add"}
    before = (await said.read(f"{said.home}/changes"))["size"]
    assert (await said.ask("POST", place, "moderator", json=given)).status_code == 204
    changed = (await said.read(f"{said.home}/changes", after=before))["items"]
    assert [(each["kind"], each["changed"]) for each in changed] == [("contribution.updated", ["questions"])] * 2
    assert {each["contribution"]["id"] for each in changed} == set(ids)
    for before_it, each in zip(texts, changed, strict=True):
        now = await said.read(said.at(before_it["id"]))
        assert now["questions"] == [f"{AFTER}.a"] and now["revision"] == before_it["revision"] == 1
        assert now["commitment"] == before_it["commitment"] and now["seq"] > before_it["seq"]
        assert each["contribution"] in ({**now, "seq": each["contribution"]["seq"]}, now)
    found = await said.read(f"{said.home}/contributions", question=f"{AFTER}.a")
    assert {each["id"] for each in found["items"]} == set(ids)
    assert (await said.ask("POST", place, "participant", json=given)).status_code == 403
    assert (await said.ask("POST", place, None, json=given)).status_code == 401
    cases: tuple[dict[str, Any], ...] = (
        {"questions": ["nowhere.a"]}, {"questions": ["\x00"]}, {"contributions": []}, {"contributions": ["x"]},
        {"contributions": [str(new_id())]}, {"how": "dance"}, {"more": 1}, {"contributions": ids * 101},
    )  # fmt: skip
    for wrong in cases:
        answer = await said.ask("POST", place, "moderator", json=given | wrong)
        assert answer.status_code == 422, (wrong, answer.text)
        assert answer.json()["type"] == "/problems/invalid"
