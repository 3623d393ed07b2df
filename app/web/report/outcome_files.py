"""The PDF that goes with a mail to an institution: of the version that is sent, as it is public at that moment."""

from app import clock
from app.database import Database, admission
from app.notifications.letters import Attached
from app.printing.apart import TYPES
from app.printing.model import Document
from app.readings import consultations
from app.readings.letters.sending_letters import OutcomeLetter
from app.readings.outcome import report, summary
from app.web.report import report_files as files
from app.web.report.report_document import report_document
from app.web.report.summary_files import file_of


async def printed_for(database: Database, base: str, letter: OutcomeLetter) -> Attached:
    """The file. Raises NotFound, Unavailable."""
    name = f"{letter.slug}-{letter.what}-{letter.version}.pdf"
    with admission.admitting([letter.consultation_id]):  # a private one's outcome is sent by those whose it is
        content = await (_summary if letter.what == "summary" else _report)(database, base, letter)
    return Attached(name, TYPES["pdf"], content)


async def _summary(database: Database, base: str, letter: OutcomeLetter) -> bytes:
    async with database.reading() as connection:
        consultation = await consultations.consultation(connection, letter.slug)
        said = await summary.text_of(connection, consultation.id, letter.version)
    return await file_of(database, letter.slug, said, "pdf", "summary", (base, consultation.id, consultation.size, 0))


async def _report(database: Database, base: str, letter: OutcomeLetter) -> bytes:
    """In the institution's language, if the version has it. Many mails take the same file, and so do readers."""
    async with database.reading() as connection:
        consultation = await consultations.consultation(connection, letter.slug)
        said = await report.text_of(connection, consultation.id, letter.version, reader=letter.language)

    async def document() -> Document:
        async with database.reading() as connection:
            return report_document(await report.assembled(connection, letter.slug, said), base)

    key = files.Key(consultation.id, said.version, said.language, consultation.size, base, "pdf", annex=False)
    content = await files.content(files.made(key, document, said.interface, said.published or clock.now()), None)
    assert content is not None  # it was waited for
    return content
