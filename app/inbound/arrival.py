"""A mail that is to be dealt with: what was kept of it, what it says, and what has to be known before a transaction."""

from dataclasses import dataclass

from app.accounts.people import email_address, interface_language
from app.contributions.submissions import TITLE_LIMIT
from app.errors import Invalid
from app.files.uploads import Upload
from app.inbound import opening
from app.inbound.mail import Mail
from app.inbound.opening import Command, Opening
from app.inbound.sender import Verdict
from app.inbound.trimming import trim
from app.language import meant
from app.mailed.intake import Taken
from app.mailed.settling import About
from app.notifications.mailboxes import Mailbox, all_markers
from app.text import excerpt

_SCRIPTS = (("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"), ("zh", "\u4e00", "\u9fff"))
_TITLE = 80  # characters of a text that serve as its title


@dataclass(frozen=True, slots=True)
class Words:
    """The sender's own words. Where it is not `sure` which they are, the whole text, for a moderator to look at."""

    text: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """Everything about a mail that a handler needs. `box` is the address of ours that it came to."""

    taken: Taken
    mail: Mail
    box: Mailbox
    sender: str
    verdict: Verdict
    own: Words
    opening: Opening  # of the sender's own words
    command: Command | None
    files: tuple[Upload, ...] = ()

    @property
    def title(self) -> str:
        """What a new contribution is called: the subject, or how the text begins where there is none."""
        subject = opening.bare(self.mail.subject)
        return subject[:TITLE_LIMIT] or excerpt(self.opening.rest.lstrip().partition("\n")[0], _TITLE)

    def about(self) -> About:
        """What is written down of it, whatever becomes of it."""
        hint = guessed(self.mail.text, *self.mail.languages)
        return About(
            sender=self.sender, language=interface_language(hint), message_id=_plain_id(self.mail.message_id),
            subject=self.mail.subject, text=self.mail.text, unsure=not self.own.sure,
        )  # fmt: skip


def arrived(taken: Taken, mail: Mail, box: Mailbox, verdict: Verdict, files: tuple[Upload, ...] = ()) -> Arrival | None:
    """The mail, read; None where no single address is its sender's."""
    try:
        sender = email_address(mail.from_address or "")
    except Invalid:
        return None
    trimmed = trim(mail.text, all_markers())
    sure = trimmed.sure and not mail.garbled and not mail.looks_away
    own = Words(trimmed.text if sure else mail.text, sure)
    command = opening.read_command(mail.subject, own.text)
    said = opening.read_opening(command.rest if command else own.text)
    return Arrival(taken, mail, box, sender, verdict, own, said, command, files)


def guessed(text: str, *hints: str) -> str | None:
    """The language of a text by its script, or else by what comes first of the hints; None where nothing tells."""
    for language, first, last in _SCRIPTS:
        if sum(first <= character <= last for character in text[:2_000]) > len(text[:2_000]) / 4:
            return language
    return next((each for each in hints if meant(each) not in (None, "ar", "ru", "zh")), None)


def _plain_id(message_id: str | None) -> str | None:
    """A Message-ID that can be written into a header as it is."""
    return message_id if message_id and message_id.isascii() and message_id.isprintable() else None
