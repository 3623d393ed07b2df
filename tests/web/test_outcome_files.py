"""The file that goes with a mail to an institution."""

from datetime import date

import pytest

from app.database import Database
from app.printing.model import Document
from app.readings.letters.sending_letters import OutcomeLetter
from app.synthesis import reporting
from app.synthesis.report_sections import sections
from app.web.report import report_files
from app.web.report.outcome_files import printed_for
from tests.making import make
from tests.synthesis.outcome import make_rapporteur
from tests.synthesis.test_report_translating import FRENCH, WHY, WORDS, translated

pytestmark = pytest.mark.anyio


async def test_the_report_goes_in_the_language_of_who_gets_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await make(database)
    rapporteur = await make_rapporteur(database, made)
    async with database.writing() as session:
        await reporting.save(session, rapporteur, made.id, WORDS, 0)
    await translated(database, rapporteur, made, FRENCH, 0, *sections(WORDS))
    async with database.writing() as session:
        await reporting.publish(session, rapporteur, made.id, 1, WHY)

    async def printed(document: Document, *_how: object) -> bytes:
        return document.title.encode()

    monkeypatch.setattr(report_files, "printed", printed)
    for language, title in (("fr", FRENCH.title), ("ru", WORDS.title)):
        letter = OutcomeLetter(
            email="", language=language, name="", institution="", consultation_id=made.id, slug=made.slug,
            consultation="", organisers=(), contact=None, what="report", version=1, answer_path=None, numbers=(),
            until=None, forgotten_on=date(2018, 1, 1),
        )  # fmt: skip
        attached = await printed_for(database, "https://example.org", letter)
        assert attached.content == title.encode()
