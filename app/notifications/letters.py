"""Letters: a subject and a few blocks of plain words, written out as text and as simple HTML."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncSession

from app import text
from app.config import settings

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LINE = 990  # bytes
_RULE = 60  # dashes beneath a heading


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, lines as they were written, a quotation of what people wrote (as sanitised `html`, where there is
    any), a code, a link with its words, a heading; a line in small print, or a link there."""

    style: Literal["paragraph", "words", "quote", "code", "link", "heading", "small", "small_link"]
    words: str
    url: str = ""
    html: str = ""
    language: str = ""  # of a quotation


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a mail."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is written out."""

    email: str
    language: str
    subject: str
    blocks: tuple[Block, ...]
    headers: tuple[tuple[str, str], ...] = ()
    attached: Attached | None = None
    then: Callable[[AsyncSession], Awaitable[None]] | None = None  # to be done with noting that it was sent


class _WholeAddress(UnstructuredHeader, BaseHeader):
    """A header that is never broken into lines: the library would write a long address as no program reads it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("message-id", "list-unsubscribe", "list-id", "in-reply-to", "references"):
    _HEADERS.map_to_type(_name, _WholeAddress)


def message(letter: Letter, key: str, made: datetime, base_url: str) -> EmailMessage:
    """The mail. The same key gives the same Message-ID, by which receivers drop a second copy."""
    mail = EmailMessage(policy=SMTP.clone(header_factory=_HEADERS))
    mail["From"] = settings().mail_from
    mail["To"] = letter.email
    mail["Subject"] = " ".join(letter.subject.split())  # a header with any kind of line break is refused
    mail["Date"] = format_datetime(made)
    mail["Message-ID"] = f"<{key}@{host(base_url)}>"
    if "Auto-Submitted" not in dict(letter.headers):
        mail["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers it
    for name, value in letter.headers:
        mail[name] = value
    words, page = plain(letter), html(letter)
    mail.set_content(words, cte=_encoding(words))
    mail.add_alternative(page, subtype="html", cte=_encoding(page))
    mail["Content-Language"] = letter.language
    if (file := letter.attached) is not None:
        kind, _slash, subtype = file.type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return mail


def _encoding(content: str) -> str:
    """As it is, so that the files under mail/ can be read; servers that take only ASCII get it encoded. But no line may
    be longer than a mail's lines are (RFC 5321, 4.5.3.1.6), and paragraphs are."""
    longest = max((len(line.encode()) for line in content.split("\n")), default=0)
    return "8bit" if longest < _LINE else "quoted-printable"


def host(base_url: str) -> str:
    """The name of this server, as identifiers of mails end with it."""
    return urlsplit(base_url).hostname or "localhost"


def plain(letter: Letter) -> str:
    """The letter as plain text, each link on a line of its own."""
    return "\n\n".join(_plain(block) for block in letter.blocks) + "\n"


def html(letter: Letter) -> str:
    """The letter as simple HTML that asks nothing from anywhere."""
    template = _TEMPLATES.get_template("letter.html")
    return template.render(letter=letter, direction=text.direction(letter.language), direction_of=text.direction)


def _plain(block: Block) -> str:
    if block.style == "quote":
        return "\n".join(f"> {line}".rstrip() for line in block.words.split("\n"))
    if block.style == "code":
        return f"    {block.words}"
    if block.style == "heading":
        return f"{block.words}\n{'-' * min(len(block.words), _RULE)}"
    return f"{block.words}\n{block.url}" if block.url else block.words
