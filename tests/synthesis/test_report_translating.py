"""The report in several languages: what is done, what changed since, what is published, and what the record holds."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app import errors
from app.database import Database
from app.permissions import ANYONE, Actor
from app.readings.outcome import draft_of_report, report
from app.record import commitments
from app.record.following import Seen
from app.synthesis import forgetting, report_drafts, report_translating, reporting
from app.synthesis.report_models import ReportTranslation, ReportVersion
from app.synthesis.report_sections import mark_of, sections
from app.synthesis.report_wording import WORDS as NAMES
from app.synthesis.report_wording import ReportWords
from tests.making import Made, make, say
from tests.synthesis.outcome import entries, make_rapporteur

pytestmark = pytest.mark.anyio
WORDS = ReportWords(
    title="What was said", language="en", summary="Hours count, says #1.", method="Two meetings.",
    results={"diasporas.a": "Partnerships."},
)  # fmt: skip
FRENCH = ReportWords(
    title="Ce qui a été dit", language="fr", summary="Les heures comptent, dit #1.", method="Deux réunions.",
    results={"diasporas.a": "Des partenariats."},
)  # fmt: skip
WHY = dict.fromkeys(("results", "languages", "recommendations", "coverage", "neither"), "A sample reason.")


async def translated(
    database: Database, actor: Actor, made: Made, given: ReportWords, saved: int, *done: str, shown: str = ""
) -> ReportTranslation:
    """These words, kept; `done` are the sections that are said to be."""
    async with database.writing() as session:
        work = await draft_of_report.draft(session, actor, made.id)
        marks = {name: shown or mark_of(sections(work.words)[name]) for name in done}
        return await report_translating.translate(session, actor, made.id, given, saved, marks)


async def states(database: Database, made: Made, language: str = "fr") -> dict[str, str]:
    """How far each section is."""
    async with database.writing() as session:
        return dict((await draft_of_report.translated(session, made.organiser, made.id, language)).work.states)


async def test_from_the_first_section_to_a_version_in_two_languages(database: Database) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    await say(database, made)
    with pytest.raises(errors.Conflict, match="There is no draft"):
        await translated(database, rapporteur, made, FRENCH, 0)
    async with database.writing() as session:
        await reporting.save(session, rapporteur, made.id, WORDS, 0)
    every = tuple(sections(WORDS))
    assert set((await states(database, made)).values()) == {"missing"}
    row = await translated(database, rapporteur, made, replace(FRENCH, method=""), 0, "title", "summary", "method")
    assert row.saved == 1 and 'href="/c/mayoral-forum-2016/1"' in row.html["summary"]
    assert (await entries(database, "outcome.drafted"))[-1] == {"act": "report", "person": str(rapporteur.person)}
    assert await states(database, made) == {
        "title": "done", "summary": "done", "method": "missing", "results.diasporas.a": "begun",
    }  # fmt: skip
    for saved, shown in ((0, ""), (1, "of other words")):
        with pytest.raises(errors.Conflict):
            await translated(database, rapporteur, made, FRENCH, saved, "summary", shown=shown)
    for wrong in ("en", "de", "xx-yy"):  # the original's, no language of the consultation's, not so either
        with pytest.raises(errors.Invalid):
            await translated(database, rapporteur, made, replace(FRENCH, language=wrong), 0)

    async with database.writing() as session:  # the original changes: what was done is not
        await reporting.save(session, rapporteur, made.id, replace(WORDS, summary="Hours count."), 1)
        with pytest.raises(errors.Invalid) as caught:
            await reporting.publish(session, rapporteur, made.id, 2, WHY | {"languages": ""})
    assert caught.value.fields.keys() == {"why_languages"} and "French" in caught.value.fields["why_languages"]
    await translated(database, rapporteur, made, FRENCH, 1, "title")
    assert (await states(database, made))["summary"] == "changed"
    await translated(database, rapporteur, made, FRENCH, 2, *every)
    assert set((await states(database, made)).values()) == {"done"}
    await translated(database, rapporteur, made, replace(FRENCH, language="es", title="", method=""), 0)

    async with database.reading() as connection:
        assert (await connection.execute(select(ReportTranslation.language))).all() == []
    async with database.writing() as session:
        version = await reporting.publish(session, rapporteur, made.id, 2, WHY)
    async with database.reading() as connection:
        one = await report.text_of(connection, made.id)
        french = await report.text_of(connection, made.id, language="fr")
        assert (one.language, one.languages, french.original) == ("en", ("en", "fr"), "en")
        assert await report.text_of(connection, made.id, reader="fr") == french
        assert await report.text_of(connection, made.id, reader="es") == one
        assert {name: getattr(french, name) for name in NAMES} == {name: getattr(FRENCH, name) for name in NAMES}
        assert [each["about"] for each in one.acknowledged if each["finding"] == "languages"] == [["es"]]
        assert [each.languages for each in await report.versions(connection, made.id)] == [["en", "fr"]]
        with pytest.raises(errors.NotFound):
            await report.text_of(connection, made.id, language="es")
        assert list(await connection.scalars(select(ReportTranslation.language))) == ["fr"]
    content = {name: getattr(one, name) for name in ("version", "language", *NAMES, "acknowledged")}
    content["translations"] = {"fr": {name: getattr(FRENCH, name) for name in NAMES}}
    assert one.salt and commitments.commitment(one.salt, content) == one.hash == version.hash

    # The next version begins with all of it, and an erratum says in each language why there is one.
    async with database.writing() as session:
        await reporting.save(session, rapporteur, made.id, replace(WORDS, method="", reason="Too long."), 0)
    assert (await states(database, made))["reason"] == "missing"
    assert (await states(database, made, "es"))["title"] == "missing"
    async with database.reading() as connection:
        assert await report.text_of(connection, made.id, language="fr") == french


async def test_it_goes_with_its_draft_and_its_writers_and_only_those_write_it(database: Database) -> None:
    made = await make(database)
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, WORDS, 0)
    for actor in (ANYONE, made.participant, made.moderator):
        refused = errors.Unauthenticated if actor is ANYONE else errors.Forbidden
        for act in (
            lambda session, actor=actor: report_translating.translate(session, actor, made.id, FRENCH, 0, {}),
            lambda session, actor=actor: draft_of_report.translated(session, actor, made.id, "fr"),
            lambda session, actor=actor: report_drafts.discard(session, actor, made.id, 1),
        ):
            with pytest.raises(refused):
                async with database.writing() as session:
                    await act(session)
    row = await translated(database, made.organiser, made, FRENCH, 0)
    assert made.organiser.person is not None
    async with database.writing() as session:
        seen = Seen(made.id, made.id, 1, row.created, "account.erased", made.organiser.person, {})
        await forgetting.follow(session, [seen])
        assert await session.scalar(select(ReportTranslation.written_by)) is None
        with pytest.raises(errors.Conflict):
            await report_drafts.discard(session, made.organiser, made.id, 2)
    async with database.writing() as session:
        await report_drafts.discard(session, made.organiser, made.id, 1)
    assert (await entries(database, "outcome.drafted"))[-1]["act"] == "discard report"
    async with database.writing() as session:
        assert await session.scalar(select(ReportVersion.id)) is None
        assert await session.scalar(select(ReportTranslation.id)) is None
        with pytest.raises(errors.Conflict):
            await report_drafts.discard(session, made.organiser, made.id, 1)
        await reporting.save(session, made.organiser, made.id, WORDS, 0)
        await report_translating.translate(session, made.organiser, made.id, FRENCH, 0, {})
        await forgetting.remove_outcome(session, made.id)
        assert await session.scalar(select(ReportTranslation.id)) is None
