"""What stands around contributions on the site that holds everything: translations, mandates, the outcome, what
somebody follows, and what the organisers publish."""

import datetime as dt
from dataclasses import replace

from app.accounts import mandate_links, mandates
from app.consultations import document_files as files
from app.consultations import documents, notices
from app.consultations.notices import Wording
from app.contributions.models import Contribution
from app.contributions.submissions import Submission
from app.database import Database
from app.endorsements.actions import endorse
from app.notifications.following.actions import follow
from app.readings.followed import Followable
from app.synthesis import actions, reporting, setting_aside
from app.synthesis.commenting import comment
from app.synthesis.report_wording import ReportWords
from tests.consultations.publishing import PAPER, announced, filed, of_text, posted, published
from tests.contributions.offering import offer
from tests.files import samples
from tests.making import AFTER, SLUG, Made, decide, make_person, say
from tests.synthesis import outcome


async def add_around(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
    """Translations that stand and one that waits, a mandate that is confirmed and one that is asked for, a follower,
    documents and notices in every state."""
    standing = await offer(database, made, root.id, made.other, "fr", revision=2)
    await offer(database, made, root.id, made.moderator, "ar", revision=2, title="اقتراح", body="كلمات.")
    await offer(database, made, root.id, made.other, "es", revision=2, trapped=True)
    at["translation"] = standing.id
    speaker = await make_person(database, "Participant M", organisation="Sample union of unions")
    async with database.writing() as session:
        claim = await mandates.ask(session, speaker, made.id, "Our assembly said so.")
        await mandates.confirm(session, made.organiser, made.id, claim.id)
        await endorse(session, speaker, root.id, "organisation")
    async with database.writing() as session:
        asked = await mandates.ask(session, made.participant, made.id, "Please confirm it.")
        await mandate_links.pass_on(session, made.organiser, made.id, asked.id, "office@example.org", "en")
    at["mandate"] = mandate_links.link_path(asked.id, 1)
    await _outcome(database, made, root, at)
    async with database.writing() as session:
        await follow(session, made.participant, Followable(made.id, "consultation", made.id, "All", f"/c/{SLUG}", 3))
    await _documents(database, made, at)
    await _notices(database, made, at)


async def _documents(database: Database, made: Made, at: dict[str, object]) -> None:
    """One that is public in several languages and versions, one to come, one that is withdrawn."""
    document = await published(database, made, samples.docx(), name="A sample paper, with a long name of a file.docx")
    for language in ("en", "fr", "ar", "zh"):
        last = await filed(database, made, document.id, of_text("a.pdf", b"%PDF " * 90_000), language=language)
    titles = {
        "en": "Working paper: " + "what cities can do, " * 6,
        "ar": "ورقة عمل نموذجية",
        "fr": "Document d’exemple",
    }
    gone = await announced(database, made)
    await announced(database, made, replace(PAPER, topic=AFTER, expected=dt.date(2016, 9, 12)))
    async with database.writing() as session:
        where = (session, made.organiser, made.id)
        await documents.describe(*where, document.id, replace(PAPER, titles=titles, topic=AFTER))
        await files.take_file(*where, document.id, last.id, "A sample reason: it was the wrong file.")
        await documents.withdraw(*where, gone.id, "A sample reason: it is out of date.")
    at["document"], at["document_gone"] = document.id, gone.id


async def _notices(database: Database, made: Made, at: dict[str, object]) -> None:
    """A notice, a next step in two languages, and one that was taken back."""
    given = Wording("The meeting moved to another day", "Sample: it is *now* on the 13th.\n\n- bring papers", "en")
    gone = await posted(database, made, given)
    await posted(database, made, given)
    step = replace(given, title="The report is sent to the cities", date=dt.date(2016, 9, 29))
    notice = await posted(database, made, step, "next-step")
    async with database.writing() as session:
        where = (session, made.organiser, made.id)
        arabic = Wording("يُرسل التقرير إلى المدن", "نموذج: *غدًا*.", "ar", step.date)
        await notices.revise(*where, notice.id, arabic)
        await notices.take_back(*where, gone.id, "A sample reason: it was not so.")
    at["notice"], at["notice_gone"] = notice.id, gone.id


async def _outcome(database: Database, made: Made, root: Contribution, at: dict[str, object]) -> None:
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
    arabic = {"title": "احتساب الساعات", "statement": "تحتسب المدن ساعات الجمعيات.", "language": "ar"}
    second = await outcome.begin(database, made.organiser, made, **arabic)
    await outcome.cite(database, made.organiser, second.id, root, passage="A quotation of what was said")
    await outcome.publish(database, made.organiser, second.id, "open")
    async with database.writing() as session:
        given = Submission(body="Count the mornings, too.", language="en", title="Mornings", kind="proposal")
        said = await comment(session, made.participant, made.id, 2, given)
    at["comment"] = said.number
    at["new_draft"] = (await outcome.begin(database, made.organiser, made, title="", statement="")).id
    async with database.writing() as session:
        await setting_aside.mark(session, made.organiser, made.id, [aside.id], "general")
    await decide(database, made, "hide", gone.id)
    await _report(database, made)


async def _report(database: Database, made: Made) -> None:
    """A report in Arabic, an erratum of it in English, and a draft of the next version, which has no title yet."""
    words = ReportWords(
        "What was said: a sample", "en", "Sample: cities **count** hours, says #1.\n\n- one\n- two", "Two meetings.",
        {f"{AFTER}.a": "Sample: partnerships, of which much was said.\n\n> As one of them put it."},
    )  # fmt: skip
    arabic = replace(words, title="ما قيل: نموذج", language="ar", summary="نموذج: **الساعات** تُحتسب، كما يقول #1.")
    why = dict.fromkeys(("results", "recommendations", "citations", "neither"), "A sample reason: there was no time.")
    for given, saved in ((arabic, 0), (replace(words, reason="A sample reason: the figures were wrong."), 0)):
        async with database.writing() as session:
            draft = await reporting.save(session, made.organiser, made.id, given, saved)
            await reporting.publish(session, made.organiser, made.id, draft.saved, why)
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, replace(words, title=""), 0)
