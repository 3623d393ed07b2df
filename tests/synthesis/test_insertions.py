"""Lines of a report that stand for something: read, bound to what they quote, shown, and named where they cannot be."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy import text as statement

from app import errors
from app.contributions import actions as texts
from app.contributions import translating
from app.contributions.models import Contribution
from app.contributions.translating import Wording
from app.database import Database
from app.printing.markdown import markdown
from app.readings.outcome import draft_of_report, report
from app.synthesis import report_translating, reporting
from app.synthesis.insertions import Insertion, apart, insertions
from app.synthesis.report_sections import mark_of, sections
from app.synthesis.report_wording import ReportWords
from app.web.report.report_document import report_document
from tests.making import Made, decide, make, say
from tests.synthesis.outcome import published
from tests.synthesis.test_report_translating import WHY

pytestmark = pytest.mark.anyio
LINES = """{recommendation #3}
as in {figure regions}, says one
  { Figure months }
{quotation 42}
```
{quotation 7}
```
{quotation 42 r2 “a "word" of it”}
{quotation 42 r2 12-40}
{figur 3}
{"json": 1}
    {quotation 8}
> {quotation 9}
{quotation 42 r}
{quotation 99999999999}"""
SUMMARY = """Before.
{quotation 1 "the hours of the desk"}
{quotation 2}
{recommendation 1}
{figure months}"""
SAID = "We counted *the hours*\nof the desk, and asked for more."


async def printed(database: Database, made: Made, language: str | None = None) -> str:
    """The newest version as Markdown."""
    async with database.reading() as connection:
        said = await report.text_of(connection, made.id, language=language)
        return markdown(report_document(await report.assembled(connection, made.slug, said), ""))


def test_lines_in_braces_and_none_other() -> None:
    found = insertions(LINES)
    assert [(each.line, each.kind) for each in found] == [
        (1, "recommendation"), (3, "figure"), (4, "quotation"), (8, "quotation"), (9, "quotation"), (10, ""),
        (14, ""), (15, ""),
    ]  # fmt: skip
    assert found[0] == Insertion("{recommendation #3}", 1, "recommendation", 3) and found[1].figure == "months"
    assert (found[3].revision, found[3].words) == (2, 'a "word" of it') and found[4].passage == (12, 40)
    assert apart("one\n{quotation 1}\ntwo") == "one\n\n{quotation 1}\n\ntwo"


async def test_from_words_to_what_everyone_reads(database: Database) -> None:
    made = await make(database)
    text = await say(database, made, title="Hours", body=SAID)
    gone = await say(database, made, actor=made.other, title="Goes", body="I take this back, all of it.")
    await published(database, made.organiser, made, text, gone)
    words = ReportWords(title="Said", language="en", summary=SUMMARY, method='{figur 1}\n{quotation 1 "no such words"}',
                        results={"diasporas.a": "{quotation 9}\n\n{recommendation 7}\n\n{figure regions}"})  # fmt: skip
    async with database.writing() as session:
        draft = await reporting.save(session, made.organiser, made.id, words, 0)
        begin = SAID.index("the hours")
        assert draft.summary.split("\n")[1:3] == [
            f"{{quotation 1 r1 {begin}-{SAID.index(',')}}}", "{quotation 2 r1}",
        ]  # fmt: skip
        assert "the hours" not in str(draft.html) and "all of it" not in str(draft.html)
        work = await draft_of_report.draft(session, made.organiser, made.id)
        assert '{quotation 1 r1 "the hours* of the desk"}' in work.words.summary
        with pytest.raises(errors.Invalid) as caught:
            await reporting.publish(session, made.organiser, made.id, 1, WHY)
    found = caught.value.fields["insertions"]
    for line in ("method, line 1: {figur 1} A line in braces",
                 "line 2: {quotation 1 \"no such words\"} These words are",
                 "diasporas.a, line 1: {quotation 9} There is no such public text",
                 "line 3: {recommendation 7} There is no such recommendation."):  # fmt: skip
        assert line in found, line
    assert "Summary" not in found and "{figure regions}" not in found
    async with database.writing() as deciding, database.writing() as looking:  # who looks at it waits for nobody
        await deciding.execute(select(Contribution.id).with_for_update())
        await looking.execute(statement("SET LOCAL lock_timeout = '100ms'"))
        assert [each.code for each in (await draft_of_report.draft(looking, made.organiser, made.id)).findings][:2] == [
            "results", "insertions",
        ]  # fmt: skip

    async with database.writing() as session:  # what the form shows is saved again as it was
        before = draft.summary
        again = replace(work.words, method="", results={})
        draft = await reporting.save(session, made.organiser, made.id, again, 1)
        assert draft.summary == before
        await reporting.publish(session, made.organiser, made.id, 2, WHY)
    shown = await printed(database, made)
    assert "{" not in shown.split("# Contributors")[0]
    for expected in ("> the hours of the desk", "> I take this back, all of it.", "**Recommendation 1**",
                     "Month by month", "/1/history#r1"):  # fmt: skip
        assert expected in shown.split("# Contributors")[0], expected
    async with database.writing() as session:
        await texts.withdraw(session, made.other, gone.id)
    await decide(database, made, "hide", text.id)
    later = (await printed(database, made)).split("# Contributors")[0]
    assert "of the desk" not in later and "all of it" not in later and later.count("no longer public") == 2

    async with database.writing() as session:
        words = replace(work.words, method="", results={}, reason="Again.")
        await reporting.save(session, made.organiser, made.id, words, 0)
        with pytest.raises(errors.Invalid, match=r"Summary, line 2: \{quotation 1 "):
            await reporting.publish(session, made.organiser, made.id, 1, WHY)


async def test_what_is_quoted_in_translation(database: Database) -> None:
    made = await make(database)
    text = await say(database, made, title="Hours", body=SAID)
    await published(database, made.organiser, made, text)
    async with database.writing() as session:
        french = Wording(title="Heures", body="Nous avons **compté** les heures.", language="fr", revision=1)
        await translating.offer(session, made.participant, text.id, french)
    words = ReportWords(title="Said", language="en", summary='{quotation 1}\n\n{quotation 1 "asked for more"}')
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, words, 0)
        draft = await draft_of_report.draft(session, made.organiser, made.id)
        marks = {name: mark_of(body) for name, body in sections(draft.text).items()}
        other = replace(words, title="Dit", language="fr")
        await report_translating.translate(session, made.organiser, made.id, other, 0, marks)
        await reporting.publish(session, made.organiser, made.id, 1, WHY)
    english, french_said = await printed(database, made), await printed(database, made, "fr")
    assert "compté" not in english and "of the desk, and asked" in english
    summary = french_said.split("# Contributeurs")[0]
    assert "> Nous avons **compté** les heures." in summary and "traduit par la personne qui l’a écrit" in summary
    assert "> asked for more" in summary and "/1?in=fr" in summary and "/1/history#r1" in summary
    assert "> Nous avons compté les heures." in french_said.split("# Recommandations")[1]
