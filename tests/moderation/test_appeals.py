"""Appeals: once for each decision, answered by somebody else, or marked where there is nobody else."""

import pytest
from sqlalchemy import select

from app import errors
from app.contributions import actions
from app.contributions.models import Contribution, Revision
from app.database import Database
from app.moderation import erasing
from app.moderation.deciding import Options
from app.permissions import ANYONE, Actor
from app.readings.moderation import desk, queue
from app.readings.moderation.appeals import appealed, made_by, standings
from app.readings.moderation.flags import raised_by
from tests.making import BEFORE, Made, curate, make, make_person, say
from tests.moderation.asking import act, answer, appeal, appeals_on, entries, flag, flags_on, hides_at

pytestmark = pytest.mark.anyio


async def hidden(database: Database, made: Made, by: Actor | None = None) -> Contribution:
    said = await say(database, made, body="Hidden words.")
    await act(database, by or made.moderator, "hide", said.id)
    return said


async def rejected(database: Database, made: Made) -> Contribution:
    said = await say(database, made, topic=BEFORE)
    async with database.writing() as session:
        revision = await session.scalar(select(Revision.id).where(Revision.contribution_id == said.id))
    await act(database, made.moderator, "reject", said.id, revision)
    return said


async def status(database: Database, said: Contribution) -> str:
    async with database.writing() as session:
        return (await session.get_one(Contribution, said.id)).status


async def test_an_appeal_is_a_row_and_entries(database: Database) -> None:
    made = await make(database)
    said = await hidden(database, made)
    given = await appeal(database, made.participant, said.id, " It was no insult. ")
    assert given.words == "It was no insult."
    [(_kind, payload)] = await entries(database, made, "public", "appeal.")
    assert payload == {"decision": str(given.decision_id), "contribution": str(said.id), "number": 1}
    [(kind, waits)] = await entries(database, made, "staff", "appeal.")
    assert (kind, waits["appeal"]) == ("appeal.waits", str(given.id))


async def test_who_may_appeal_and_against_what(database: Database) -> None:
    made = await make(database)
    said, public, refused = await hidden(database, made), await say(database, made), await rejected(database, made)
    for actor, refusal in ((ANYONE, errors.Unauthenticated), (made.other, errors.Forbidden)):
        with pytest.raises(refusal):
            await appeal(database, actor, said.id)
    with pytest.raises(errors.NotFound):
        await appeal(database, made.other, refused.id)
    with pytest.raises(errors.Conflict, match="no decision"):
        await appeal(database, made.participant, public.id)
    for words in ("", "  ", "x" * 2_001):
        with pytest.raises(errors.Invalid) as invalid:
            await appeal(database, made.participant, said.id, words)
        assert list(invalid.value.fields) == ["words"]


async def test_a_second_appeal_is_refused_and_a_new_decision_can_be_appealed(database: Database) -> None:
    made = await make(database)
    said = await hidden(database, made)
    first = await appeal(database, made.participant, said.id)
    with pytest.raises(errors.Conflict, match="once"):
        await appeal(database, made.participant, said.id)
    await answer(database, made.organiser, first.id)
    with pytest.raises(errors.Conflict, match="once"):
        await appeal(database, made.participant, said.id)
    await act(database, made.moderator, "restore", said.id)
    await act(database, made.moderator, "hide", said.id)
    await appeal(database, made.participant, said.id)


async def test_who_decided_does_not_answer(database: Database) -> None:
    made = await make(database)
    said = await hidden(database, made)
    given = await appeal(database, made.participant, said.id)
    for actor in (made.moderator, made.participant, made.other):
        with pytest.raises(errors.Forbidden):
            await answer(database, actor, given.id)
    async with database.writing() as session:
        [mine] = (await appealed(session, made.moderator, made.id)).items
        [theirs] = (await appealed(session, made.organiser, made.id)).items
        assert (mine.may_answer, theirs.may_answer) == (False, True)
        with pytest.raises(errors.Forbidden):
            await appealed(session, made.other, made.id)
    done = await answer(database, made.organiser, given.id)
    assert (done.outcome, done.role, done.by_same) == ("upheld", "organiser", False)
    assert await status(database, said) == "hidden"
    with pytest.raises(errors.Conflict, match="answered already"):
        await answer(database, made.organiser, given.id)


