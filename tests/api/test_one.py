"""One contribution: who reads it in which state, edits, withdrawal, erasure, revisions, its thread."""

from typing import Any

import pytest
from httpx import Response

from app.database import Database
from tests.api.talk import Talk, key_for
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio
NEVER = "01985d2e-7d3a-7c41-9d5e-2b1f0a6c8e11"


async def edit(said: Talk, id: str, tag: str | None, who: str | None = "participant", **changes: Any) -> Response:
    """Edit on the base of a tag."""
    return await said.ask("PATCH", said.at(id), who, {"If-Match": tag} if tag else {}, json=changes)


async def remove(said: Talk, id: str, who: str | None = "participant", **params: Any) -> Response:
    """Withdraw or erase."""
    return await said.ask("DELETE", said.at(id), who, params=params or None)


async def test_what_was_never_public_looks_like_what_never_existed(said: Talk) -> None:
    waiting = (await said.posted(topic=BEFORE))["id"]
    rejected = await said.posted(topic=BEFORE)
    await said.decide(rejected["id"], "reject", revision=rejected["waiting"]["revision"])
    withdrawn = (await said.posted(topic=BEFORE))["id"]
    await remove(said, withdrawn)
    erased = (await said.posted(topic=BEFORE))["id"]
    await remove(said, erased, erase="true")
    for who in (None, "other"):
        for rest in ("", "/revisions", "/thread"):
            nothing = await said.get(said.at(NEVER, rest), who)
            for id in (waiting, rejected["id"], withdrawn, erased):
                found = await said.get(said.at(id, rest), who)
                assert (found.status_code, found.json()) == (404, nothing.json())
        if who:
            nothing = await edit(said, NEVER, '"1-1"', who, body="x")
            assert nothing.status_code == 404
            for id in (waiting, rejected["id"], withdrawn, erased):
                assert (await edit(said, id, '"1-1"', who, body="x")).json() == nothing.json()
                assert (await remove(said, id, who)).json() == nothing.json()
                assert (await said.decide(id, "approve", who)).json() == nothing.json()
    assert (await said.get(said.at("not-an-id"))).json() == (await said.get(said.at(NEVER))).json()
    assert (await said.get(said.at("%00" * 12))).status_code == 404


async def test_what_is_no_longer_public_is_gone_for_all_but_author_and_moderators(said: Talk) -> None:
    states = {}
    for state in ("hidden", "withdrawn", "erased"):
        states[state] = (await said.posted(body="Was public."))["id"]
    await said.decide(states["hidden"], "hide")
    await remove(said, states["withdrawn"])
    await remove(said, states["erased"], erase="true")
    for state, id in states.items():
        for who in (None, "other", *(["participant", "moderator"] if state == "erased" else [])):
            for rest in ("", "/revisions", "/thread"):
                answer = await said.get(said.at(id, rest), who)
                gone = answer.json()
                assert answer.status_code == 410
                assert gone["type"] == "/problems/gone"
                assert (gone["id"], gone["state"]) == (id, state)
                assert gone["url"].endswith(f"/{gone['number']}")
                assert "since" in gone
                assert "Was public." not in answer.text
    for who in ("participant", "moderator", "organiser"):
        for state in ("hidden", "withdrawn"):
            seen = await said.read(said.at(states[state]), who)
            assert (seen["status"], seen["body"]) == (state, "Was public.")


