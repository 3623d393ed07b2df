"""What the mail says with which somebody on an organiser's list is invited: the organiser's words, then ours.

Ours are the same whoever writes: who invites, how to answer or to hear no more, whence the address, until when.
"""

import aiosmtplib
from babel.dates import format_date

from app.language import gettext as _
from app.language import listed, locale, speaking
from app.notifications import mailboxes
from app.notifications.letters import Attached, Block, Letter
from app.notifications.mail_headers import ways_to_stop
from app.outreach.delivering import Bounce
from app.outreach.texts import filled
from app.readings.letters.outreach_letters import InviteeLetter

_NO_MAILBOX, _FULL = (550, 551, 553), 552  # RFC 5321, 4.2.3


def invitation(written: InviteeLetter, base_url: str) -> Letter:
    """The invitation of one reader, in their language. Nothing in it tells whether it is read."""
    with speaking(written.language):
        blocks = (*_theirs(written, base_url), *_ours(written, base_url))
    values = {"name": written.name, "consultation": written.consultation, "link": base_url + written.path}
    note = written.note
    return Letter(
        written.email, written.language, filled(written.subject, values), blocks,
        headers=_headers(written, base_url),
        attached=Attached(note.name, note.type, note.content) if note else None,
    )  # fmt: skip


def bounce_of(fault: Exception) -> Bounce | None:
    """Why a mail server takes no mail for an address, where it says so for good (5xx); None where it may yet."""
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused):
        code = max((refused.code for refused in fault.recipients), default=0)
    elif isinstance(fault, (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)):
        code = fault.code
    else:
        return None
    if not 500 <= code < 600:
        return None
    return "unknown" if code in _NO_MAILBOX else "full" if code == _FULL else "refused"


def _theirs(written: InviteeLetter, base_url: str) -> list[Block]:
    """The organiser's words, paragraph by paragraph; one that is only the address becomes a link."""
    link = base_url + written.path
    values = {"name": written.name, "consultation": written.consultation, "link": link}
    parts = [part.strip() for part in written.words.split("\n\n")]
    return [
        Block("link", written.consultation, link) if part == "{link}" else Block("words", filled(part, values))
        for part in parts
        if part
    ]


def _ours(written: InviteeLetter, base_url: str) -> list[Block]:
    day = format_date(written.forgotten_on, "long", locale=locale())
    names = listed(list(written.organisers))
    blocks = [
        Block("link", _("Accept this invitation, or say that you want no more of them:"),
              f"{base_url}{written.link}?lang={written.language}"),
        Block("paragraph", _("%(name)s sends you this for the organisers of “%(consultation)s”: %(organisers)s.",
                             name=written.sender, consultation=written.consultation, organisers=names)),
        Block("paragraph", _("How they have your address: %(source)s", source=written.source)),
        Block("paragraph", _("This service deletes your name and address on %(day)s, and at once if you say that you "
                             "want no more invitations. Nothing in this mail tells anybody whether you read it.",
                             day=day)),
    ]  # fmt: skip
    if written.note:
        blocks.insert(0, Block("paragraph", _("A note on it is attached: %(file)s", file=written.note.name)))
    if written.contact:
        blocks.append(
            Block("paragraph", _("If you have a question, write to {contact}.").format(contact=written.contact))
        )
    return blocks


def _headers(written: InviteeLetter, base_url: str) -> tuple[tuple[str, str], ...]:
    """Where answers go, and how a mail program unsubscribes with one press (RFC 8058, which wants https)."""
    address = mailboxes.declining_address(written.id)
    headers = [("List-Unsubscribe", ways_to_stop(f"{base_url}{written.link}/decline", address))]
    if base_url.startswith("https://"):
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    if written.contact:
        headers.append(("Reply-To", written.contact))
    return tuple(headers)
