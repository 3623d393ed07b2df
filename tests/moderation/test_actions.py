"""What moderators decide: the change, the decision, its public entry, and the word to the author."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.clock import new_id
from app.contributions import actions
from app.database import Database
from app.moderation import actions as moderation
from app.moderation.deciding import Grounds
from app.moderation.models import Decision
from app.permissions import ANYONE
from app.record import commitments
from app.record.models import Entry
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import AFTER, BEFORE, Made, decide, make, say

pytestmark = pytest.mark.anyio


async def payloads(database: Database, made: Made, kind: str) -> list[dict[str, Any]]:
    async with database.writing() as session:
        query = select(Entry.payload).where(Entry.record_id == made.id, Entry.kind == kind).order_by(Entry.seq)
        return list((await session.scalars(query)).all())


async def waiting(database: Database, made: Made, **fields: Any) -> tuple[UUID, UUID]:
    """A text that waits: its id and its revision's."""
    said = await say(database, made, topic=BEFORE, **fields)
    return said.id, (await revisions(database, said.id))[-1].id


async def test_approving_publishes_and_tells_the_author(database: Database) -> None:
    made = await make(database)
    id, revision = await waiting(database, made)
    await decide(database, made, "approve", id, revision)
    assert ((await document(database, id)) or {})["number"] == 1
    assert await kinds(database, made) == ["contribution.published", "decision.made"]
    assert await kinds(database, made, "staff") == ["text.waiting", "author.told"]
    [payload] = await payloads(database, made, "decision.made")
    assert (payload["act"], payload["number"], payload["contribution"]) == ("approve", 1, str(id))


async def test_a_rejection_of_what_never_was_public_names_only_itself(database: Database) -> None:
    made = await make(database)
    id, revision = await waiting(database, made)
    await decide(database, made, "reject", id, revision)
    assert (await stored(database, id)).status == "rejected"
    [payload] = await payloads(database, made, "decision.made")
    assert set(payload) == {"act", "rule", "hash", "role"}
    async with database.reading() as connection:
        assert (await connection.execute(select(Decision.id))).all() == []


async def test_the_reason_is_committed_by_a_salted_hash(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await decide(database, made, "hide", said.id)
    async with database.reading() as connection:
        row = (await connection.execute(
            select(Decision.act, Decision.rule, Decision.reason, Decision.salt, Decision.hash))).one()  # fmt: skip
    content = {"act": "hide", "rule": "1", "reason": "Because of a rule."}
    assert commitments.commitment(row.salt, content) == row.hash
    assert (await payloads(database, made, "decision.made"))[0]["hash"] == row.hash.hex()


async def test_hiding_and_restoring_bring_everything_back(database: Database) -> None:
    made = await make(database)
    root = await say(database, made)
    reply = await say(database, made, parent=root.id)
    before = await document(database, root.id) or {}
    await decide(database, made, "hide", root.id)
    assert await document(database, root.id) is None
    assert [revision.visible for revision in await revisions(database, root.id)] == [False]
    assert (await document(database, reply.id)) is not None
    await decide(database, made, "hide", reply.id)
    await decide(database, made, "restore", reply.id)
    await decide(database, made, "restore", root.id)
    after = await document(database, root.id) or {}
    changing = {"seq", "updated", "replies"}
    assert {k: v for k, v in after.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    assert (before["replies"], after["replies"]) == (1, 1)


async def test_a_decision_on_a_text_changed_meanwhile_is_refused(database: Database) -> None:
    made = await make(database)
    id, revision = await waiting(database, made)
    async with database.writing() as session:
        await actions.edit(session, made.participant, id, 1, {"body": "Changed."})
    for act in ("approve", "reject"):
        with pytest.raises(errors.Conflict, match="changed the text"):
            await decide(database, made, act, id, revision)
        with pytest.raises(errors.Invalid, match="Name the revision"):
            await decide(database, made, act, id)
    assert (await stored(database, id)).status == "pending"


async def test_rejecting_an_edit_leaves_the_public_text(database: Database) -> None:
    made = await make(database)
    id, revision = await waiting(database, made)
    await decide(database, made, "approve", id, revision)
    async with database.writing() as session:
        await actions.edit(session, made.participant, id, 1, {"body": "Worse."})
    await decide(database, made, "reject", id, (await revisions(database, id))[-1].id)
    assert ((await document(database, id)) or {})["body"] == "Text."
    assert (await stored(database, id)).waits_since is None
    assert set((await payloads(database, made, "decision.made"))[-1]) == {"act", "rule", "hash", "role"}


@pytest.mark.parametrize("act", ["reject", "hide", "restore"])
@pytest.mark.parametrize(
    ("grounds", "field"),
    [(Grounds(), "reason"), (Grounds(reason=" \n"), "reason"),
     (Grounds(reason="x" * 2_001), "reason"), (Grounds(reason="a\0"), "reason"),
     (Grounds(reason="x", rule="99"), "rule"), (Grounds(reason="x", note="y" * 2_001), "note")],
)  # fmt: skip
async def test_grounds_are_checked(database: Database, act: str, grounds: Grounds, field: str) -> None:
    made = await make(database)
    id, revision = (await waiting(database, made)) if act == "reject" else ((await say(database, made)).id, None)
    if act == "restore":
        await decide(database, made, "hide", id)
    with pytest.raises(errors.Invalid) as caught:
        async with database.writing() as session:
            await moderation.VERBS[act](session, made.moderator, id, revision, grounds)
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize(
    ("act", "topic"), [("approve", AFTER), ("reject", AFTER), ("restore", AFTER), ("hide", BEFORE), ("restore", BEFORE)]
)
async def test_an_act_that_does_not_fit_the_state_is_a_conflict(database: Database, act: str, topic: str) -> None:
    made = await make(database)
    said = await say(database, made, topic=topic)
    with pytest.raises(errors.Conflict):
        await decide(database, made, act, said.id, new_id() if act in ("approve", "reject") else None)


async def test_only_moderators_of_this_consultation_decide(database: Database) -> None:
    made = await make(database)
    id, revision = await waiting(database, made)
    public = await say(database, made)
    for actor, hidden_from in ((ANYONE, True), (made.other, True), (made.participant, False)):
        with pytest.raises(errors.NotFound if hidden_from else errors.Forbidden):
            async with database.writing() as session:
                await moderation.approve(session, actor, id, revision)
        with pytest.raises((errors.Forbidden, errors.Unauthenticated)):
            async with database.writing() as session:
                await moderation.hide(session, actor, public.id, None, Grounds(reason="x"))
    async with database.writing() as session:
        await moderation.approve(session, made.organiser, id, revision)
