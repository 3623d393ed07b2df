"""Recommendations from the first draft to the final version, with what each step leaves in the record."""

from dataclasses import replace

import pytest

from app import errors
from app.contributions import actions as texts
from app.database import Database
from app.permissions import ANYONE
from app.readings.outcome import drafts_of_outcome
from app.readings.outcome import recommendations as readings
from app.record import commitments
from app.synthesis import actions, citing
from tests.making import BEFORE, make, make_person, say
from tests.synthesis.outcome import WORDING, begin, cite, entries, make_rapporteur, publish

pytestmark = pytest.mark.anyio
BODY = "We **counted** the hours.\nNobody paid for them, in any\nof the five cities."


async def test_from_draft_to_final(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made, body=BODY)
    against = await say(database, made, actor=made.other, byline="anonymous", body="Counting is not paying.")
    begun = await begin(database, rapporteur, made, statement=f"As #{text.number} says, count them.")
    await cite(database, rapporteur, begun.id, text, passage="counted the hours. Nobody")
    await cite(database, rapporteur, begun.id, against, stance="dissent")
    acts = [entry["act"] for entry in await entries(database, "outcome.drafted")]
    assert acts == ["begin", "cite", "cite"]
    async with database.reading() as connection:
        assert await readings.recommendations(connection, made.id) == []
        assert not await readings.is_there(connection, made.id)

    opened = await publish(database, rapporteur, begun.id, "open")
    [entry] = await entries(database, "recommendation.published")
    assert entry["number"] == 1 and entry["stage"] == "open" and entry["revision"] == str(opened.id)
    assert str(rapporteur.person) not in str(entry)
    async with database.reading() as connection:
        view = await readings.recommendation(connection, made.id, 1)
    assert (view.stage, view.version, view.title) == ("open", 1, "Count the hours")
    assert f'href="/c/{made.slug}/{text.number}"' in view.html
    assert [each.words for each in view.cited] == ["counted the hours. Nobody", "Counting is not paying."]
    assert view.support.json() == {"contributions": 1, "organisations": 1, "regions": 1, "kinds": 1, "channels": 1}
    assert view.dissent.json() == {"contributions": 1, "organisations": 0, "regions": 0, "kinds": 0, "channels": 1}

    with pytest.raises(errors.Conflict, match="never changes"):
        async with database.writing() as session:
            await actions.write(session, rapporteur, begun.id, WORDING)
    async with database.writing() as session:
        await actions.revise(session, rapporteur, begun.id)
        draft = await actions.write(session, rapporteur, begun.id, replace(WORDING, statement="Pay for the hours."))
    async with database.writing() as session:
        assert (await actions.revise(session, made.organiser, begun.id)).id == draft.id
    final = await publish(database, made.organiser, begun.id, "final")
    async with database.reading() as connection:
        view = await readings.recommendation(connection, made.id, 1)
        newer, older = await readings.versions(connection, begun.id)
    assert (view.stage, view.version, view.statement, len(view.cited)) == ("final", 2, "Pay for the hours.", 2)
    assert older.statement.startswith("As #") and ("added", "Pay for the hours.") in newer.statement_changes
    [entry] = await entries(database, "recommendation.revised")
    assert entry["number"] == 1 and entry["hash"] == final.hash.hex()  # type: ignore[union-attr]
    cited = [
        {name: each[name] for name in ("contribution", "revision", "stance", "passage")}
        for each in view.json("", made.slug)["citations"]
    ]
    content = {
        "title": view.title, "body": view.statement, "language": "en", "citations": cited,
        "addressee": {"name": "The city of Quezon", "kind": "city"},
    }  # fmt: skip
    assert commitments.commitment(view.salt, content) == view.hash
    async with database.writing() as session:
        await actions.revise(session, rapporteur, begun.id)
    with pytest.raises(errors.Conflict, match="final"):
        await publish(database, rapporteur, begun.id, "open")