async def test_nobody_answers_their_own_appeal(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, actor=made.organiser)
    await act(database, made.moderator, "hide", said.id)
    given = await appeal(database, made.organiser, said.id)
    with pytest.raises(errors.Forbidden, match="Somebody else"):
        await answer(database, made.organiser, given.id)


async def test_where_nobody_else_exists_the_same_person_answers_and_the_record_says_so(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, actor=made.organiser)
    await act(database, made.moderator, "hide", said.id)
    given = await appeal(database, made.organiser, said.id)
    done = await answer(database, made.moderator, given.id)  # the only other one wrote it
    assert done.by_same is True
    [(_kind, payload)] = await entries(database, made, "public", "appeal.decided")
    assert payload["by_same"] is True and payload["outcome"] == "upheld"


async def test_an_overturned_hiding_is_restored_at_once(database: Database) -> None:
    made = await make(database)
    said = await hidden(database, made)
    given = await appeal(database, made.participant, said.id)
    await answer(database, made.organiser, given.id, "overturned", "It is no insult.")
    assert await status(database, said) == "published"
    kinds = [kind for kind, _ in await entries(database, made, "public", "decision.", "appeal.", "contribution.")]
    assert kinds[-4:] == ["appeal.made", "decision.made", "contribution.restored", "appeal.decided"]
    told = await entries(database, made, "staff", "author.told", "appeal.told")
    assert [kind for kind, _payload in told] == ["author.told", "appeal.told"], "of the outcome once"
    [(_kind, payload)] = await entries(database, made, "public", "appeal.decided")
    assert "by_same" not in payload and "It is no insult." not in str(payload)


async def test_an_overturned_rejection_is_published_and_the_record_names_only_itself(database: Database) -> None:
    made = await make(database)
    said = await rejected(database, made)
    given = await appeal(database, made.participant, said.id)
    await answer(database, made.organiser, given.id, "overturned", "It keeps to the subject.")
    assert await status(database, said) == "published"
    for _kind, payload in await entries(database, made, "public", "appeal."):
        assert "contribution" not in payload and "number" not in payload and str(said.id) not in str(payload)
    async with database.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT id FROM appeals")
        assert rows.all() == []


async def test_a_rejected_edit_that_was_written_anew_is_for_the_queue(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, topic=BEFORE)
    for number, verb in ((1, "approve"), (2, "reject")):
        if number == 2:
            async with database.writing() as session:
                await actions.edit(session, made.participant, said.id, 1, {"body": "An edit."})
        async with database.writing() as session:
            query = select(Revision.id).where(Revision.contribution_id == said.id, Revision.number == number)
            revision = await session.scalar(query)
        await act(database, made.moderator, verb, said.id, revision)
    given = await appeal(database, made.participant, said.id)
    async with database.writing() as session:
        await actions.edit(session, made.participant, said.id, 2, {"body": "Another edit."})
    with pytest.raises(errors.Conflict, match="newer version"):
        await answer(database, made.organiser, given.id, "overturned", "Why not.")
    assert (await answer(database, made.organiser, given.id)).outcome == "upheld"


@pytest.mark.parametrize(("outcome", "reason", "field"), [("maybe", "So.", "outcome"), ("upheld", " ", "reason")])
async def test_what_no_answer_can_say(database: Database, outcome: str, reason: str, field: str) -> None:
    made = await make(database)
    given = await appeal(database, made.participant, (await hidden(database, made)).id)
    with pytest.raises(errors.Invalid) as refused:
        await answer(database, made.organiser, given.id, outcome, reason)
    assert list(refused.value.fields) == [field]


async def test_anyone_who_moderates_answers_for_what_was_automatic(database: Database) -> None:
    made = await make(database)
    await hides_at(database, made, 2)
    said = await say(database, made)
    for actor in (made.other, await make_person(database, "Reader E")):
        await flag(database, actor, said.id)
    given = await appeal(database, made.participant, said.id)
    done = await answer(database, made.moderator, given.id, "overturned", "In order.")
    assert done.by_same is False
    assert [one.outcome for one in await flags_on(database, said.id)] == ["dismissed", "dismissed"]


