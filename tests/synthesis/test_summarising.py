"""The two-page summary from the first words to a correction: what is kept, what hinders it, what the record holds."""

from dataclasses import replace

import pytest

from app import errors
from app.database import Database
from app.permissions import ANYONE
from app.readings.outcome import summary as readings
from app.record import commitments
from app.synthesis import forgetting, summarising
from app.synthesis.summary_wording import SummaryWords, points, words_in
from tests.making import make, say
from tests.synthesis.outcome import begin, entries, make_rapporteur, published

pytestmark = pytest.mark.anyio
WORDS = SummaryWords(
    title="Two pages", kind="interim", language="en", recommendations=[1],
    body="Sample: cities count **hours**, says #1. They do so late.\n\n- One point. And more.\n- Another",
)  # fmt: skip


async def test_from_the_first_words_to_a_correction(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    await published(database, rapporteur, made, await say(database, made))
    await begin(database, rapporteur, made)
    async with database.writing() as session:
        draft = await summarising.save(session, rapporteur, made.id, replace(WORDS, title="", reason="None."), 0)
    assert (draft.version, draft.saved, draft.reason, draft.recommendations) == (1, 1, "", [1])
    assert 'href="/c/mayoral-forum-2016/1"' in draft.html
    assert draft.speech.splitlines() == [
        "- Sample: cities count **hours**, says #1.", "- One point.", "- Another", "- Count the hours",
    ]  # fmt: skip
    assert (await entries(database, "outcome.drafted"))[-1] == {"act": "summary", "person": str(rapporteur.person)}
    async with database.reading() as connection:
        assert not await readings.is_there(connection, made.id)
        with pytest.raises(errors.NotFound):
            await readings.text_of(connection, made.id)
    with pytest.raises(errors.Conflict, match="Somebody else saved"):
        async with database.writing() as session:
            await summarising.save(session, made.organiser, made.id, WORDS, 0)
    with pytest.raises(errors.Invalid, match="title"):
        async with database.writing() as session:
            await summarising.publish(session, rapporteur, made.id, 1)
    async with database.writing() as session:
        await summarising.save(session, rapporteur, made.id, replace(WORDS, speech="- Aloud."), 1)
    with pytest.raises(errors.Conflict, match="Somebody else saved"):
        async with database.writing() as session:
            await summarising.publish(session, rapporteur, made.id, 1)
    async with database.writing() as session:
        version = await summarising.publish(session, rapporteur, made.id, 2)
    [entry] = await entries(database, "summary.published")
    assert version.hash is not None
    assert entry == {"version": 1, "language": "en", "stage": "interim", "hash": version.hash.hex()}
    async with database.reading() as connection:
        one = await readings.text_of(connection, made.id)
        whole = await readings.assembled(connection, made.slug, one)
    assert [each.number for each in whole.recommendations] == [1] and one.speech == "- Aloud."
    names = ("version", "kind", "language", "title", "body", "recommendations", "speech", "reason")
    assert one.salt and commitments.commitment(one.salt, {name: getattr(one, name) for name in names}) == one.hash

    async with database.writing() as session:
        work = await readings.draft(session, made.organiser, made.id)
        assert (work.saved, work.text.version, work.words.body) == (0, 2, WORDS.body)
        await summarising.save(session, made.organiser, made.id, replace(work.words, kind="final"), 0)
    with pytest.raises(errors.Invalid, match="why there is a new version"):
        async with database.writing() as session:
            await summarising.publish(session, made.organiser, made.id, 1)
    async with database.writing() as session:
        await summarising.save(session, made.organiser, made.id, replace(WORDS, kind="final", reason="The end."), 1)
        await summarising.publish(session, made.organiser, made.id, 2)
    async with database.reading() as connection:
        assert await readings.text_of(connection, made.id, 1) == one
        assert [(each.version, each.kind) for each in await readings.versions(connection, made.id)] == [
            (2, "final"), (1, "interim"),
        ]  # fmt: skip
    async with database.writing() as session:
        await forgetting.remove_outcome(session, made.id)
    async with database.reading() as connection:
        assert not await readings.is_there(connection, made.id)


async def test_who_and_what_is_refused(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    for actor in (ANYONE, made.participant, made.moderator):
        refused = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        for act in (
            lambda session, actor=actor: summarising.save(session, actor, made.id, WORDS, 0),
            lambda session, actor=actor: summarising.publish(session, actor, made.id, 0),
            lambda session, actor=actor: readings.draft(session, actor, made.id),
        ):
            with pytest.raises(refused):
                async with database.writing() as session:
                    await act(session)
    with pytest.raises(errors.Conflict, match="no draft"):
        async with database.writing() as session:
            await summarising.publish(session, rapporteur, made.id, 0)
    for wrong, field in (
        ({"title": "x" * 201}, "title"), ({"body": "half \ud800"}, "body"), ({"language": "???"}, "language"),
        ({"kind": "last"}, "kind"), ({"speech": "x" * 8_001}, "speech"), ({"recommendations": [1]}, "recommendations"),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await summarising.save(
                    session, rapporteur, made.id, replace(WORDS, **({"recommendations": []} | wrong)), 0
                )
        assert caught.value.fields.keys() == {field}


def test_words_and_points() -> None:
    assert (
        words_in("One city’s two-page 3 words.") == 5 and words_in("城市计算时间") == 3 and words_in("Дом и город") == 3
    )
    assert points("# A title\n\n城市计算。然后。\n\nما قيل؟ نعم.", []) == "- A title\n- 城市计算。\n- ما قيل؟"
    assert points("", ["Do it"]) == "- Do it"