async def test_the_checklist_names_what_hinders_and_what_was_revised(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    one, two = await say(database, made, body=BODY), await say(database, made)
    begun = await begin(database, rapporteur, made, title="", statement="", addressee_name=" ")
    await cite(database, rapporteur, begun.id, one, stance="dissent")
    with pytest.raises(errors.Invalid) as caught:
        await publish(database, rapporteur, begun.id, "final")
    assert caught.value.fields.keys() == {"title", "statement", "addressee_name", "citations"}
    with pytest.raises(errors.Invalid, match="open, final"):
        await publish(database, rapporteur, begun.id, "secret")

    async with database.writing() as session:
        await actions.write(session, rapporteur, begun.id, WORDING)
    kept = await cite(database, rapporteur, begun.id, one, passage="five cities")
    lost = await cite(database, rapporteur, begun.id, one, passage="Nobody paid")
    away = await cite(database, rapporteur, begun.id, two)
    async with database.writing() as session:
        await texts.withdraw(session, made.participant, two.id)
        await texts.edit(session, made.participant, one.id, 1, {"body": "In five cities, and one more."})
    with pytest.raises(errors.Invalid) as caught:
        await publish(database, rapporteur, begun.id, "final", acknowledged=True)
    assert caught.value.fields.keys() == {"citations"} and f": {two.number}." in caught.value.fields["citations"]
    async with database.writing() as session:
        await citing.drop(session, rapporteur, begun.id, away.id)
        assert (await citing.renew(session, rapporteur, begun.id, kept.id)).revision == 2
    with pytest.raises(errors.Invalid, match="not in the text"):
        async with database.writing() as session:
            await citing.renew(session, rapporteur, begun.id, lost.id)
    with pytest.raises(errors.Invalid) as caught:
        await publish(database, rapporteur, begun.id, "final")
    assert caught.value.fields.keys() == {"acknowledged"} and f": {one.number}." in caught.value.fields["acknowledged"]
    await publish(database, rapporteur, begun.id, "final", acknowledged=True)
    async with database.reading() as connection:
        view = await readings.recommendation(connection, made.id, 1)
    assert [each.state for each in view.cited] == ["revised", "current", "revised"]
    assert [each.words for each in view.cited][1:] == ["five cities", "Nobody paid"]


async def test_how_it_is_cited_changes_also_where_no_more_can_be_cited(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    one, two = await say(database, made), await say(database, made)
    begun = await begin(database, rapporteur, made)
    cited = await cite(database, rapporteur, begun.id, one)
    monkeypatch.setattr(citing, "MOST", 1)
    with pytest.raises(errors.Conflict, match="the most"):
        await cite(database, rapporteur, begun.id, two)
    again = await cite(database, rapporteur, begun.id, one, stance="dissent")
    assert (again.id, again.stance) == (cited.id, "dissent")


async def test_what_cannot_be_cited(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    begun = await begin(database, rapporteur, made)
    waiting, public = await say(database, made, topic=BEFORE), await say(database, made, body=BODY)
    for text, how, field in (
        (waiting, {}, "contribution"),
        (public, {"revision": 2}, "contribution"),
        (public, {"revision": 40_000}, "contribution"),
        (public, {"passage": "counted the minutes"}, "passage"),
        (public, {"passage": "x" * 1_001}, "passage"),
        (public, {"passage": "half \ud800"}, "passage"),
        (public, {"stance": "shrug"}, "stance"),
    ):
        with pytest.raises(errors.Invalid) as caught:
            await cite(database, rapporteur, begun.id, text, **how)
        assert caught.value.fields.keys() == {field}
    async with database.writing() as session:
        work = await drafts_of_outcome.draft(session, rapporteur, made.id, begun.id)
    assert work.cited == [] and not work.is_ready
    for words in ({"title": "x" * 201}, {"statement": "x" * 10_001}, {"language": "???"}, {"addressee_kind": "moon"},
                  {"topic": "none"}, {"title": "half \udfff"}):  # fmt: skip
        with pytest.raises(errors.Invalid) as caught:
            await begin(database, rapporteur, made, **words)
        assert caught.value.fields.keys() == words.keys()


async def test_only_rapporteurs_and_organisers_write(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made)
    begun = await begin(database, rapporteur, made)
    for actor in (ANYONE, made.participant, made.moderator):
        refused = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        with pytest.raises(refused):
            await begin(database, actor, made)
        with pytest.raises(errors.NotFound):  # a draft is nothing to them
            await cite(database, actor, begun.id, text)
        with pytest.raises(errors.NotFound):
            await publish(database, actor, begun.id, "final")
        with pytest.raises(refused):
            async with database.writing() as session:
                await drafts_of_outcome.work(session, actor, made.id)
    await cite(database, made.organiser, begun.id, text)
    await publish(database, made.organiser, begun.id, "open")
    with pytest.raises(errors.Forbidden):
        await publish(database, made.moderator, begun.id, "final")
    other = await begin(database, rapporteur, made)
    async with database.writing() as session:
        await actions.discard(session, rapporteur, other.id)
        drafts, public = await drafts_of_outcome.work(session, rapporteur, made.id)
    assert drafts == [] and [each.number for each in public] == [1]


async def test_a_rapporteur_of_one_topic_writes_there_alone(database: Database) -> None:
    made = await make(database)
    text = await say(database, made)
    plain = await make_person(database, "Rapporteur T")
    rapporteur = replace(plain, topics={made.id: {text.topic_id: frozenset({"rapporteur"})}})
    own = await begin(database, rapporteur, made)
    await cite(database, rapporteur, own.id, text)
    others = await begin(database, made.organiser, made, topic=BEFORE)
    for refused in (
        begin(database, rapporteur, made, topic=BEFORE),
        publish(database, rapporteur, others.id, "open"),
        cite(database, rapporteur, others.id, text),
    ):
        with pytest.raises((errors.Forbidden, errors.NotFound)):
            await refused
    with pytest.raises(errors.Forbidden):
        async with database.writing() as session:
            await actions.write(session, rapporteur, own.id, replace(WORDING, topic=BEFORE))
    await publish(database, rapporteur, own.id, "final")
    async with database.writing() as session:
        drafts, public = await drafts_of_outcome.work(session, rapporteur, made.id)
    assert (len(drafts), [each.number for each in public]) == (1, [1])
