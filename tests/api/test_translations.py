"""Translations through the API: offered, listed everywhere, judged, taken away, refused with the reason."""

import csv
import io
import json
from typing import Any

import pytest
from httpx import Response

from tests.api.talk import Talk
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio
FRENCH: dict[str, Any] = {"language": "fr", "revision": 1, "title": "Un registre", "body": "Des *mots*."}


async def offer(said: Talk, id: str, who: str | None = "other", **given: Any) -> Response:
    return await said.ask("POST", said.at(id, "/translations"), who, json={**FRENCH, **given})


async def approved(said: Talk) -> str:
    """A public text in the topic where moderators read first."""
    text = await said.posted(topic=BEFORE)
    await said.decide(text["id"], "approve", revision=text["waiting"]["revision"])
    return str(text["id"])


async def test_offering_and_reading_it_everywhere(said: Talk) -> None:
    text = await said.posted()
    before = (await said.get(said.at(text["id"]))).headers["etag"]
    answer = await offer(said, text["id"])
    assert answer.status_code == 201 and answer.headers["location"].endswith(f"/contributions/{text['id']}")
    made = answer.json()
    assert (made["status"], made["by"], made["machine"], made["revision"]) == ("offered", "participant", False, 1)
    read = await said.get(said.at(text["id"]))
    assert read.json()["translations"] == [made] and read.json()["revision"] == 1
    assert before.startswith('"1-') and read.headers["etag"].startswith('"1-') and read.headers["etag"] != before
    listed = (await said.read(f"{said.home}/contributions"))["items"]
    exported = json.loads((await said.get(f"{said.home}/export.jsonl")).text)
    *_earlier, entry = (await said.read(f"{said.home}/changes", after=0))["items"]
    assert listed[0]["translations"] == exported["translations"] == entry["contribution"]["translations"] == [made]
    assert (entry["kind"], entry["changed"]) == ("contribution.updated", ["translations"])
    assert entry["translation"] == made["commitment"]["hash"]
    [row] = csv.DictReader(io.StringIO((await said.get(f"{said.home}/export.csv")).text))
    [told] = json.loads(row["translations"])
    assert told == {name: made[name] for name in made if name != "html"}
    assert (await said.read(said.at(text["id"], "/translations"), fields="language"))["items"] == [{"language": "fr"}]


async def test_what_waits_is_for_its_translator_and_moderators(said: Talk) -> None:
    id = await approved(said)
    made = (await offer(said, id)).json()
    assert (made["status"], made["commitment"]) == ("waiting", None)
    at = said.at(id, "/translations")
    assert [len((await said.read(at, who))["items"]) for who in ("other", "moderator", "participant", None)] == [
        1, 1, 0, 0,
    ]  # fmt: skip
    for who in ("other", "participant", "moderator", None):
        assert (await said.read(said.at(id), who))["translations"] == []
    [waits] = (await said.read(f"{said.home}/queue/translations", "moderator"))["items"]
    assert (waits["id"], waits["contribution"], waits["original"]["body"], waits["replaces"]) == (
        made["id"], id, "Text.", False,
    )  # fmt: skip
    for who, status in (("other", 403), ("participant", 403), (None, 401)):
        assert (await said.get(f"{said.home}/queue/translations", who)).status_code == status
    answer = await said.decide(id, "review-translation", translation=made["id"])
    assert answer.status_code == 201 and answer.json()["act"] == "review-translation"
    assert [each["status"] for each in (await said.read(said.at(id)))["translations"]] == ["reviewed"]
    assert (await said.read(f"{said.home}/queue/translations", "moderator"))["items"] == []


async def test_the_list_of_what_waits_page_by_page(said: Talk) -> None:
    id = await approved(said)
    for language in ("fr", "es", "de"):
        await offer(said, id, language=language)
    seen, url = [], f"{said.home}/queue/translations?limit=2"
    while url:
        page = await said.read(url, "moderator")
        seen += [each["language"] for each in page["items"]]
        url = page["next"]
    assert seen == ["fr", "es", "de"]
    assert (await said.get(f"{said.home}/queue/translations", "moderator", cursor="x")).status_code == 400


async def test_approving_and_taking_away(said: Talk) -> None:
    text = await said.posted()
    made = (await offer(said, text["id"])).json()
    at = said.at(text["id"], f"/translations/{made['id']}")
    for who, status in (("other", 403), ("moderator", 403), (None, 401), ("participant", 204), ("participant", 204)):
        assert (await said.ask("PUT", f"{at}/approval", who)).status_code == status
    assert [each["status"] for each in (await said.read(said.at(text["id"])))["translations"]] == ["approved"]
    assert (await said.ask("DELETE", at, "participant")).status_code == 422
    assert (await said.ask("DELETE", at, None)).status_code == 401
    assert (await said.ask("DELETE", at, "participant", params={"reason": "Not what I say."})).status_code == 204
    assert (await said.read(said.at(text["id"])))["translations"] == []
    [logged] = (await said.read(f"{said.home}/decisions"))["items"]
    assert (logged["act"], logged["role"], logged["reason"]) == ("remove-translation", "author", "Not what I say.")
    again = (await offer(said, text["id"])).json()
    mine = said.at(text["id"], f"/translations/{again['id']}")
    assert (await said.ask("DELETE", mine, "other")).status_code == 204
    assert (await said.ask("DELETE", mine, "other")).status_code == 404


async def test_refusals(said: Talk) -> None:
    text, waiting = await said.posted(topic=AFTER), await said.posted(topic=BEFORE)
    for status, who, given in (
        (401, None, {}), (422, "other", {"language": "en"}), (422, "other", {"language": "no tag"}),
        (422, "other", {"body": " "}), (422, "other", {"title": None}), (409, "other", {"revision": 2}),
        (422, "other", {"revision": 0}), (422, "other", {"byline": "full"}), (422, "other", {"revision": None}),
        (422, "other", {"status": "approved"}), (422, "other", {"machine": True}),
    ):  # fmt: skip
        answer = await offer(said, text["id"], who, **given)
        assert answer.status_code == status, (given, answer.text)
    assert (await offer(said, waiting["id"])).status_code == 404
    assert (await said.get(said.at(waiting["id"], "/translations"))).status_code == 404
    made = (await offer(said, text["id"])).json()
    for status, who, act, given in (
        (403, "participant", "review-translation", {}), (422, "moderator", "review-translation", {"translation": None}),
        (404, "moderator", "remove-translation", {"translation": text["id"]}),
        (422, "moderator", "remove-translation", {"reason": None}), (409, "moderator", "accept-translation", {}),
    ):  # fmt: skip
        answer = await said.decide(text["id"], act, who, **{"translation": made["id"], **given})
        assert answer.status_code == status, (act, answer.text)
    await said.decide(text["id"], "hide")
    assert (await said.get(said.at(text["id"], "/translations"), "other")).status_code == 410
    assert (await offer(said, text["id"])).status_code == 409


async def test_a_request_that_is_sent_twice_offers_once(said: Talk) -> None:
    text = await said.posted()
    at, once = said.at(text["id"], "/translations"), {"Idempotency-Key": "french"}
    first, second = [await said.ask("POST", at, "other", headers=once, json=FRENCH) for _ in range(2)]
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
