"""The report in several languages, on pages: written beside the original, published, read in each."""

import pytest
from httpx import AsyncClient

from app.database import Database
from app.synthesis import reporting
from app.synthesis.report_sections import mark_of, sections
from tests.making import SLUG, Made, say
from tests.synthesis.outcome import make_rapporteur
from tests.synthesis.test_report_translating import FRENCH, WHY, WORDS
from tests.web.conftest import Browse
from tests.web.pages import heading, hidden

pytestmark = pytest.mark.anyio
REPORT, DESK = f"/c/{SLUG}/report", f"/c/{SLUG}/synthesis/report"
FIELDS = sections(FRENCH) | {"saved": "0"}
DONE = {f"done.{name}": mark_of(body) for name, body in sections(WORDS).items()}


async def test_written_beside_the_original_and_read_in_each_language(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    await say(database, made)
    writer = await browse(await make_rapporteur(database, made))
    assert (await writer.get(f"{DESK}/in/fr")).status_code == (await writer.get(f"{DESK}/discard")).status_code == 404
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, WORDS, 0)
    form = await writer.get(f"{DESK}/in/fr")
    assert form.text.count(">missing<") == 4 and "Hours count, says" in form.text
    refused = await writer.post(f"{DESK}/in/fr", data=FIELDS | DONE | {"title": "x" * 201})
    assert refused.status_code == 422 and "Deux réunions." in refused.text and refused.text.count(" checked") == 4
    assert (await writer.post(f"{DESK}/in/fr", data=FIELDS | DONE)).headers["location"] == f"{DESK}/in/fr?done=saved"
    late = await writer.post(f"{DESK}/in/fr", data=FIELDS | {"summary": "Autre chose."})
    assert late.status_code == 409 and "Autre chose." in late.text and hidden(late, "saved") == "1"
    assert "Ce qui a été dit" in (await writer.get(f"{DESK}/preview?language=fr")).text
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, WORDS, 1)
        await reporting.publish(session, made.organiser, made.id, 2, WHY)

    english, french = await stranger.get(REPORT), await stranger.get(REPORT, headers={"Accept-Language": "fr"})
    assert heading(english) == "What was said" and heading(french) == "Ce qui a été dit"
    assert "Une traduction." in french.text and "Des partenariats." in french.text
    assert f'href="{REPORT}.pdf?version=1&amp;language=fr"' in french.text
    assert heading(await stranger.get(f"{REPORT}?language=fr")) == "Ce qui a été dit"
    files = [(await stranger.get(f"{REPORT}.md{query}")) for query in ("", "?language=fr", "?language=en")]
    assert ["# What was said" in each.text for each in files] == [True, False, True]
    assert "report-1-fr.md" in files[1].headers["content-disposition"]
    for path in (f"{REPORT}?language=es", f"{REPORT}.md?language=es", f"{REPORT}?language=%00"):
        assert (await stranger.get(path)).status_code == 404


async def test_a_draft_is_thrown_away_once_that_is_confirmed(
    browse: Browse, stranger: AsyncClient, database: Database, made: Made
) -> None:
    async with database.writing() as session:
        await reporting.save(session, made.organiser, made.id, WORDS, 0)
    paths = [f"{DESK}/discard", f"{DESK}/in/fr"]
    for path in paths:
        assert (await stranger.get(path)).status_code == 303
        for who in (made.moderator, made.participant):
            assert (await (await browse(who)).get(path)).status_code == 403
            assert (await (await browse(who)).post(path, data=FIELDS)).status_code == 403
    writer = await browse(made.organiser)
    assert "What was said" in (await writer.get(f"{DESK}/discard")).text
    assert (await writer.post(f"{DESK}/discard", data={"saved": "7"})).status_code == 409
    assert (await writer.post(f"{DESK}/discard", data={"saved": "1"})).status_code == 303
    assert "What was said" not in (await writer.get(DESK)).text
