"""A mail as it was understood: what `parsing.read` returns, and why it may refuse."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Reason(Enum):
    """Why a message cannot be read. The list is closed: whoever answers has a sentence for each."""

    TOO_LARGE = "too large"  # in bytes or lines
    TOO_MANY_PARTS = "too many parts"
    TOO_DEEP = "parts within parts"
    HEADERS_TOO_LARGE = "headers too large"
    TOO_MANY_ATTACHMENTS = "too many attachments"
    ENCRYPTED = "encrypted"
    SEALED = "sealed"  # text and signature are one lump (S/MIME that is not clear-signed)
    NO_MESSAGE = "no message"  # no header that any mail has


class Unreadable(Exception):
    """The message is not read any further. Nothing of it is in the error."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Automatic(Enum):
    """Why a mail was written by a machine: it gets no answer, and is nobody's contribution."""

    DELIVERY_STATUS = "delivery status"  # a bounce, or the news that there will be one
    FEEDBACK = "feedback report"  # somebody pressed "this is spam"
    RECEIPT = "receipt"  # that it was displayed
    AUTO_SUBMITTED = "auto-submitted"
    AUTO_REPLY = "auto-reply"
    BULK = "bulk"
    NULL_SENDER = "null sender"
    MAILER_DAEMON = "mailer daemon"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as sent: nothing has looked into it yet. The type is what the sender says."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, decoded. Addresses are lower-case; what the envelope said is not in it."""

    from_address: str | None  # None: none, several, or nothing that is an address
    from_name: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    delivered_to: tuple[str, ...]  # Delivered-To, X-Original-To, Envelope-To: what servers on the way added
    subject: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    text: str  # as app.text.paragraphs leaves it
    html_only: bool
    garbled: bool  # bytes that no character set explains, or characters that are no text: not to be published unseen
    languages: tuple[str, ...]  # hints only: Content-Language, character sets of one language
    attachments: tuple[Attachment, ...]
    inline: tuple[Attachment, ...]  # pictures within the text, logos of signatures above all
    forwarded: int  # messages that are attached: somebody else's words, not read
    automatic: Automatic | None
    looks_away: bool  # the subject sounds like "out of office": a hint only, people write such subjects too
    list_id: str | None
    delivery_status: tuple[str, ...]  # of a bounce: `5.1.1`, one for each recipient
    authentication_results: tuple[str, ...]  # as they stand, the latest server's first
