"""Recommendations written through the API: begun, cited, opened, finalised, by the same rules as on pages."""

import pytest

from app.database import Database
from tests.api.talk import Talk
from tests.making import AFTER, say
from tests.synthesis.outcome import entries

pytestmark = pytest.mark.anyio
WORDS = {"topic": AFTER, "title": "Count", "statement": "Count.", "addressee": "The city", "addressee_kind": "city"}


async def test_from_the_first_words_to_the_final_version(said: Talk, database: Database) -> None:
    drafts, text = f"{said.home}/drafts", await say(database, said.made, body="We counted the hours.")
    begun = await said.ask("POST", drafts, "organiser", json={"words": WORDS | {"title": ""}})
    assert begun.status_code == 201 and begun.json()["missing"], begun.text
    here = f"{drafts}/{begun.json()['id']}"
    assert begun.headers["location"].endswith(here)
    written = await said.ask("PUT", here, "organiser", json=WORDS | {"language": "fr"})
    assert (written.json()["title"], written.json()["language"]) == ("Count", "fr")
    assert (await said.ask("POST", f"{here}/publication", "organiser", json={"stage": "open"})).status_code == 422
    cited = await said.ask(
        "POST", f"{here}/citations", "organiser", json={"contribution": str(text.id), "passage": "the hours"}
    )
    assert cited.status_code == 201 and cited.json()["citations"][0]["passage"] == {"start": 11, "end": 20}
    whole = {"contribution": str(text.id), "revision": 1, "passage": None, "stance": "support"}  # as it is read
    cited = await said.ask("POST", f"{here}/citations", "organiser", json=whole)
    assert cited.status_code == 201 and cited.json()["citations"][-1] == cited.json()["citations"][-1] | whole
    opened = await said.ask("POST", f"{here}/publication", "organiser", json={"stage": "open"})
    assert (opened.status_code, opened.json()["stage"], opened.json()["number"]) == (201, "open", 1)
    assert opened.headers["location"].endswith("/recommendations/1")
    assert (await said.get(here, "organiser")).status_code == 404
    again = await said.ask("POST", drafts, "organiser", json={"recommendation": 1})
    assert again.status_code == 201 and (again.json()["number"], again.json()["version"]) == (1, 2)
    assert [each["id"] for each in (await said.read(drafts, "organiser"))["items"]] == [again.json()["id"]]
    final = await said.ask("POST", f"{here}/publication", "organiser", json={"stage": "final"})
    assert final.json()["stage"] == "final"
    assert await said.read(f"{said.home}/recommendations/1") == final.json()
    assert [each["stage"] for each in await entries(database, "recommendation.revised")] == ["final"]


async def test_who_and_what_is_refused(said: Talk, database: Database) -> None:
    drafts, text = f"{said.home}/drafts", await say(database, said.made)
    id = (await said.ask("POST", drafts, "organiser", json={"words": WORDS})).json()["id"]
    cite, publish = {"contribution": str(text.id)}, {"stage": "final"}
    for who, status in ((None, 401), ("participant", 403), ("moderator", 403)):
        assert (await said.get(drafts, who)).status_code == status
        assert (await said.get(f"{drafts}/{id}", who)).status_code == status
        for method, url, body in (
            ("POST", drafts, {"words": WORDS}), ("PUT", f"{drafts}/{id}", WORDS),
            ("POST", f"{drafts}/{id}/citations", cite), ("POST", f"{drafts}/{id}/publication", publish),
        ):  # fmt: skip
            assert (await said.ask(method, url, who, json=body)).status_code == status
    for method, url, wrong, status in (
        ("POST", drafts, {}, 422), ("POST", drafts, {"words": WORDS, "recommendation": 1}, 422),
        ("POST", drafts, {"recommendation": 7}, 404), ("POST", drafts, {"words": WORDS | {"topic": "moon"}}, 422),
        ("PUT", f"{drafts}/{id}", WORDS | {"title": "nul \x00"}, 422), ("PUT", f"{drafts}/x", WORDS, 404),
        ("POST", f"{drafts}/{id}/citations", {"contribution": id}, 422),
        ("POST", f"{drafts}/{id}/citations", cite | {"revision": 10**20}, 422),
        ("POST", f"{drafts}/{id}/publication", {"stage": "soon"}, 422),
    ):  # fmt: skip
        answer = await said.ask(method, url, "organiser", json=wrong)
        assert answer.status_code == status, (url, wrong, answer.text)
    assert await entries(database, "recommendation.published") == []
