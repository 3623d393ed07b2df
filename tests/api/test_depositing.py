"""`deposit` in the API: said with a text, changed with an edit, shown to the author only."""

import pytest
from sqlalchemy import select

from app.contributions.models import Deposit
from app.database import Database
from tests.api.talk import Talk
from tests.making import BEFORE

pytestmark = pytest.mark.anyio


async def agreed(database: Database) -> set[str]:
    """The texts that may be deposited."""
    async with database.writing() as session:
        return {str(id) for id in await session.scalars(select(Deposit.contribution_id))}


async def test_an_author_says_it_and_sees_it(said: Talk, database: Database) -> None:
    one, waits = await said.posted(deposit=True), await said.posted(topic=BEFORE, deposit=True)
    silent = await said.posted()
    assert one["deposit"] is waits["deposit"] is True and "deposit" not in silent
    assert await agreed(database) == {one["id"], waits["id"]}
    mine = await said.get(said.at(one["id"]), "participant")
    assert mine.json() == one and mine.headers["etag"].endswith('-d"')
    for who in (None, "other", "moderator"):
        assert "deposit" not in await said.read(said.at(one["id"]), who)
    assert "deposit" not in await said.read(said.at(waits["id"]), "moderator")
    changes = (await said.get(f"{said.home}/changes", after=0)).text
    export = (await said.get(f"{said.home}/export.jsonl")).text
    assert '"deposit"' not in changes + export
    tag = {"If-Match": mine.headers["etag"], "If-None-Match": mine.headers["etag"]}
    edited = await said.ask("PATCH", said.at(one["id"]), "participant", tag, json={"deposit": False})
    assert edited.status_code == 200 and "deposit" not in edited.json() and edited.json()["revision"] == 1
    assert (await said.get(said.at(one["id"]), "participant")).headers["etag"] != mine.headers["etag"]
    for answer in (
        await said.ask("PATCH", said.at(one["id"]), "other", {"If-Match": "*"}, json={"deposit": True}),
        await said.post("participant", deposit="perhaps"),
    ):
        assert answer.status_code in (403, 422), answer.text
    assert await agreed(database) == {waits["id"]}


async def test_who_enters_what_others_said_records_their_answer(said: Talk, database: Database) -> None:
    items = [{"id": f"row-{place}", "body": "Words.", "topic_id": BEFORE, "deposit": deposit}
             for place, deposit in enumerate((True, False, "yes", "perhaps"))]  # fmt: skip
    body = {"items": items, "source": "A process"}
    done = (await said.ask("POST", f"{said.home}/contributions/bulk", "moderator", json=body)).json()["items"]
    assert [each["state"] for each in done] == ["created"] * 3 + ["refused"]
    assert done[3]["errors"] == [{"field": "deposit", "message": "This is to be yes or no."}]
    assert await agreed(database) == {done[0]["contribution"], done[2]["contribution"]}
    paper = {"channel": "paper", "date": "2016-09-01", "body": "On paper.", "topic": BEFORE}
    kept = await said.ask("POST", f"{said.home}/transcriptions", "moderator", json=paper | {"deposit": True})
    await said.ask("POST", f"{said.home}/transcriptions", "moderator", json=paper)
    assert kept.status_code == 201, kept.text
    assert await agreed(database) == {done[0]["contribution"], done[2]["contribution"], kept.json()["id"]}
