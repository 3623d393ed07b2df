"""The outcome on the site that holds everything: recommendations in each stage, a comment, what is not used, and the
report."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from app import clock, record
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.database import Database
from app.outreach import addressees
from app.synthesis import (
    actions,
    code_book,
    code_merging,
    coding,
    gists,
    memos,
    report_translating,
    reporting,
    sending,
    setting_aside,
    summarising,
    telling,
)
from app.synthesis.answer_files import withdraw
from app.synthesis.answering import answer, link_path
from app.synthesis.code_words import CodeWords
from app.synthesis.commenting import comment
from app.synthesis.exchange import holding
from app.synthesis.mapping import Mapped, Positions
from app.synthesis.models import ResponseFile
from app.synthesis.position_models import OpinionMap
from app.synthesis.report_sections import mark_of, sections
from app.synthesis.report_wording import ReportWords
from app.synthesis.responding import Answer, receive
from app.synthesis.sending import Parcel
from app.synthesis.summary_wording import SummaryWords
from app.synthesis.summing import grouped
from tests.consultations.publishing import of_text
from tests.making import AFTER, Made, decide, say
from tests.synthesis import opinions, outcome
from tests.synthesis.bringing import CITY


async def add_outcome(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
    """A final recommendation in two versions, one open for comment, and drafts: an empty one, and one that cites what
    is gone."""
    hidden = await say(database, made, actor=made.other, title="Cited, then hidden", body="Not so.")
    aside = await say(database, made, actor=made.other, title="Read, not used", language="ar", body="نعم.")
    first = await outcome.published(database, made.organiser, made, root)
    at["draft_of_first"], at["aside"] = first.id, aside.number
    for stage in ("final", "draft"):
        async with database.writing() as session:
            await actions.revise(session, made.organiser, first.id)
        await outcome.cite(database, made.organiser, first.id, hidden, stance="dissent")
        if stage != "draft":
            await outcome.publish(database, made.organiser, first.id, stage, acknowledged=True)
    for day, which in (("2016-09-29", "noted"), ("2016-10-29", "partly")):
        async with database.writing() as session:
            paper = of_text("sample.pdf", which.encode())
            given = Answer(which, "Sample: the council says so.\n\nAnd will see.", day, file=paper)
            await receive(session, made.organiser, first.id, given)
    async with database.writing() as session:
        at["answer_file"], gone = (await session.scalars(select(ResponseFile.id).order_by(ResponseFile.added))).all()
        await withdraw(session, made.organiser, gone, "A sample reason: it named somebody.")
    arabic = {"title": "احتساب الساعات", "statement": "تحتسب المدن ساعات الجمعيات.", "language": "ar"}
    second = await outcome.begin(database, made.organiser, made, **arabic)
    await outcome.cite(database, made.organiser, second.id, root, passage="A quotation of what was said")
    await outcome.publish(database, made.organiser, second.id, "open")
    async with database.writing() as session:
        said_of_it = Submission(body="Count the mornings, too.", language="en", title="Mornings", kind="proposal")
        said = await comment(session, made.participant, made.id, 2, said_of_it)
    at["comment"] = said.number
    at["new_draft"] = (await outcome.begin(database, made.organiser, made, title="", statement="")).id
    async with database.writing() as session:
        await setting_aside.mark(session, made.organiser, made.id, [aside.id], "general")
    await _coding(database, made, (root, aside, hidden), at)
    await decide(database, made, "hide", hidden.id)
    await _report(database, made)
    await _opinion(database, made)
    await _summary(database, made)
    await _bring(database, made, at)


async def _opinion(database: Database, made: Made) -> None:
    """What people think of both: a position of the participant, and a map as the worker makes it, of three groups."""
    await opinions.ask(database, made)
    await opinions.take(database, made.participant, made, 2, "agree")
    positions = Positions([1, 2], [[1, 1]] * 9 + [[1, -1]] * 7 + [[1, 0]] * 5, [None] * 21)
    labels = ["0"] * 9 + ["1"] * 7 + ["2"] * 5
    points = [(-3.0, 1.0)] * 6 + [(-2.0, 2.0)] * 3 + [(2.0, 1.5)] * 7 + [(1.0, -2.0)] * 5
    said: dict[str, Sequence[tuple[int, str]]] = {"0": [(2, "agree")], "1": [(2, "disagree")]}
    found = grouped(positions, Mapped(0.62, labels, points, said, [0.9, 0.1]), None)
    assert found is not None
    async with database.writing() as session:
        seq = await record.append(session, made.id, "opinion.updated", made.id)
        row = {"found": found, "salt": b"", "hash": b"", "seq": seq, "made_of": "a sample", "made": clock.now()}
        session.add(OpinionMap(consultation_id=made.id, **row))


async def _coding(
    database: Database, made: Made, texts: tuple[Contribution, Contribution, Contribution], at: dict[str, object]
) -> None:  # fmt: skip
    """A code book with a retired and a merged code, in two scripts; codings by two, one of what is gone; memos."""
    root, aside, gone = texts
    rapporteur = await outcome.make_rapporteur(database, made)
    async with database.writing() as session:
        costs = await code_book.make(session, made.organiser, made.id, CodeWords("Who pays", "Sample: money, given."))
        arabic = await code_book.make(
            session, rapporteur, made.id, CodeWords("الساعات " * 20, "نموذج.", "red", costs.id)
        )
        old = await code_book.make(session, rapporteur, made.id, CodeWords("Old-" * 40))
        await coding.put(session, made.organiser, made.id, root.id, [costs.id], passage="A quotation of what was said")
        await coding.put(session, rapporteur, made.id, root.id, [costs.id, arabic.id, old.id])
        [first] = await coding.put(session, made.organiser, made.id, aside.id, [arabic.id])
        await coding.put(session, rapporteur, made.id, gone.id, [costs.id])
        await code_merging.merge(session, rapporteur, old.id, costs.id)
        await code_book.change(session, made.organiser, costs.id, CodeWords("Costs", colour="green"))
        await memos.on_coding(session, made.organiser, made.id, first.id, "Sample: or is it `time`?")
        await memos.on_text(session, rapporteur, made.id, root.id, "Sample: see 2, too.")
        await memos.on_code(session, made.organiser, made.id, costs.id, "Sample: split it, later.")
        await gists.write(session, rapporteur, made.id, root.id, "Sample: who counts the hours pays for them.")
        held = await holding.hold(session, made.organiser, made.id, "sample.csv", b"name,parent\nSample,Nowhere\n")
    at["code"], at["old_code"], at["held_file"] = costs.id, old.id, held.id


async def _report(database: Database, made: Made) -> None:
    """A report in Arabic, an erratum of it in English, and a draft of the next version, which has no title yet."""
    words = ReportWords(
        "What was said: a sample", "en", "Sample: cities **count** hours, says #1.\n\n- one\n- two", "Two meetings.",
        {f"{AFTER}.a": "Sample: partnerships, of which much was said.\n\n> As one of them put it."},
    )  # fmt: skip
    arabic = replace(words, title="ما قيل: نموذج", language="ar", summary="نموذج: **الساعات** تُحتسب، كما يقول #1.")
    why = dict.fromkeys(("results", "recommendations", "citations", "neither"), "A sample reason: there was no time.")
    for given in (arabic, replace(words, reason="A sample reason: the figures were wrong.")):
        async with database.writing() as session:
            draft = await reporting.save(session, made.organiser, made.id, given, 0)
            await reporting.publish(session, made.organiser, made.id, draft.saved, why)
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, words, 0)
    french = replace(words, title="Ce qui a été dit : un exemple", language="fr", method="")
    marks = {name: mark_of(body) for name, body in sections(words).items() if name != "title"}
    async with database.writing() as session:
        await report_translating.translate(session, made.organiser, made.id, french, 0, marks)
        since = replace(words, title="", summary=f"{words.summary}\n- three")
        await reporting.save(session, made.organiser, made.id, since, 1)


async def _summary(database: Database, made: Made) -> None:
    """A summary in Arabic, the final one in English, and a draft of the next version, which has no title yet."""
    words = SummaryWords(
        "Two pages: a sample", "final", "en", "Sample: cities **count** hours, says #1.\n\n- one\n- two", [1, 2]
    )
    arabic = replace(words, title="صفحتان: نموذج", kind="interim", language="ar", body="نموذج: **الساعات** تُحتسب.")
    for given in (arabic, replace(words, reason="A sample reason: the consultation is over.")):
        async with database.writing() as session:
            draft = await summarising.save(session, made.organiser, made.id, given, 0)
            await summarising.publish(session, made.organiser, made.id, draft.saved)
    async with database.writing() as session:
        await summarising.save(session, made.organiser, made.id, replace(words, title=""), 0)


async def _bring(database: Database, made: Made, at: dict[str, object]) -> None:
    """Two institutions: one that had the summary and answered by its link, one whose link is over. Contributors told.
    A final recommendation that nobody has answered."""
    third = await outcome.begin(database, made.organiser, made, title="Open a desk", addressee_name="The ministry")
    text = await say(database, made, actor=made.other, title="A desk", body="A sample of a desk.")
    await outcome.cite(database, made.organiser, third.id, text)
    await outcome.publish(database, made.organiser, third.id, "final")
    ministry = replace(CITY, institution="وزارة نموذجية", kind="ministry", email="c@sample.example", name="")
    async with database.writing() as session:
        city = await addressees.add(session, made.organiser, made.id, CITY)
        other = await addressees.add(session, made.organiser, made.id, ministry)
        at["institution"], to = city.id, {city.id: [1, 3], other.id: [1]}
        await sending.send(session, made.organiser, made.id, Parcel("summary", 2, to))
        link, over = await sending.open_link(session, city.id), await sending.open_link(session, other.id)
        assert link is not None and over is not None
        await sending.revoke(session, made.organiser, made.id, other.id)
        at["answer_link"], at["answer_link_over"] = link_path(link.id), link_path(over.id)
        given = Answer("accepted", "Sample: the budget is adopted.", "2017-05-02", document="https://example.org/a.pdf")
        await answer(session, link.id, link_path(link.id).rpartition("/")[2], 1, given)
        await telling.tell(session, made.organiser, made.id)
