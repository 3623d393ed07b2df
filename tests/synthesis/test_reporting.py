"""The report from the first words to an erratum: what is kept, what hinders it, what the record holds."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app import errors
from app.contributions import actions as texts
from app.database import Database
from app.permissions import ANYONE
from app.readings.outcome import draft_of_report, report
from app.record import commitments
from app.record.following import Seen
from app.synthesis import forgetting, reporting, setting_aside
from app.synthesis.report_models import ReportVersion
from app.synthesis.report_wording import ReportWords
from tests.making import make, say
from tests.synthesis.outcome import begin, cite, entries, make_rapporteur, publish, published

pytestmark = pytest.mark.anyio
WORDS = ReportWords(
    title="What was said", language="fr", summary="Sample: **hours** count, says #1.", method="Two meetings.",
    results={"diasporas.a": "Partnerships.", "inclusion": "On the whole."},
)  # fmt: skip


async def test_from_the_first_words_to_an_erratum(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    text, gone = await say(database, made), await say(database, made, title="Goes", byline="anonymous")
    async with database.writing() as session:
        work = await draft_of_report.draft(session, rapporteur, made.id)
        assert (work.saved, work.text.version, work.findings) == (0, 1, ())
        draft = await reporting.save(session, rapporteur, made.id, replace(WORDS, title="", reason="None."), 0)
    assert (draft.version, draft.reason, draft.saved) == (1, "", 1)
    [told] = await entries(database, "outcome.drafted")
    assert told == {"act": "report", "person": str(rapporteur.person)}
    async with database.reading() as connection:  # a draft is nothing to anybody else
        assert (await connection.execute(select(ReportVersion.version))).all() == []
        assert not await report.is_there(connection, made.id)
        with pytest.raises(errors.NotFound):
            await report.text_of(connection, made.id)
    with pytest.raises(errors.Conflict, match="Somebody else saved"):
        async with database.writing() as session:
            await reporting.save(session, made.organiser, made.id, WORDS, 0)
    with pytest.raises(errors.Conflict, match="Somebody else saved"):
        async with database.writing() as session:
            await reporting.publish(session, rapporteur, made.id, 3, {})

    await published(database, rapporteur, made, text, gone)
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, text)
    await publish(database, rapporteur, begun.id, "open")
    async with database.writing() as session:
        await texts.withdraw(session, made.participant, gone.id)
    neither = await say(database, made, title="Cited nowhere")
    with pytest.raises(errors.Invalid) as caught:
        async with database.writing() as session:
            await reporting.publish(session, rapporteur, made.id, 1, {"citations": "It was so then.", "results": " "})
    said = caught.value.fields
    assert said.keys() == {"title", "why_results", "why_recommendations", "why_neither"}
    assert "diasporas.b" in said["why_results"] and "diasporas.a" not in said["why_results"]
    assert "2" in said["why_recommendations"] and "One contribution" in said["why_neither"]

    async with database.writing() as session:
        await reporting.save(session, rapporteur, made.id, WORDS, 1)
        await setting_aside.mark(session, rapporteur, made.id, [neither.id], "general")
    reasons = {"results": "Nobody answered.", "recommendations": "Still debated.", "citations": "It was so then."}
    async with database.writing() as session:
        version = await reporting.publish(session, rapporteur, made.id, 2, reasons)
    [entry] = await entries(database, "report.published")
    assert entry == {"version": 1, "language": "fr", "hash": version.hash.hex()}  # type: ignore[union-attr]
    async with database.reading() as connection:
        one = await report.text_of(connection, made.id)
        whole = await report.assembled(connection, made.slug, one)
    assert one.seq == whole.consultation.size and one.as_of == one.seq - 1
    assert whole.root and len(whole.root) == 64 and [each.number for each in whole.recommendations] == [1, 2]
    assert 'href="/c/mayoral-forum-2016/1"' in one.html["summary"] and one.html["results"].keys() == one.results.keys()
    assert [(each["finding"], each["about"], each["reason"]) for each in one.acknowledged][1:] == [
        ("recommendations", ["2"], "Still debated."), ("citations", ["2"], "It was so then."),
    ]  # fmt: skip
    names = ("version", "language", "title", "summary", "method", "results", "reason", "acknowledged")
    content = {name: getattr(one, name) for name in names}
    assert one.salt and commitments.commitment(one.salt, content) == one.hash

    async with database.writing() as session:
        work = await draft_of_report.draft(session, made.organiser, made.id)
        assert (work.saved, work.text.version, work.words) == (0, 2, WORDS)
        await reporting.save(session, made.organiser, made.id, replace(work.words, summary="Corrected."), 0)
    with pytest.raises(errors.Invalid, match="why there is a new version"):
        async with database.writing() as session:
            await reporting.publish(session, made.organiser, made.id, 1, reasons)
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, replace(WORDS, reason="A wrong figure."), 1)
        await reporting.publish(session, made.organiser, made.id, 2, reasons)
    async with database.reading() as connection:
        assert await report.text_of(connection, made.id, 1) == one
        assert [(each.version, each.reason) for each in await report.versions(connection, made.id)] == [
            (2, "A wrong figure."), (1, ""),
        ]  # fmt: skip
    assert made.organiser.person is not None
    async with database.writing() as session:
        seen = Seen(made.id, made.id, 1, text.created, "account.erased", made.organiser.person, {})
        await forgetting.follow(session, [seen])
        writers = select(ReportVersion.written_by).order_by(ReportVersion.version)
        assert (await session.scalars(writers)).all() == [rapporteur.person, None]
        await forgetting.remove_outcome(session, made.id)
        assert (await session.scalars(writers)).all() == []


async def test_only_rapporteurs_and_organisers_write_and_publish(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    async with database.writing() as session:
        await reporting.save(session, rapporteur, made.id, WORDS, 0)
    for actor in (ANYONE, made.participant, made.moderator):
        refused = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        for act in (
            lambda session, actor=actor: reporting.save(session, actor, made.id, WORDS, 1),
            lambda session, actor=actor: reporting.publish(session, actor, made.id, 1, {}),
            lambda session, actor=actor: draft_of_report.draft(session, actor, made.id),
        ):
            with pytest.raises(refused):
                async with database.writing() as session:
                    await act(session)
    for wrong, field in (
        ({"title": "x" * 201}, "title"), ({"summary": "half \ud800"}, "summary"), ({"language": "???"}, "language"),
        ({"results": {"inclusion.zz": "None."}}, "results"), ({"method": "x" * 10_001}, "method"),
        ({"results": {"inclusion.a": "x" * 20_001}}, "results.inclusion.a"),
    ):  # fmt: skip
        with pytest.raises(errors.Invalid) as caught:
            async with database.writing() as session:
                await reporting.save(session, rapporteur, made.id, replace(WORDS, **wrong), 1)
        assert caught.value.fields.keys() == {field}
