"""Posting: where a text goes, how it is signed, what is refused and to whom; and that a form sent twice posts once."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.clock import new_id
from app.contributions import actions
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.database import Database
from app.permissions import ANYONE
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import AFTER, BEFORE, make, say

pytestmark = pytest.mark.anyio


async def test_a_text_is_public_at_once_where_the_topic_says_after(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, questions=(f"{AFTER}.a",), places=({"city": "Quezon City", "country": "ph"},))
    public = await document(database, said.id)
    assert public is not None
    assert (public["number"], public["status"], public["questions"]) == (1, "published", [f"{AFTER}.a"])
    assert public["author"]["name"] == "Participant A"
    assert public["organisation"]["name"] == "Sample network"
    assert public["places"] == [{"city": "Quezon City", "country": "PH", "role": None}]
    assert await kinds(database, made) == ["contribution.published"]


async def test_a_text_waits_where_the_topic_says_before(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    assert (said.status, said.number) == ("pending", None)
    assert await document(database, said.id) is None
    assert await kinds(database, made) == []
    assert await kinds(database, made, "staff") == ["text.waiting"]


async def test_a_reply_counts_at_its_parent_and_stands_beneath_it(database: Database) -> None:
    made = await make(database)
    root = await say(database, made)
    reply = await say(database, made, actor=made.other, parent=root.id)
    deeper = await say(database, made, parent=reply.id)
    parent = await document(database, root.id)
    assert parent is not None and parent["replies"] == 1
    assert parent["seq"] == 2 + (await document(database, root.id) or {})["commitment"]["seq"] - 1
    below = await stored(database, deeper.id)
    assert (below.kind, below.depth, below.thread_id) == ("reply", 2, root.id)
    assert below.sort_key == b"\0\0\0\1\0\0\0\2\0\0\0\3"


@pytest.mark.parametrize(
    ("byline", "author", "organisation", "capacity"),
    [("full", "Participant A", "Sample network", "organisation"),
     ("organisation", None, "Sample network", "organisation"), ("anonymous", None, None, "personal")],
)  # fmt: skip
async def test_a_byline_shows_no_more_than_it_says(
    database: Database, byline: str, author: str | None, organisation: str | None, capacity: str
) -> None:
    made = await make(database)
    said = await say(database, made, byline=byline)
    public = await document(database, said.id) or {}
    assert (public["author"] or {}).get("name") == author
    assert (public["organisation"] or {}).get("name") == organisation
    assert public["capacity"] == capacity
    [revision] = await revisions(database, said.id)
    assert (revision.author_name, revision.organisation_name) == (author, organisation)


async def test_strangers_the_incomplete_and_the_suspended_do_not_post(database: Database) -> None:
    made = await make(database)
    for actor, error in (
        (ANYONE, errors.Unauthenticated),
        (replace(made.participant, complete=False), errors.Forbidden),
        (replace(made.participant, suspended=frozenset({made.id})), errors.Forbidden),
    ):
        with pytest.raises(error):
            await say(database, made, actor=actor)
    with pytest.raises(errors.Forbidden):
        await say(database, made, kind="note")
    note = await say(database, made, actor=made.moderator, kind="note", topic=BEFORE)
    assert note.status == "published"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"), ({"title": "x" * 201}, "title"), ({"body": "x" * 20_001}, "body"),
        ({"body": "\n"}, "body"),
        ({"body": "a\x00b"}, "body"), ({"title": "a\ud800"}, "title"), ({"language": "english!"}, "language"),
        ({"kind": "rant"}, "kind"), ({"kind": "reply"}, "kind"), ({"questions": ("inclusion.a",)}, "questions"),
        ({"places": ({"city": "x"},) * 11}, "places"), ({"places": ({"country": "XX"},)}, "places.0"),
        ({"byline": "secret"}, "byline"), ({"topic": "nowhere"}, "topic"), ({"topic": None}, "topic"),
    ],
)  # fmt: skip
async def test_bad_input_names_its_field_and_writes_nothing(
    database: Database, fields: dict[str, Any], field: str
) -> None:
    made = await make(database)
    with pytest.raises(errors.Invalid) as caught:
        await say(database, made, **fields)
    assert list(caught.value.fields) == [field]
    assert await kinds(database, made) == []


async def test_all_mistakes_are_told_at_once(database: Database) -> None:
    made = await make(database)
    with pytest.raises(errors.Invalid) as caught:
        await say(database, made, title="", body="", language="?", kind="rant")
    assert set(caught.value.fields) == {"body", "language", "kind"}


async def test_a_form_sent_twice_posts_once(database: Database) -> None:
    made = await make(database)
    id, given = new_id(), Submission(topic=AFTER, kind="proposal", title="T", body="B", language="en")

    async def send() -> UUID:
        async with database.writing() as session:
            return (await actions.post(session, made.participant, made.id, given, id=id)).id

    assert set(await asyncio.gather(send(), send(), send())) == {id}
    assert await kinds(database, made) == ["contribution.published"]
    with pytest.raises(errors.Conflict):
        async with database.writing() as session:
            await actions.post(session, made.other, made.id, given, id=id)


async def test_nothing_is_lost_at_sixty_levels(database: Database) -> None:
    made = await make(database)
    last = await say(database, made)
    for _ in range(60):
        last = await say(database, made, parent=last.id)
    async with database.writing() as session:
        rows = (await session.execute(
            select(Contribution.number, Contribution.depth).where(Contribution.thread_id == last.thread_id)
            .order_by(Contribution.sort_key))).all()  # fmt: skip
    assert [tuple(row) for row in rows] == [(number, number - 1) for number in range(1, 62)]
