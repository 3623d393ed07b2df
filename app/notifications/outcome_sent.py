"""Mails that bring the outcome to institutions, and ask for their answers. The PDF is made when the mail is sent, from
what is public at that moment.

What makes it is above this package, and is put in from there: see `print_with`.
"""

from collections.abc import Awaitable, Callable

from babel.dates import format_date

from app import errors
from app.database import Database
from app.language import gettext as _
from app.language import listed, locale, speaking
from app.notifications.deliveries import Due
from app.notifications.letters import Attached, Block, Letter
from app.readings.letters.sending_letters import OutcomeLetter, answer_letter, outcome_letter

KINDS = ("outcome", "answer")
Printer = Callable[[Database, str, OutcomeLetter], Awaitable[Attached]]
_PRINTERS: list[Printer] = []


def print_with(printer: Printer) -> None:
    """From here on, let this make the PDF that goes with a version. The pages say so when they are installed."""
    _PRINTERS[:] = [printer]


async def letter(database: Database, base_url: str, due: Due) -> Letter | None:
    """The mail; None where the address is gone. Raises RuntimeError where the PDF cannot be made: it is tried again."""
    read = outcome_letter if due.kind == "outcome" else answer_letter
    async with database.writing() as session:
        written = await read(session, due.subject)
    if written is None:
        return None
    attached = None
    if written.what:
        try:
            attached = await _PRINTERS[0](database, base_url, written)
        except (errors.Unavailable, IndexError) as fault:
            raise RuntimeError("the PDF could not be made") from fault
    with speaking(written.language):
        return Letter(
            written.email, written.language, _subject(written), tuple(_blocks(written, base_url)),
            headers=(("Reply-To", written.contact),) if written.contact else (), attached=attached,
        )  # fmt: skip


def _subject(written: OutcomeLetter) -> str:
    if written.what == "report":
        return _("The report of “%(consultation)s”", consultation=written.consultation)
    if written.what == "summary":
        return _("The summary of “%(consultation)s”", consultation=written.consultation)
    return _("Your answer to “%(consultation)s”", consultation=written.consultation)


def _blocks(written: OutcomeLetter, base_url: str) -> list[Block]:
    names = listed(list(written.organisers))
    blocks = [Block("paragraph", written.name)] if written.name else []
    if written.what:
        brings = (
            _("The organisers of “%(consultation)s” (%(organisers)s) send you its report: the PDF is attached.",
              consultation=written.consultation, organisers=names)
            if written.what == "report" else
            _("The organisers of “%(consultation)s” (%(organisers)s) send you its summary: the PDF is attached.",
              consultation=written.consultation, organisers=names)
        )  # fmt: skip
        page = f"{base_url}/c/{written.slug}/{written.what}?version={written.version}"
        blocks += [Block("paragraph", brings), Block("link", _("Read it here"), page)]
    blocks += _asks(written, base_url)
    day = format_date(written.forgotten_on, "long", locale=locale())
    sent_to = _("This was sent to %(institution)s. Everyone can read that it was, and when; the address is shown to "
                "nobody but the organisers, and is deleted on %(day)s.",
                institution=written.institution, day=day)  # fmt: skip
    blocks.append(Block("paragraph", sent_to))
    if written.contact:
        ask = _("If you have a question, write to {contact}.").format(contact=written.contact)
        blocks.append(Block("paragraph", ask))
    return blocks


def _asks(written: OutcomeLetter, base_url: str) -> list[Block]:
    if written.answer_path is None or written.until is None:
        return []
    numbers = listed([str(each) for each in written.numbers])
    asks = _("You are asked to answer these recommendations: %(numbers)s. Say for each whether you accept it, and why. "
             "Your answer is public.", numbers=numbers)  # fmt: skip
    how = _("You need no account. The link works until %(day)s, as often as you like: come back to say what became of "
            "it. Whoever has it can answer in your name.",
            day=format_date(written.until, "long", locale=locale()))  # fmt: skip
    return [
        Block("paragraph", asks),
        Block("link", _("Answer here"), f"{base_url}{written.answer_path}?lang={written.language}"),
        Block("paragraph", how),
    ]