async def test_the_tag_is_revision_and_sequence(said: Talk) -> None:
    shown = await said.posted()
    answer = await said.get(said.at(shown["id"]))
    tag = f'"1-{shown["seq"]}"'
    assert answer.headers["etag"] == tag
    assert "Authorization" in answer.headers["vary"]
    assert (await said.ask("GET", said.at(shown["id"]), None, {"If-None-Match": tag})).status_code == 304
    await said.posted("other", parent=shown["id"])
    answer = await said.ask("GET", said.at(shown["id"]), None, {"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"1-{answer.json()["seq"]}"'
    assert answer.json()["seq"] > shown["seq"]


async def test_an_edit_needs_the_revision_that_was_edited(said: Talk) -> None:
    shown = await said.posted()
    id, tag = shown["id"], f'"1-{shown["seq"]}"'
    assert (await edit(said, id, None, body="New")).status_code == 428
    await said.posted("other", parent=id)  # changes S, not R
    edited = await edit(said, id, tag, title="New", questions=[f"{AFTER}.c"], places=[{"country": "MX"}])
    assert edited.status_code == 200
    assert edited.headers["etag"] == f'"2-{edited.json()["seq"]}"'
    now = await said.read(said.at(id))
    assert edited.json() == now
    assert (now["title"], now["body"], now["revision"], now["questions"]) == ("New", shown["body"], 2, [f"{AFTER}.c"])
    for stale in (tag, '"1-999"', '"0-0"', "nonsense", '"x-y"'):
        answer = await edit(said, id, stale, body="Another")
        assert answer.status_code == 412
        assert answer.json()["type"] == "/problems/precondition-failed"
    assert (await edit(said, id, "*", body="Third")).json()["revision"] == 3
    assert (await edit(said, id, '"2-1", W/"3-1"', body="Fourth")).json()["revision"] == 4
    assert (await edit(said, id, '"4-1"')).json()["revision"] == 4  # nothing to change


async def test_an_edit_that_waits_leaves_the_public_text(said: Talk) -> None:
    first = await said.posted(topic=BEFORE, body="First.")
    assert (await said.decide(first["id"], "approve", revision=first["waiting"]["revision"])).status_code == 201
    public = await said.get(said.at(first["id"]))
    edited = await edit(said, first["id"], public.headers["etag"], body="Second.")
    assert edited.status_code == 202
    assert (edited.json()["body"], edited.json()["revision"]) == ("First.", 1)
    assert edited.json()["waiting"] is not None
    assert edited.headers["etag"].startswith('"2-')
    assert (await said.get(said.at(first["id"]))).json() == public.json()
    for who in ("participant", "moderator"):
        assert (await said.read(said.at(first["id"]), who))["waiting"] is not None
    waiting = edited.json()["waiting"]["revision"]
    assert (await said.decide(first["id"], "approve", revision=waiting)).status_code == 201
    assert (await said.read(said.at(first["id"])))["body"] == "Second."


async def test_the_byline_can_be_lowered_and_not_raised(said: Talk) -> None:
    shown = await said.posted()
    lowered = await edit(said, shown["id"], '"1-1"', byline="anonymous")
    assert lowered.status_code == 200
    assert (lowered.json()["author"], lowered.json()["revision"]) == (None, 1)
    raised = await edit(said, shown["id"], '"1-1"', byline="full")
    assert raised.status_code == 422
    assert raised.json()["errors"][0]["field"] == "byline"
    assert "Participant A" not in (await said.get(said.at(shown["id"], "/revisions"))).text


async def test_wrong_edits(said: Talk) -> None:
    id = (await said.posted())["id"]
    for changes, field in (
        ({"body": ""}, "body"), ({"body": None}, "body"), ({"title": ""}, "title"), ({"topic": BEFORE}, "topic"),
        ({"language": "?"}, "language"), ({"byline": ""}, "byline"), ({"questions": ["x"]}, "questions"),
    ):  # fmt: skip
        answer = await edit(said, id, "*", **changes)
        assert answer.status_code == 422, changes
        assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_who_may_not_change_what_somebody_else_wrote(said: Talk, database: Database) -> None:
    id = (await said.posted())["id"]
    assert (await edit(said, id, "*", None, body="x")).status_code == 401
    assert (await remove(said, id, None)).status_code == 401
    for who in ("other", "moderator", "organiser"):
        assert (await edit(said, id, "*", who, body="x")).status_code == 403
        assert (await remove(said, id, who)).status_code == 403
    for who in ("other", "moderator"):
        assert (await remove(said, id, who, erase="true", reason="Because.")).status_code == 403
    reads = await key_for(database, said.made.participant, "read")
    assert (await edit(said, id, "*", reads, body="x")).status_code == 403
    assert (await remove(said, id, reads)).status_code == 403
    assert (await said.read(said.at(id)))["revision"] == 1


async def test_withdrawing(said: Talk) -> None:
    root = await said.posted()
    reply = await said.posted("other", parent=root["id"])
    assert (await remove(said, reply["id"], "other")).status_code == 204
    assert (await remove(said, reply["id"], "other")).status_code == 204
    assert (await said.read(said.at(root["id"])))["replies"] == 0
    assert (await edit(said, reply["id"], "*", "other", body="x")).status_code == 409
    replying = await said.post(parent=reply["id"])
    assert replying.status_code == 409
    assert replying.json()["type"] == "/problems/conflict"


async def test_who_erases_twice_hears_that_it_is_gone_and_so_does_everybody_else(said: Talk) -> None:
    mine, standing = (await said.posted())["id"], (await said.posted())["id"]
    assert (await remove(said, mine, "participant", erase="true")).status_code == 204
    told = (await said.get(said.at(mine))).json()
    for who in ("participant", "other"):
        for again in (
            await remove(said, mine, who, erase="true"), await remove(said, mine, who),
            await edit(said, mine, "*", who, body="x"),
        ):  # fmt: skip
            assert (again.status_code, again.json()) == (410, told)
    assert (await remove(said, mine, None, erase="true")).status_code == 401
    assert (await remove(said, standing, "other", erase="true")).status_code == 403
    waits = (await said.posted(topic=BEFORE))["id"]
    assert (await remove(said, waits, "participant", erase="true")).status_code == 204
    for who in ("participant", "other"):
        assert (await remove(said, waits, who, erase="true")).status_code == 404


async def test_an_organiser_who_erases_gives_a_reason(said: Talk) -> None:
    ids = [(await said.posted())["id"] for _ in range(2)]
    nameless = await remove(said, ids[0], "organiser", erase="true")
    assert nameless.status_code == 422
    assert nameless.json()["errors"][0]["field"] == "reason"
    for wrong in ("\x00", "x" * 1001):
        assert (await remove(said, ids[0], "organiser", erase="true", reason=wrong)).status_code == 422
    assert (await remove(said, ids[0], "organiser", erase="true", reason="Personal data.")).status_code == 204
    in_body = await said.ask(
        "DELETE", said.at(ids[1]), "organiser", params={"erase": "true"}, json={"reason": "Personal data."}
    )
    assert in_body.status_code == 204
    assert (await said.get(said.at(ids[1]))).json()["state"] == "erased"


async def test_revisions_page_by_page(said: Talk) -> None:
    shown = await said.posted(body="Text 1.")
    for number in range(1, 5):
        await edit(said, shown["id"], f'"{number}-1"', body=f"Text {number + 1}.")
    url = said.at(shown["id"], "/revisions")
    whole = (await said.read(url))["items"]
    assert [each["revision"] for each in whole] == [1, 2, 3, 4, 5]
    assert [each["state"] for each in whole] == ["superseded"] * 4 + ["public"]
    assert whole[0]["body"] == "Text 1."
    first = await said.get(url, limit=2)
    second = await said.read(first.json()["next"])
    third = await said.read(second["next"])
    assert first.json()["items"] + second["items"] + third["items"] == whole
    assert third["next"] is None
    assert (
        await said.ask("GET", url, None, {"If-None-Match": (await said.get(url)).headers["etag"]})
    ).status_code == 304
    assert (await said.get(url, cursor="x")).status_code == 400


async def test_a_thread_is_read_in_its_order(said: Talk) -> None:
    async def reply(to: dict[str, Any]) -> dict[str, Any]:
        return await said.posted("other", parent=to["id"])

    one = await said.posted()
    two, three = await reply(one), await reply(one)
    four = await reply(two)
    five = await reply(four)
    await said.posted()  # another thread
    order = [1, 2, 4, 5, 3]
    for each in (one, three, five):
        whole = await said.read(said.at(each["id"], "/thread"))
        assert [item["number"] for item in whole["items"]] == order
    page, numbers = await said.read(said.at(one["id"], "/thread"), limit=2), []
    while True:
        numbers += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        page = await said.read(page["next"])
    assert numbers == order
    await remove(said, four["id"], "other")
    whole = await said.read(said.at(five["id"], "/thread"))
    assert [item["number"] for item in whole["items"]] == [1, 2, 5, 3]
    assert (await said.get(said.at(four["id"], "/thread"))).status_code == 410
