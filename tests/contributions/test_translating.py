"""Translations: who offers them, what of them is public when, and what becomes of them when the text changes."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from app import errors
from app.contributions import actions, translating
from app.contributions.translation_models import Translation
from app.database import Database
from app.moderation import translations as deciding
from app.moderation.deciding import NO_GROUNDS
from app.permissions import ANYONE
from app.record import commitments
from app.record.log import log_id
from app.record.models import Entry
from tests.contributions.offering import BECAUSE, judge, kept, offer, public
from tests.contributions.stored import document, kinds
from tests.making import BEFORE, Made, curate, make, make_person, say

pytestmark = pytest.mark.anyio


async def last_entry(database: Database, made: Made, log: str = "public") -> Entry:
    async with database.writing() as session:
        query = select(Entry).where(Entry.record_id == log_id(log, made.id))  # type: ignore[arg-type]
        found = await session.scalar(query.order_by(Entry.seq.desc()).limit(1))
        assert found is not None
        return found


async def approved(database: Database, made: Made) -> UUID:
    """A public text in the topic where moderators read first."""
    said = await say(database, made, topic=BEFORE)
    await curate(database, made, "approve", said.id)
    return said.id


async def test_what_is_offered_is_public_and_committed_to(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    row = await offer(database, made, said.id)
    [shown] = await public(database, said.id)
    assert (shown["language"], shown["title"], shown["body"], shown["status"], shown["by"], shown["revision"]) == (
        "fr", "Une proposition", "Des *mots*.", "offered", "participant", 1,
    )  # fmt: skip
    assert shown["html"] == '<p dir="auto">Des <em>mots</em>.</p>\n' and shown["machine"] is False
    assert "author" not in shown and "byline" not in shown
    entry = await last_entry(database, made)
    assert (entry.kind, entry.payload["changed"]) == ("contribution.updated", ["translations"])
    salt = bytes.fromhex(shown["commitment"]["salt"])
    committed = commitments.text_commitment(salt, shown["title"], shown["body"], "fr")
    assert entry.payload["translation"] == committed.hex() == shown["commitment"]["hash"] == row.hash.hex()
    assert shown["commitment"]["seq"] == entry.seq == (await document(database, said.id) or {})["seq"]


async def test_where_moderators_read_first_a_participants_waits(database: Database) -> None:
    made = await make(database)
    id = await approved(database, made)
    before = await kinds(database, made)
    row = await offer(database, made, id)
    assert row.status == "waiting" and await public(database, id) == [] and await kinds(database, made) == before
    entry = await last_entry(database, made, "staff")
    assert (entry.kind, entry.payload["translation"]) == ("translation.waiting", str(row.id))
    assert (await offer(database, made, id, made.moderator, "es")).status == "offered"
    assert (await offer(database, made, id, made.participant, "ar")).status == "approved"
    assert [(each["language"], each["by"]) for each in await public(database, id)] == [
        ("ar", "author"), ("es", "moderator"),
    ]  # fmt: skip
    await judge(database, made, "accept", row, grounds=NO_GROUNDS)
    assert [each["language"] for each in await public(database, id)] == ["ar", "es", "fr"]


async def test_one_stands_in_each_language(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    first = await offer(database, made, said.id)
    assert (await offer(database, made, said.id, body="Mieux.")).status == "offered"  # one's own, which nobody read
    third = await make_person(database, "Participant E")
    theirs = await offer(database, made, said.id, third, body="D’un autre.")
    assert theirs.status == "waiting"
    assert [each["body"] for each in await public(database, said.id)] == ["Mieux."]
    again = await offer(database, made, said.id, third, body="D’un autre, encore.")
    public_one = UUID((await public(database, said.id))[0]["id"])
    assert {row.id for row in await kept(database, said.id)} == {again.id, public_one} and first.id != public_one
    await judge(database, made, "accept", again)
    assert [each["body"] for each in await public(database, said.id)] == ["D’un autre, encore."]
    await judge(database, made, "review", again)
    assert (await offer(database, made, said.id, third, body="Autrement.")).status == "waiting"  # it was read already
    assert (await offer(database, made, said.id, made.moderator, body="Du bureau.")).status == "offered"
    assert [(each["body"], each["by"]) for each in await public(database, said.id)] == [("Du bureau.", "moderator")]


async def test_what_cannot_be_offered(database: Database) -> None:
    made = await make(database)
    said, reply = await say(database, made), await say(database, made, parent=(await say(database, made)).id)
    for fields, field in (
        ({"language": "en"}, "language"), ({"language": "not a tag"}, "language"), ({"body": " \n"}, "body"),
        ({"body": "x" * 20_001}, "body"), ({"title": ""}, "title"), ({"title": "x" * 201}, "title"),
        ({"body": "\x00"}, "body"), ({"body": "\ud800"}, "body"),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid) as refused:
            await offer(database, made, said.id, **fields)  # type: ignore[arg-type]
        assert set(refused.value.fields) == {field}
    assert (await offer(database, made, reply.id, title="A reply has none")).title is None
    hostile = await offer(database, made, said.id, language="es", body="<script>x</script> [a](javascript:x)")
    assert "<script" not in hostile.html and "javascript:" not in hostile.html.replace("(javascript:x)", "")
    for actor, error in (
        (ANYONE, errors.Unauthenticated), (replace(made.other, complete=False), errors.Forbidden),
        (replace(made.other, suspended=frozenset({made.id})), errors.Forbidden),
        (replace(made.other, scopes=frozenset({"read"})), errors.Forbidden),
    ):  # fmt: skip
        with pytest.raises(error):
            await offer(database, made, said.id, actor, "de")
    waiting = await say(database, made, topic=BEFORE)
    with pytest.raises(errors.NotFound):  # as of what never existed
        await offer(database, made, waiting.id)
    with pytest.raises(errors.Conflict):  # its author may know
        await offer(database, made, waiting.id, made.participant)


async def test_links_and_traps_let_it_wait(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    links = " ".join(f"https://example.org/{n}" for n in range(9))
    assert (await offer(database, made, said.id, body=links)).status == "waiting"
    assert (await offer(database, made, said.id, language="es", trapped=True)).status == "waiting"
    own = await offer(database, made, said.id, made.participant, "de", body=links)
    assert (own.status, own.by) == ("waiting", "author")
    assert await public(database, said.id) == []
    await judge(database, made, "accept", own)
    assert [each["status"] for each in await public(database, said.id)] == ["approved"]


async def test_no_more_languages_than_fit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await make(database)
    said = await say(database, made)
    monkeypatch.setattr(translating, "MOST", 1)
    await offer(database, made, said.id)
    with pytest.raises(errors.Conflict, match="which is the most"):
        await offer(database, made, said.id, language="es")
    await offer(database, made, said.id, body="Mieux.")


async def test_an_edit_makes_it_one_of_an_earlier_version(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    await offer(database, made, said.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"questions": ("diasporas.a",)})
    assert [each["revision"] for each in await public(database, said.id)] == [2]  # it says the same
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 2, {"body": "Other words."})
    assert [each["revision"] for each in await public(database, said.id)] == [2]
    assert (await document(database, said.id) or {})["revision"] == 3
    with pytest.raises(errors.Conflict, match="changed meanwhile"):
        await offer(database, made, said.id, revision=2)
    await offer(database, made, said.id, revision=3)
    assert [each["revision"] for each in await public(database, said.id)] == [3]
    async with database.writing() as session:  # it was French all the time
        await actions.edit(session, made.participant, said.id, 3, {"language": "fr"})
    assert await public(database, said.id) == []


async def test_the_author_approves(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    row = await offer(database, made, said.id)
    for actor in (made.other, made.moderator, replace(made.participant, scopes=frozenset({"read", "moderate"}))):
        with pytest.raises(errors.Forbidden):
            async with database.writing() as session:
                await translating.approve(session, actor, said.id, row.id)
    async with database.writing() as session:
        await translating.approve(session, made.participant, said.id, row.id)
    assert [each["status"] for each in await public(database, said.id)] == ["approved"]
    entry = await last_entry(database, made)
    assert entry.payload["changed"] == ["translations"] and "translation" not in entry.payload
    for act in ("accept", "review", "refuse"):
        with pytest.raises(errors.Conflict):
            await judge(database, made, act, row)


async def test_a_translator_takes_their_own_back(database: Database) -> None:
    made = await make(database)
    said, id = await say(database, made), await approved(database, made)
    row, waiting = await offer(database, made, said.id), await offer(database, made, id)
    for theirs, error in ((row, errors.Forbidden), (waiting, errors.NotFound)):
        with pytest.raises(error):
            async with database.writing() as session:
                await translating.take_back(session, made.participant, theirs.contribution_id, theirs.id)
    async with database.writing() as session:
        await deciding.take_away(session, made.other, said.id, row.id, NO_GROUNDS)
    assert await public(database, said.id) == [] and await kept(database, said.id) == []
    assert (await last_entry(database, made)).payload["changed"] == ["translations"]
    async with database.writing() as session:
        await deciding.take_away(session, made.other, id, waiting.id, NO_GROUNDS)
    assert await kept(database, id) == []
    assert (await last_entry(database, made, "staff")).kind == "translation.withdrawn"


async def test_nobody_speaks_for_who_was_transcribed(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    async with database.writing() as session:
        contribution = await session.get(type(said), said.id)
        assert contribution is not None
        contribution.provenance = {"confirmation": {"state": "transcribed"}}
    assert (await offer(database, made, said.id, made.participant)).by == "participant"
    row = await offer(database, made, said.id, language="es")
    with pytest.raises(errors.Forbidden, match="somebody else"):
        async with database.writing() as session:
            await translating.approve(session, made.participant, said.id, row.id)
    with pytest.raises(errors.Forbidden, match="somebody else"):
        async with database.writing() as session:
            await deciding.take_away(session, made.participant, said.id, row.id, BECAUSE)
    assert len(await public(database, said.id)) == 2


async def test_a_machine_s_is_marked_and_gives_way(database: Database) -> None:
    made = await make(database)
    said = await say(database, made)
    with pytest.raises(errors.Forbidden):
        await offer(database, made, said.id, machine=True)
    await offer(database, made, said.id, made.moderator, machine=True)
    assert [(each["machine"], each["status"]) for each in await public(database, said.id)] == [(True, "offered")]
    await offer(database, made, said.id, body="D’une personne.")
    assert [each["machine"] for each in await public(database, said.id)] == [False]
    assert {row.status for row in await kept(database, said.id)} == {"superseded", "offered"}


async def test_public_reading_sees_publications_alone(database: Database) -> None:
    made = await make(database)
    await offer(database, made, (await say(database, made)).id)
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.reading() as connection:
            await connection.execute(select(Translation.body))
