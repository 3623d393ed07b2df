"""How much of a message is read, and the parser that stops there. They depend on no setting: nobody needs more."""

from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32, compat32

from app.inbound.mail import Reason, Unreadable

LARGEST = 10 * 1024 * 1024  # bytes of a message as it travels
MOST_LINES = 300_000
MOST_PARTS = 200
MOST_RECIPIENTS = 20  # of ours, of one message
DEEPEST = 12  # multiparts within one another
MOST_FILES = 30  # attachments and pictures within the text
LONGEST_TEXT = 1_000_000  # characters
_LONGEST_HEADERS = 256 * 1024  # bytes of all headers at the top
_LONGEST_HEADER = 64 * 1024
_LONGEST_CONTENT_HEADER = 4 * 1024  # those with parameters, which take long to take apart


def parsed(raw: bytes) -> Message:
    """The message as a tree of parts. Raises Unreadable as soon as a limit is met."""
    if len(raw) > LARGEST or raw.count(b"\n") > MOST_LINES:
        raise Unreadable(Reason.TOO_LARGE)
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if end >= 0]
    if min(ends, default=len(raw)) > _LONGEST_HEADERS:
        raise Unreadable(Reason.HEADERS_TOO_LARGE)
    return BytesParser(_Counted(), policy=_AsWritten()).parsebytes(raw)


class _Counted:
    """Makes the parts of one message, and no more than are allowed: the parser calls itself for each."""

    def __init__(self) -> None:
        self._made = 0

    def __call__(self, policy: Compat32 = compat32) -> Message:
        self._made += 1
        if self._made > MOST_PARTS:
            raise Unreadable(Reason.TOO_MANY_PARTS)
        return Message(policy=policy)


class _AsWritten(Compat32):
    """Headers are kept as they stand, within their limits; `decoding.header` makes words of them."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        content = sourcelines[0][:8].lower() == "content-"
        if sum(map(len, sourcelines)) > (_LONGEST_CONTENT_HEADER if content else _LONGEST_HEADER):
            raise Unreadable(Reason.HEADERS_TOO_LARGE)
        return super().header_source_parse(sourcelines)

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002
        return value