async def test_what_is_taken_back_or_erased_is_not_decided_any_more(database: Database) -> None:
    made = await make(database)
    said, gone = await hidden(database, made), await hidden(database, made)
    one, other = await appeal(database, made.participant, said.id), await appeal(database, made.participant, gone.id)
    async with database.writing() as session:
        await actions.withdraw(session, made.participant, said.id)
        await erasing.erase(session, made.participant, gone.id)
    for given in (one, other):
        with pytest.raises(errors.Conflict):
            await answer(database, made.organiser, given.id)
    async with database.writing() as session:
        assert (await appealed(session, made.organiser, made.id)).items == []
    [erased] = await appeals_on(database, gone.id)
    assert erased.words is None


async def test_erasure_destroys_words_reason_and_salt(database: Database) -> None:
    made = await make(database)
    texts = [await hidden(database, made), await hidden(database, made)]
    for said in texts:
        await answer(database, made.organiser, (await appeal(database, made.participant, said.id)).id)
    async with database.writing() as session:
        await erasing.erase(session, made.participant, texts[0].id)
    async with database.writing() as session:
        await erasing.keep_all_anonymous(session, made.participant, made.participant.person)  # type: ignore[arg-type]
    for said in texts:
        [given] = await appeals_on(database, said.id)
        assert (given.words, given.reason, given.salt, given.person_id) == (None, None, None, None)
        assert given.hash is not None and given.outcome == "upheld"


async def test_an_author_sees_how_it_stands(database: Database) -> None:
    made = await make(database)
    said = await hidden(database, made)
    assert made.participant.person is not None and made.other.person is not None
    async with database.writing() as session:
        assert (await standings(session, [said.id]))[said.id].possible is not None
    given = await appeal(database, made.participant, said.id)
    async with database.writing() as session:
        standing = (await standings(session, [said.id]))[said.id]
        assert standing.possible is None and standing.appeal is not None and standing.appeal.id == given.id
        [own] = await made_by(session, made.participant.person)
        assert (own["words"], own["outcome"]) == ("It was no insult.", None)
        assert await raised_by(session, made.participant.person) == []


async def test_who_did_the_same_later_does_not_answer_for_who_decided(database: Database) -> None:
    made = await make(database)
    second = await make_person(database, "Moderator E", consultation=made.id, role="moderator")
    said = await say(database, made, body="One word, and another.")
    await curate(database, made, "redact", said.id, Options(passage="One word"))
    given = await appeal(database, made.participant, said.id)
    await curate(database, made, "redact", said.id, Options(passage="another"), actor=second)
    async with database.writing() as session:
        answering = [(await appealed(session, who, made.id)).items[0].may_answer for who in (made.moderator, second)]
    assert answering == [False, True]
    with pytest.raises(errors.Forbidden, match="Somebody else"):
        await answer(database, made.moderator, given.id)
    assert (await answer(database, second, given.id)).by_same is False


async def test_who_confirmed_what_came_by_itself_does_not_answer(database: Database) -> None:
    made = await make(database)
    await hides_at(database, made, 1)
    said = await say(database, made)
    await flag(database, made.other, said.id)
    given = await appeal(database, made.participant, said.id)
    await act(database, made.moderator, "hide", said.id)
    with pytest.raises(errors.Forbidden, match="Somebody else"):
        await answer(database, made.moderator, given.id)
    assert (await answer(database, made.organiser, given.id)).by_same is False


async def test_an_appeal_whose_words_are_erased_waits_for_nobody(database: Database) -> None:
    made = await make(database)
    said = await hidden(database, made)
    await appeal(database, made.participant, said.id)
    async with database.writing() as session:
        assert (await queue.counts(session, made.organiser, made.id)).by_reason["appeal"] == 1
        await erasing.keep_all_anonymous(session, made.participant, made.participant.person or said.id)
    async with database.writing() as session:
        assert (await queue.counts(session, made.organiser, made.id)).total == 0
        assert (await desk.in_context(session, made.organiser, made.id, said.id)).appeal is None


async def test_the_desk_says_who_may_answer(database: Database) -> None:
    made = await make(database)
    said = await say(database, made, actor=made.organiser)
    await act(database, made.moderator, "hide", said.id)
    await appeal(database, made.organiser, said.id)
    for actor, may in ((made.moderator, True), (made.organiser, False)):  # nobody else could, and never the author
        async with database.writing() as session:
            shown = (await desk.in_context(session, actor, made.id, said.id)).appeal
        assert shown is not None and shown.may_answer is may
