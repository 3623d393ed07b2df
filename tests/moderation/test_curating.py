"""What moderators do with threads and passages: the change in public, its entries, what is refused."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import errors
from app.contributions import actions
from app.contributions.models import Contribution, Fragment, Mark, Publication, Revision, ThreadLock
from app.contributions.redacting import GAP
from app.database import Database
from app.moderation import actions as moderation
from app.moderation.deciding import Grounds, Options
from app.moderation.models import Decision
from app.readings.discussion import thread
from tests.contributions.stored import document, kinds, revisions, stored
from tests.making import AFTER, BEFORE, SLUG, Made, curate, make, say
from tests.moderation.test_actions import payloads, waiting

pytestmark = pytest.mark.anyio


async def numbers(database: Database, number: int) -> list[tuple[int, int]]:
    """What stands beneath a contribution on its page: numbers and depths, in reading order."""
    _consultation, page = await thread.page(database, SLUG, number)
    return list(zip(page.beneath.numbers, page.beneath.depths, strict=True))


async def tree(database: Database, made: Made) -> list[Contribution]:
    """1 with replies 2 and 3, 3 with reply 4; and another thread, 5."""
    one = await say(database, made, title="One")
    two = await say(database, made, parent=one.id)
    three = await say(database, made, parent=one.id)
    four = await say(database, made, parent=three.id)
    return [one, two, three, four, await say(database, made, title="Five")]


async def test_moving_takes_everything_beneath_along(database: Database) -> None:
    made = await make(database)
    one, _two, three, four, five = await tree(database, made)
    await curate(database, made, "move", three.id, Options(parent=5))
    assert await numbers(database, 1) == [(2, 1)]
    assert await numbers(database, 5) == [(3, 1), (4, 2)]
    moved, beneath = [await document(database, id) or {} for id in (three.id, four.id)]
    assert (moved["thread"], moved["parent"], moved["depth"]) == (str(five.id), str(five.id), 1)
    assert (beneath["thread"], beneath["parent"], beneath["depth"]) == (str(five.id), str(three.id), 2)
    counts = [((await document(database, id)) or {})["replies"] for id in (one.id, three.id, five.id)]
    assert counts == [1, 1, 1]
    assert (await kinds(database, made))[-3:] == ["decision.made", "contribution.moved", "contribution.moved"]
    first, second = (await payloads(database, made, "contribution.moved"))[-2:]
    assert (first["from_parent"], first["from_thread"]) == (str(one.id), str(one.id))
    assert first["related"] == [str(one.id), str(five.id)] and "related" not in second
    assert (await kinds(database, made, "staff"))[-1] == "author.told"


async def test_a_thread_moves_to_another_topic_and_back(database: Database) -> None:
    made = await make(database)
    one, *_rest = await tree(database, made)
    decision = await curate(database, made, "move", one.id, Options(topic=BEFORE))
    assert {((await document(database, id)) or {})["topic"] for id in (one.id, _rest[2].id)} == {BEFORE}
    assert decision.details == {"topic": AFTER, "parent": None}
    await curate(database, made, "move", one.id, Options(topic=AFTER))
    assert ((await document(database, one.id)) or {})["topic"] == AFTER


async def test_a_thread_moved_beneath_another_becomes_a_reply(database: Database) -> None:
    made = await make(database)
    one, *_rest = await tree(database, made)
    await curate(database, made, "move", one.id, Options(parent=5))
    assert await numbers(database, 5) == [(1, 1), (2, 2), (3, 2), (4, 3)]
    assert ((await document(database, one.id)) or {})["kind"] == "reply"


async def test_what_waits_or_is_hidden_moves_along(database: Database) -> None:
    made = await make(database)
    one, _two, three, four, five = await tree(database, made)
    await curate(database, made, "move", one.id, Options(topic=BEFORE))
    pending = await say(database, made, parent=four.id)
    await curate(database, made, "hide", four.id)
    await curate(database, made, "move", three.id, Options(parent=5))
    assert (await stored(database, pending.id)).thread_id == five.id
    assert await numbers(database, 5) == [(3, 1), (4, 2)]
    await curate(database, made, "restore", four.id)
    await curate(database, made, "approve", pending.id)
    assert await numbers(database, 5) == [(3, 1), (4, 2), (6, 3)]
    assert ((await document(database, pending.id)) or {})["topic"] == AFTER


async def test_a_reply_is_split_off_with_a_title(database: Database) -> None:
    made = await make(database)
    one, _two, three, _four, _five = await tree(database, made)
    await curate(database, made, "split", three.id, Options(title="A matter of its own", kind="question"))
    root = await document(database, three.id) or {}
    assert (root["title"], root["kind"], root["parent"], root["depth"]) == ("A matter of its own", "question", None, 0)
    assert (root["thread"], root["body"], root["revision"]) == (str(three.id), "A reply.", 2)
    assert await numbers(database, 3) == [(4, 1)] and await numbers(database, 1) == [(2, 1)]
    for id, given, error in (
        (one.id, Options(title="Again"), errors.Conflict),
        (three.id, Options(title="Again"), errors.Conflict),
        (_two.id, Options(), errors.Invalid),
        (_two.id, Options(title="x", kind="reply"), errors.Invalid),
    ):
        with pytest.raises(error):
            await curate(database, made, "split", id, given)


@pytest.mark.parametrize(
    ("which", "options", "error", "said"),
    [
        (0, Options(), errors.Invalid, "to which topic"),
        (0, Options(topic="nowhere"), errors.Invalid, "no such topic"),
        (0, Options(topic=AFTER), errors.Conflict, "there already"),
        (1, Options(parent=1), errors.Conflict, "there already"),
        (2, Options(parent=4), errors.Conflict, "beneath itself"),
        (0, Options(parent=1), errors.Conflict, "beneath itself"),
        (2, Options(topic=BEFORE), errors.Invalid, "split it off"),
        (2, Options(parent=99), errors.Invalid, "no public contribution 99"),
        (2, Options(parent=2**40), errors.Invalid, "no public contribution"),
    ],
)
async def test_moves_that_make_no_sense_change_nothing(
    database: Database, which: int, options: Options, error: type[Exception], said: str
) -> None:
    made = await make(database)
    texts = await tree(database, made)
    before = await kinds(database, made)
    with pytest.raises(error, match=said):
        await curate(database, made, "move", texts[which].id, options)
    assert await kinds(database, made) == before


async def test_merging_leads_to_the_survivor_with_all_replies(database: Database) -> None:
    made = await make(database)
    one, _two, _three, _four, five = await tree(database, made)
    await curate(database, made, "merge", one.id, Options(into=5))
    assert await document(database, one.id) is None
    merged = await stored(database, one.id)
    assert (merged.status, merged.merged_into, merged.number) == ("merged", five.id, 1)
    assert await numbers(database, 5) == [(2, 1), (3, 1), (4, 2)]
    assert ((await document(database, five.id)) or {})["replies"] == 2
    assert (await payloads(database, made, "contribution.merged"))[-1]["into"] == str(five.id)


@pytest.mark.parametrize(
    ("options", "error"),
    [(Options(), errors.Invalid), (Options(into=1), errors.Conflict), (Options(into=4), errors.Conflict),
     (Options(into=77), errors.Invalid)],
)  # fmt: skip
async def test_merges_that_make_no_sense(database: Database, options: Options, error: type[Exception]) -> None:
    made = await make(database)
    one, *_rest = await tree(database, made)
    with pytest.raises(error):
        await curate(database, made, "merge", one.id, options)
    assert (await stored(database, one.id)).status == "published"


async def test_redacting_destroys_the_passage_everywhere(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, title="Call 555-0100", body="My number is 555-0100. Call me.")
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 1, {"body": "My number is 555-0100. Call me soon."})
    await curate(database, made, "redact", said.id, Options(passage="555-0100"))
    public = await document(database, said.id) or {}
    assert (public["title"], public["body"]) == (f"Call {GAP}", f"My number is {GAP}. Call me soon.")
    assert public["revision"] == 3
    assert [(each.state, each.body is None, each.salt is None) for each in await revisions(database, said.id)] == [
        ("erased", True, True), ("erased", True, True), ("public", False, False),
    ]  # fmt: skip
    assert (await payloads(database, made, "contribution.redacted"))[-1]["hash"] == public["commitment"]["hash"]
    assert (await kinds(database, made, "staff"))[-3:] == ["author.told", "text.erased", "text.erased"]
    async with database.writing() as session:
        for text in (Publication.document, Fragment.html):
            assert b"555-0100" not in (await session.scalars(select(text))).one()


async def test_a_redaction_needs_the_exact_words_and_does_not_repeat_them(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, body="My number is 555-0100.")
    for passage in ("", "5", "not there"):
        with pytest.raises(errors.Invalid, match="passage"):
            await curate(database, made, "redact", said.id, Options(passage=passage))
    async with database.writing() as session:
        with pytest.raises(errors.Invalid, match="Do not repeat"):
            await moderation.VERBS["redact"](
                session, made.moderator, said.id, None, Grounds("It names 555-0100."), Options(passage="555-0100")
            )
    assert len(await revisions(database, said.id)) == 1


async def test_what_moderators_wrote_about_the_old_text_goes_with_it(database: Database) -> None:
    made = await make(database)
    id, revision = await waiting(database, made, body="My number is 555-0100.")
    async with database.writing() as session:
        grounds = Grounds(note="It says 555-0100, is that wise?")
        await moderation.VERBS["approve"](session, made.moderator, id, revision, grounds)
    await curate(database, made, "redact", id, Options(passage="555-0100"))
    async with database.writing() as session:
        assert (await session.scalars(select(Decision.note).where(Decision.act == "approve"))).one() is None


async def test_a_locked_thread_takes_no_replies_but_notes(database: Database) -> None:
    made = await make(database)
    one, two, *_rest = await tree(database, made)
    with pytest.raises(errors.Conflict, match="is a reply"):
        await curate(database, made, "lock", two.id)
    await curate(database, made, "lock", one.id)
    with pytest.raises(errors.Conflict, match="already"):
        await curate(database, made, "lock", one.id)
    with pytest.raises(errors.Closed, match="locked"):
        await say(database, made, parent=two.id)
    await say(database, made, parent=two.id, kind="note", actor=made.moderator)
    await curate(database, made, "unlock", one.id)
    await say(database, made, parent=two.id)
    assert [kind for kind in await kinds(database, made) if kind.startswith("thread.")] == [
        "thread.locked", "thread.unlocked",
    ]  # fmt: skip
    async with database.writing() as session:
        assert (await session.scalars(select(ThreadLock.thread_id))).all() == []


@pytest.mark.parametrize(("on", "off", "kind"), [("pin", "unpin", "pinned"), ("feature", "unfeature", "featured")])
async def test_marks(database: Database, on: str, off: str, kind: str) -> None:
    made = await make(database)
    said = await say(database, made)
    with pytest.raises(errors.Conflict, match=f"is not {kind}"):
        await curate(database, made, off, said.id)
    await curate(database, made, on, said.id)
    async with database.reading() as connection:
        assert (await connection.execute(select(Mark.contribution_id, Mark.kind))).all() == [(said.id, kind)]
    with pytest.raises(errors.Conflict, match="already"):
        await curate(database, made, on, said.id)
    await curate(database, made, off, said.id)
    assert (await payloads(database, made, "contribution.updated"))[-1]["changed"] == [kind]


async def test_asking_the_author_takes_it_out_of_the_queue_until_it_changes(database: Database) -> None:
    made = await make(database)
    id, _revision = await waiting(database, made)
    await curate(database, made, "ask", id)
    asked = await stored(database, id)
    assert (asked.status, asked.waits_since) == ("pending", None)
    assert set((await payloads(database, made, "decision.made"))[-1]) == {"act", "rule", "hash", "role"}
    with pytest.raises(errors.Conflict, match="Nothing waits"):
        await curate(database, made, "approve", id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, id, 1, {"body": "Better."})
    await curate(database, made, "approve", id)
    assert ((await document(database, id)) or {})["body"] == "Better."


async def test_approving_may_set_right_how_it_is_catalogued(database: Database) -> None:
    made = await make(database)
    id, _revision = await waiting(database, made, language="en")
    from app.contributions.cataloguing import Catalogued

    given = Catalogued(tags=["Housing ", "housing"], kind="question", questions=["inclusion.b"], language="fr")
    decision = await curate(database, made, "approve", id, Options(catalogued=given))
    public = await document(database, id) or {}
    assert (public["tags"], public["kind"], public["questions"]) == (["housing"], "question", ["inclusion.b"])
    assert public["language"] == "fr" and public["body"] == "Text."
    assert decision.details == {"changed": ["tags", "kind", "questions", "language"]}
    [committed] = [each.hash.hex() for each in await revisions(database, id)]
    assert public["commitment"]["hash"] == committed


@pytest.mark.parametrize(
    ("given", "field"),
    [({"tags": ["x" * 41]}, "tags"), ({"tags": [str(n) for n in range(11)]}, "tags"), ({"kind": "reply"}, "kind"),
     ({"questions": ["diasporas.a"]}, "questions"), ({"language": "not a tag"}, "language")],
)  # fmt: skip
async def test_wrong_catalogue_entries_are_refused(database: Database, given: dict[str, Any], field: str) -> None:
    from app.contributions.cataloguing import Catalogued

    made = await make(database)
    id, _revision = await waiting(database, made)
    with pytest.raises(errors.Invalid) as refused:
        await curate(database, made, "approve", id, Options(catalogued=Catalogued(**given)))
    assert set(refused.value.fields) == {field}
    assert (await stored(database, id)).status == "pending"


@pytest.mark.parametrize("act", ["redact", "move", "split", "merge", "pin", "lock", "hide"])
async def test_only_what_is_public_is_curated_and_only_by_moderators(database: Database, act: str) -> None:
    made = await make(database)
    id, _revision = await waiting(database, made)
    with pytest.raises(errors.Conflict, match="only a published one"):
        await curate(database, made, act, id)
    public: UUID = (await say(database, made)).id
    for actor in (made.participant, made.other):
        with pytest.raises(errors.Forbidden):
            await curate(database, made, act, public, actor=actor)
    async with database.writing() as session:
        newest = (await session.scalars(select(Revision.id).where(Revision.contribution_id == id))).one()
        with pytest.raises(errors.Conflict, match="changed the text"):
            await moderation.VERBS[act](session, made.moderator, public, newest, Grounds("Why."))
