"""What participants do: each act changes what it says, tells the record, and is refused to who may not."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import errors
from app.clock import new_id
from app.contributions import actions
from app.contributions.models import Contribution, Publication, Revision
from app.contributions.submissions import Submission
from app.database import Database
from app.permissions import ANYONE
from app.record.log import log_id
from app.record.models import Entry
from tests.making import AFTER, BEFORE, Made, decide, make, say

pytestmark = pytest.mark.anyio


async def kinds(database: Database, made: Made, log: Any = "public") -> list[str]:
    """The kinds of a log's entries since the consultation was set up."""
    async with database.writing() as session:
        rows = await session.scalars(
            select(Entry.kind).where(Entry.record_id == log_id(log, made.id)).order_by(Entry.seq)
        )
        return [kind for kind in rows if not kind.startswith(("consultation.", "topic.", "phase."))]


async def document(database: Database, id: UUID) -> dict[str, Any] | None:
    """What is public of a contribution, with its counts."""
    async with database.reading() as connection:
        row = (await connection.execute(select(Publication).where(Publication.contribution_id == id))).one_or_none()
    return None if row is None else orjson.loads(row.document) | {"replies": row.replies, "seq": row.seq}


async def stored(database: Database, id: UUID) -> Contribution:
    async with database.writing() as session:
        found = await session.get(Contribution, id)
        assert found is not None
        return found


async def revisions(database: Database, id: UUID) -> list[Revision]:
    async with database.writing() as session:
        query = select(Revision).where(Revision.contribution_id == id).order_by(Revision.number)
        return list((await session.scalars(query)).all())


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


async def test_an_edit_is_a_new_revision_with_its_own_commitment(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Better text."})
    public = await document(database, said.id) or {}
    assert (public["revision"], public["body"]) == (2, "Better text.")
    first, second = await revisions(database, said.id)
    assert (first.state, first.visible, second.state) == ("superseded", True, "public")
    assert first.hash != second.hash and public["commitment"]["hash"] == second.hash.hex()
    assert await kinds(database, made) == ["contribution.published", "contribution.revised"]


async def test_an_edit_waits_while_the_public_text_stays(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    [waiting] = await revisions(database, said.id)
    await decide(database, made, "approve", said.id, waiting.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "Second thoughts."})
    public = await document(database, said.id) or {}
    assert (public["revision"], public["body"]) == (1, "Text.")
    assert (await stored(database, said.id)).waits_since is not None
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 2, {"body": "Third thoughts."})
    states = [(revision.state, revision.visible) for revision in await revisions(database, said.id)]
    assert states == [("public", True), ("superseded", False), ("waiting", False)]


async def test_an_edit_of_what_was_edited_meanwhile_is_refused_and_nothing_is_lost(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "One window."})
    with pytest.raises(errors.PreconditionFailed, match="latest is 2"):
        async with database.writing() as session:
            await actions.edit(session, made.participant, said.id, 1, {"body": "Another window."})
    assert len(await revisions(database, said.id)) == 2


async def test_an_edit_that_changes_nothing_makes_no_revision(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": " Text.\r\n"})
    assert len(await revisions(database, said.id)) == 1


async def test_a_byline_is_lowered_on_all_revisions_and_never_raised(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More."})
        await actions.lower_byline(session, made.participant, said.id, "anonymous")
    for revision in await revisions(database, said.id):
        assert (revision.byline, revision.author_id, revision.author_name) == ("anonymous", None, None)
        assert (revision.organisation_name, revision.organisation_country, revision.capacity) == (
            None,
            None,
            "personal",
        )
    public = await document(database, said.id) or {}
    assert (public["byline"], public["author"], public["organisation"]) == ("anonymous", None, None)
    assert (await kinds(database, made))[-1] == "contribution.updated"
    with pytest.raises(errors.Invalid, match="not raised"):
        async with database.writing() as session:
            await actions.lower_byline(session, made.participant, said.id, "full")


async def test_an_edit_can_lower_the_byline_too(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More.", "byline": "organisation"})
    assert {revision.byline for revision in await revisions(database, said.id)} == {"organisation"}
    assert await kinds(database, made) == ["contribution.published", "contribution.updated", "contribution.revised"]


async def test_withdrawing_leaves_the_number_and_takes_the_text_out(database: Database) -> None:
    made = await make(database)
    root = await say(database, made)
    reply = await say(database, made, parent=root.id)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, reply.id)
    assert await document(database, reply.id) is None
    assert ((await document(database, root.id)) or {})["replies"] == 0
    assert (await stored(database, reply.id)).number == 2
    assert (await kinds(database, made))[-1] == "contribution.withdrawn"
    with pytest.raises(errors.Conflict, match="takes no replies"):
        await say(database, made, parent=reply.id)


async def test_erasing_destroys_texts_salts_and_bylines(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More."})
        await actions.erase(session, made.participant, said.id)
    for revision in await revisions(database, said.id):
        assert (revision.state, revision.body, revision.html, revision.title, revision.salt) == ("erased", *[None] * 4)
        assert revision.hash and revision.author_name is None
    assert (await stored(database, said.id)).author_id is None
    assert await document(database, said.id) is None
    assert (await kinds(database, made))[-1] == "contribution.erased"


async def test_an_organiser_erases_with_a_reason_only(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    with pytest.raises(errors.Invalid, match="reason"):
        async with database.writing() as session:
            await actions.erase(session, made.organiser, said.id)
    async with database.writing() as session:
        await actions.erase(session, made.organiser, said.id, "A court asked for it.")
    assert await kinds(database, made, "staff") == ["text.erased"]


async def test_one_earlier_revision_is_erased_and_the_text_stays(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "More."})
        await actions.erase_revision(session, made.participant, said.id, 1)
    first, second = await revisions(database, said.id)
    assert (first.state, first.body, first.visible, second.body) == ("erased", None, False, "More.")
    assert (await kinds(database, made))[-1] == "contribution.redacted"
    with pytest.raises(errors.Conflict, match="current text"):
        async with database.writing() as session:
            await actions.erase_revision(session, made.participant, said.id, 2)


@pytest.mark.parametrize("topic", [BEFORE, AFTER])
@pytest.mark.parametrize("act", ["edit", "lower_byline", "withdraw", "erase", "erase_revision"])
async def test_nobody_else_acts_on_a_text(database: Database, act: str, topic: str) -> None:
    made = await make(database)
    said = await say(database, made, topic=topic)
    arguments = {"edit": (1, {"body": "x"}), "lower_byline": ("anonymous",), "erase_revision": (1,)}.get(act, ())
    waits = topic == BEFORE
    for actor, error in (
        (ANYONE, errors.NotFound if waits else errors.Unauthenticated),
        (made.other, errors.NotFound if waits else errors.Forbidden),
        (made.moderator, errors.Forbidden),
        (replace(made.participant, scopes=frozenset({"read"})), errors.Forbidden),
    ):
        with pytest.raises(error):
            async with database.writing() as session:
                await getattr(actions, act)(session, actor, said.id, *arguments)
    assert len(await revisions(database, said.id)) == 1


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


async def test_a_revision_number_is_given_once(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)

    async def change(words: str) -> None:
        async with database.writing() as session:
            await actions.edit(session, made.participant, said.id, 1, {"body": words})

    results = await asyncio.gather(*(change(f"Version {n}") for n in range(4)), return_exceptions=True)
    assert sum(isinstance(result, errors.PreconditionFailed) for result in results) == 3
    assert not any(isinstance(result, IntegrityError) for result in results)
