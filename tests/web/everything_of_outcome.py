"""The outcome on the site that holds everything: recommendations in each stage, a comment, what is not used, and the
report."""

from collections.abc import Sequence
from dataclasses import replace

from app import clock, record
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.database import Database
from app.synthesis import actions, reporting, setting_aside
from app.synthesis.commenting import comment
from app.synthesis.mapping import Mapped, Positions
from app.synthesis.position_models import OpinionMap
from app.synthesis.report_wording import ReportWords
from app.synthesis.responding import Answer, receive
from app.synthesis.summing import grouped
from tests.making import AFTER, Made, decide, say
from tests.synthesis import opinions, outcome


async def add_outcome(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
    """A final recommendation in two versions, one open for comment, and drafts: an empty one, and one that cites what
    is gone."""
    gone = await say(database, made, actor=made.other, title="Cited, then hidden", body="Not so.")
    aside = await say(database, made, actor=made.other, title="Read, not used", language="ar", body="نعم.")
    first = await outcome.published(database, made.organiser, made, root)
    at["draft_of_first"], at["aside"] = first.id, aside.number
    for stage in ("final", "draft"):
        async with database.writing() as session:
            await actions.revise(session, made.organiser, first.id)
        await outcome.cite(database, made.organiser, first.id, gone, stance="dissent")
        if stage != "draft":
            await outcome.publish(database, made.organiser, first.id, stage, acknowledged=True)
    for day, which in (("2016-09-29", "noted"), ("2016-10-29", "partly")):
        async with database.writing() as session:
            given = Answer(which, "Sample: the council says so.\n\nAnd will see.", day)
            await receive(session, made.organiser, first.id, given)
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
    await decide(database, made, "hide", gone.id)
    await _report(database, made)
    await _opinion(database, made)


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
        await reporting.save(session, made.organiser, made.id, replace(words, title=""), 0)
