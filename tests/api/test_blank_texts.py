"""Texts in which nothing can be seen are none, to the API and the import; within words the unseen stays."""

import pytest
from sqlalchemy import select

from app.accounts.actions import make_key
from app.contributions.arrivals import Stand, arrival
from app.database import Database
from app.errors import Invalid
from app.moderation.models import Decision
from tests.api.talk import Talk
from tests.blanks import BLANKS, JOINED
from tests.making import AFTER, BEFORE

pytestmark = pytest.mark.anyio


async def refused(said: Talk, **given: object) -> dict[str, str]:
    answer = await said.post(**given)  # type: ignore[arg-type]
    assert answer.status_code == 422, answer.text
    return {each["field"]: each["message"] for each in answer.json()["errors"]}


async def test_a_blank_text_is_refused_as_an_empty_one(said: Talk) -> None:
    for blank in (*BLANKS.values(), "&nbsp;&#8203;", "&#x2800;\n\n&zwj;"):
        assert await refused(said, body=blank) == {"body": "Please write your text here."}, blank
    for blank in BLANKS.values():
        assert list(await refused(said, title=blank)) == ["title"], blank
    public = await said.posted()
    for blank in BLANKS.values():
        assert await refused(said, parent=public["id"], body=blank) == {"body": "Please write your text here."}
        edit = await said.ask("PATCH", said.at(public["id"]), "participant", {"If-Match": "*"}, json={"body": blank})
        assert edit.status_code == 422
        assert list(await refused(said, places=[{"city": blank}])) == ["places.0"]
    assert [each["number"] for each in (await said.read(f"{said.home}/contributions"))["items"]] == [1]


async def test_a_blank_reason_is_none(said: Talk, database: Database) -> None:
    waiting, public = await said.posted(topic=BEFORE), await said.posted()
    for blank in BLANKS.values():
        revision = waiting["waiting"]["revision"]
        assert (await said.decide(waiting["id"], "reject", revision=revision, reason=blank)).status_code == 422
        assert (await said.decide(public["id"], "hide", reason=blank)).status_code == 422
        erase = await said.ask("DELETE", said.at(public["id"], "?erase=true"), "organiser", json={"reason": blank})
        assert erase.status_code == 422
    noted = await said.decide(public["id"], "hide", note="\u200b")
    assert (noted.status_code, noted.json()["note"]) == (201, None)
    async with database.writing() as session:
        assert await session.scalar(select(Decision.note)) is None


async def test_a_key_has_a_name_that_can_be_read(said: Talk, database: Database) -> None:
    for blank in BLANKS.values():
        async with database.writing() as session:
            with pytest.raises(Invalid, match="name"):
                await make_key(
                    session, said.made.participant, said.made.participant.person or said.made.id, blank, ["read"]
                )


async def test_joined_words_come_back_as_they_went(said: Talk) -> None:
    for word in JOINED:
        shown = await said.posted(title=f"x {word}", body=word)
        assert (shown["title"], shown["body"]) == (f"x {word}", word)
        assert word in shown["html"]


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
def test_an_imported_row_needs_a_text_to_be_seen(blank: str) -> None:
    with pytest.raises(Invalid) as refusal:
        arrival({"id": "x", "title": "Title", "body": blank}, Stand(topic=AFTER), "en", "a file")
    assert refusal.value.fields == {"body": "This is empty."}
    made = arrival({"id": "x", "title": blank, "body": "Text.", "author": blank}, Stand(topic=AFTER), "en", blank)
    assert (made.given.title, made.author) == ("Text.", None)
