"""Letters: a subject and a few blocks of plain words, written out as text and as simple HTML."""

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

from app import text
from app.config import settings

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, lines as they were written, a quotation of what people wrote, a code, or a link with its words."""

    style: Literal["paragraph", "words", "quote", "code", "link"]
    words: str
    url: str = ""


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


class _WholeAddress(UnstructuredHeader, BaseHeader):
    """A header that is never broken into lines: the library would write a long address as no program reads it."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeAddress)


def message(letter: Letter, key: str, made: datetime, base_url: str) -> EmailMessage:
    """The mail. The same key gives the same Message-ID, by which receivers drop a second copy."""
    mail = EmailMessage(policy=SMTP.clone(header_factory=_HEADERS))
    mail["From"] = settings().mail_from
    mail["To"] = letter.email
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(made)
    mail["Message-ID"] = f"<{key}@{urlsplit(base_url).hostname or 'localhost'}>"
    if "Auto-Submitted" not in dict(letter.headers):
        mail["Auto-Submitted"] = "auto-generated"  # so that no holiday notice answers it
    for name, value in letter.headers:
        mail[name] = value
    # As it is, so that the files under mail/ can be read; servers that take only ASCII get it encoded.
    mail.set_content(plain(letter), cte="8bit")
    mail.add_alternative(html(letter), subtype="html", cte="8bit")
    mail["Content-Language"] = letter.language
    if (file := letter.attached) is not None:
        kind, _slash, subtype = file.type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return mail


def plain(letter: Letter) -> str:
    """The letter as plain text, each link on a line of its own."""
    return "\n\n".join(_plain(block) for block in letter.blocks) + "\n"


def html(letter: Letter) -> str:
    """The letter as simple HTML that asks nothing from anywhere."""
    template = _TEMPLATES.get_template("letter.html")
    return template.render(letter=letter, direction=text.direction(letter.language))


def _plain(block: Block) -> str:
    if block.style == "quote":
        return "\n".join(f"> {line}".rstrip() for line in block.words.split("\n"))
    if block.style == "code":
        return f"    {block.words}"
    return f"{block.words}\n{block.url}" if block.style == "link" else block.words
