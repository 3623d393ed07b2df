"""The PDF that goes with a mail to an institution: of the version that is sent, as it is public at that moment."""

import asyncio
from collections import OrderedDict
from uuid import UUID

from app import clock
from app.database import Database, admission
from app.language import speaking
from app.notifications.letters import Attached
from app.printing.apart import TYPES, printed
from app.readings import consultations, report, summary
from app.readings.sending_letters import OutcomeLetter
from app.web.report_document import report_document
from app.web.summary_files import file_of

_KEPT: OrderedDict[tuple[UUID, int, int, str], bytes] = OrderedDict()  # of reports: many mails take the same
_ONE_AT_A_TIME = asyncio.Lock()
_MOST_KEPT = 2


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
    async with _ONE_AT_A_TIME:
        async with database.reading() as connection:
            consultation = await consultations.consultation(connection, letter.slug)
            said = await report.text_of(connection, consultation.id, letter.version)
            key = (consultation.id, letter.version, consultation.size, base)
            whole = await report.assembled(connection, letter.slug, said) if key not in _KEPT else None
        if whole is not None:
            document = report_document(whole, base)
            with speaking(said.interface):
                _KEPT[key] = await printed(document, "pdf", said.published or clock.now())
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
        return _KEPT[key]
