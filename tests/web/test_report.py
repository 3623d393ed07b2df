"""The report on pages and as files: written, checked, published, corrected, and read by everyone."""

import io
import re
import zipfile
from html import unescape

import pytest
from httpx import AsyncClient
from pypdf import PdfReader

from app.contributions import actions as texts
from app.database import Database
from app.web.report import report_files as files
from tests.making import SLUG, Made, decide, say
from tests.synthesis.outcome import begin, cite, make_rapporteur, publish
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
C = f"/c/{SLUG}"
DESK, REPORT = f"{C}/synthesis/report", f"{C}/report"
FIELDS = {
    "title": "What <was> said", "language": "fr", "summary": "As #1 says: **count** them.", "method": "Sample remarks.",
    "results.diasporas": "On the whole.", "results.diasporas.a": "Partnerships, says the sample.",
    "results.inclusion": "",
}  # fmt: skip
WHY = {"why_results": "Nobody answered them.", "why_citations": "It was so then.", "why_neither": "Too late."}


async def test_written_published_corrected_and_read(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    rapporteur = await make_rapporteur(database, made)
    text = await say(database, made, title="Hours", body="We counted the hours of the desk.")
    against = await say(database, made, actor=made.other, title="Against", body="Hours are not all.")
    await say(database, made, actor=made.other, byline="anonymous", title="Unsigned", body="Nobody says so.")
    begun = await begin(database, rapporteur, made)
    await cite(database, rapporteur, begun.id, text, passage="the hours of the desk")
    await cite(database, rapporteur, begun.id, against, stance="dissent")
    await publish(database, rapporteur, begun.id, "final")
    empty = await stranger.get(REPORT)
    assert empty.status_code == 200 and "No report is published yet." in empty.text
    assert f'href="{C}/recommendations"' in empty.text and f'href="{REPORT}"' not in (await stranger.get(C)).text
    for path in (f"{REPORT}?version=1", f"{REPORT}.pdf", f"{REPORT}.md?version=3"):
        assert (await stranger.get(path)).status_code == 404

    writer = await browse(rapporteur)
    assert (await writer.get(f"{DESK}/preview")).status_code == 404
    refused = await writer.post(DESK, data=FIELDS | {"saved": "0", "title": "x" * 201})
    assert refused.status_code == 422 and "Partnerships, says the sample." in refused.text
    assert (await writer.post(DESK, data=FIELDS | {"saved": "0"})).headers["location"] == f"{DESK}?done=saved"
    late = await writer.post(DESK, data=FIELDS | {"saved": "0", "summary": "Other words."})
    assert late.status_code == 409 and "Other words." in late.text and hidden(late, "saved") == "1"
    await decide(database, made, "hide", against.id)
    blocked = await writer.post(f"{DESK}/publish", data={"saved": "1", "why_results": "Nobody answered them."})
    assert blocked.status_code == 422 and "Nobody answered them." in blocked.text
    assert "Please say why: These are cited and no longer public: 2." in unescape(blocked.text)
    preview = await writer.get(f"{DESK}/preview")
    assert "Partnerships, says the sample." in preview.text
    assert "No report is published yet." in (await stranger.get(REPORT)).text
    done = await writer.post(f"{DESK}/publish", data=WHY | {"saved": "1"})
    assert done.headers["location"] == f"{REPORT}?version=1&done=published"

    page = await stranger.get(REPORT)
    assert heading(page) == "What <was> said" and page.headers["etag"] and "public" in page.headers["cache-control"]
    for words in (f'href="{C}/1"', "<strong>count</strong>", "Sample network", "Participant A", "the hours of the desk",
                  f'href="{C}/1/history#r1"', "Nobody answered them.", "On the whole."):  # fmt: skip
        assert words in page.text, words
    assert (
        "Participant B" not in page.text
        and "Hours are not all." not in page.text
        and str(rapporteur.person) not in page.text
    )
    assert f'href="{REPORT}"' in (await stranger.get(C)).text
    assert f'href="{REPORT}"' in (await stranger.get(f"{C}/recommendations")).text
    assert f'href="{C}/report?version=1"' in (await stranger.get(f"{C}/record")).text

    async with database.writing() as session:
        await texts.lower_byline(session, made.participant, text.id, "anonymous")
    assert "Sample network" not in (await stranger.get(f"{REPORT}?version=1")).text
    form = await writer.get(DESK)
    assert hidden(form, "saved") == "0" and "As #1 says" in form.text
    given = FIELDS | {"saved": "0", "summary": "Corrected.", "reason": "A wrong <figure>."}
    await writer.post(DESK, data=given)
    await writer.post(f"{DESK}/publish", data=WHY | {"saved": "1"})
    newest, earlier = await stranger.get(REPORT), await stranger.get(f"{REPORT}?version=1")
    assert "Corrected." in newest.text and "A wrong &lt;figure&gt;." in newest.text
    assert "Corrected." not in earlier.text and "This is an earlier version." in earlier.text
    held = (await writer.get("/me/data/download")).json()
    assert [each["summary"] for each in held["reports"]] == [FIELDS["summary"], "Corrected."]


async def test_the_same_as_files(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(database, made, title="Housing *first*", body="A text of its own.")
    writer = await browse(await make_rapporteur(database, made))
    await writer.post(DESK, data=FIELDS | {"saved": "0", "summary": "Kept <i>as</i> written: #1.", "language": "ar"})
    why = WHY | {"why_recommendations": "None yet.", "why_coverage": "None yet."}
    assert (await writer.post(f"{DESK}/publish", data=why | {"saved": "1"})).status_code == 303
    pdf = await stranger.get(f"{REPORT}.pdf?annex=1")
    assert pdf.headers["content-type"] == "application/pdf", pdf.text
    files.KEPT.clear()  # made anew from the same, it is the same
    assert (await stranger.get(f"{REPORT}.pdf?annex=1")).content == pdf.content
    monkeypatch.setattr(files, "PATIENCE", 0.0)
    patient = {"Accept": "text/html"}  # a browser is shown how far it is, and comes to the file by itself
    sent_on = await stranger.get(f"{REPORT}.docx?annex=1", headers=patient)
    waiting = f"{REPORT}/making?annex=1&form=docx"
    assert (sent_on.status_code, sent_on.headers["location"]) == (303, waiting)
    assert "Refresh" in (await stranger.get(waiting)).headers
    assert (await stranger.get(f"{REPORT}.docx?annex=1")).status_code == 200
    ready = await stranger.get(waiting)
    path = f"{REPORT}.docx?version=1&language=ar&annex=true"
    assert ready.headers["refresh"] == f"0; url={path}" and "The file is ready." in ready.text
    assert (await stranger.get(path, headers=patient)).headers["content-disposition"].endswith('-annex.docx"')
    for wrong in ("form=exe", "form=pdf&version=7", "form=pdf&language=xx"):
        assert (await stranger.get(f"{REPORT}/making?{wrong}")).status_code in (404, 422)
    read = PdfReader(io.BytesIO(pdf.content))
    printed = "\n".join(page.extract_text() for page in read.pages)
    assert "A text of its own." in printed
    docx = (await stranger.get(f"{REPORT}.docx")).content
    written = unescape(re.sub(r"<[^>]+>", "", zipfile.ZipFile(io.BytesIO(docx)).read("word/document.xml").decode()))
    markdown = await stranger.get(f"{REPORT}.md")
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert f"(<http://testserver{C}/1>)" in markdown.text and "Kept \\<i\\>as\\</i\\> written" in markdown.text
    for words in (written, markdown.text):
        assert "Partnerships, says the sample." in words and "A text of its own." not in words
    assert "A text of its own." in (await stranger.get(f"{REPORT}.md?annex=1")).text
    assert (await stranger.get(f"{REPORT}.exe")).status_code in (404, 422)


async def test_nobody_else_writes_it(browse: Browse, stranger: AsyncClient, made: Made) -> None:
    for path in (DESK, f"{DESK}/preview"):
        assert (await stranger.get(path)).status_code == 303
        assert (await (await browse(made.moderator)).get(path)).status_code == 403
    for path in (DESK, f"{DESK}/publish"):
        assert (await stranger.post(path, data=FIELDS | {"saved": "0"})).status_code in (303, 401)
        assert (await (await browse(made.moderator)).post(path, data=FIELDS | {"saved": "0"})).status_code == 403
    organiser = await browse(made.organiser)
    assert (await organiser.post(DESK, data=FIELDS | {"saved": "-1"})).status_code == 400
    assert (await organiser.post(DESK, data=FIELDS | {"saved": "0", "results.inclusion.zz": "x"})).status_code == 422
    for version in ("0", "x", "99999999999999999999", "1%00"):
        assert (await stranger.get(f"{REPORT}?version={version}")).status_code in (404, 422)


async def test_a_line_is_put_into_a_text_and_nothing_is_saved(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, body="We counted the hours of the desk.")
    writer = await browse(made.organiser)
    asked = FIELDS | {
        "saved": "0",
        "do": "insert",
        "insert": "quotation",
        "insert_number": "",
        "insert_words": "the hours",
    }
    refused = await writer.post(DESK, data=asked | {"insert_into": "method"})
    assert refused.status_code == 422 and 'href="#f-insert_number"' in refused.text
    done = await writer.post(DESK, data=asked | {"insert_into": "method", "insert_number": "#1"})
    assert done.status_code == 200 and 'href="#f-method"' in done.text and hidden(done, "saved") == "0"
    assert 'Sample remarks.\n\n{quotation 1 "the hours"}' in unescape(done.text) and FIELDS["summary"] in done.text
    where = {"insert": "figure regions", "insert_into": "results.inclusion.a"}
    assert ">\n{figure regions}\n</textarea>" in (await writer.post(DESK, data=asked | where)).text
    assert "Sample remarks." not in (await writer.get(DESK)).text

    figure = FIELDS | {"saved": "0", "method": '{figure regions}\n{quotation 1 "the hours"}'}
    await writer.post(DESK, data=figure)
    shown = (await writer.get(f"{DESK}/preview")).text
    assert '<figure class="bars" lang="fr" dir="ltr">' in shown and '<rect width="100.0" height="4"/>' in shown
    assert '<blockquote class="quote" lang="en" dir="ltr">the hours</blockquote>' in shown
    await writer.post(DESK, data=figure | {"saved": "1", "summary": "{quotation 8}"})
    refused = await writer.post(f"{DESK}/publish", data=WHY | {"saved": "2"})
    assert refused.status_code == 422 and "Summary, line 1: {quotation 8}" in refused.text


async def test_a_note_is_drawn_from_what_is_saved(browse: Browse, database: Database, made: Made) -> None:
    await say(database, made, body="We counted the hours of the desk.")
    writer = await browse(made.organiser)
    begin_note = f"{C}/moderate/note?topic=diasporas&begin=report"
    assert "begin=report" not in (await writer.get(DESK)).text  # nothing is saved
    quotes = '{quotation 1 "the hours"}\n\n{figure regions}\n\n{recommendation 2}'
    await writer.post(DESK, data=FIELDS | {"saved": "0", "results.diasporas.a": f"Partnerships.\n\n{quotes}"})
    assert f'href="{begin_note.replace("&", "&amp;")}"' in (await writer.get(DESK)).text
    form = unescape((await writer.get(begin_note)).text)
    assert (
        "On the whole.\n\n#### a. Which partnerships unlock" in form
        and "the hours" not in form
        and "{" not in form.split("<form")[-1]
    )
    assert f"Partnerships.\n\n#1\n\n\n\n[Recommendation 2]({C}/recommendations/2)" in form
    assert 'value="weekly-synthesis" checked' in form and '<option value="fr" selected' in form
    moderator = await browse(made.moderator)
    assert (await moderator.get(begin_note)).status_code == 403  # a draft is the rapporteurs'
    assert (await writer.get(f"{C}/moderate/note?begin=else")).status_code == 404
