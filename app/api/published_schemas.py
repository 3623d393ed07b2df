"""The shapes of answers about what organisers publish: documents and notices."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.schemas import Shape
from app.consultations import documents, notices


class Committed(Shape):
    """SHA-256(salt || RFC 8785 JSON of what it says); the entry `seq` of the record has the hash."""

    seq: int
    salt: str
    hash: str


class TakenBack(Shape):
    """That organisers took something back, and why: `commitment` is to `{reason}`."""

    since: dt.datetime
    reason: str | None = Field(description="Null for a file that went with its document.")
    commitment: Committed | None


class DocumentVersion(Shape):
    """One file of a document. Withdrawn, its bytes are gone (410) and its hash stays."""

    id: UUID
    language: str
    version: int = Field(description="1, 2, 3 … in its language.")
    current: bool = Field(description="Whether it is the newest in its language that was not withdrawn.")
    url: str
    name: str
    media_type: str
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="Of the bytes at `url`: `hash` of the entry `seq` of the record.")
    seq: int
    published: dt.datetime
    withdrawn: TakenBack | None


class Document(Shape):
    """A document of the organisers. While it is announced, it has no versions: its files are not public yet."""

    id: UUID
    url: str
    consultation: str
    topic: str | None = Field(description="Slug; null where it belongs to the whole consultation.")
    meeting: UUID | None = Field(description="The meeting to come that it belongs to.")
    kind: Literal[documents.KINDS]  # type: ignore[valid-type]
    title: str = Field(description="In the consultation's first language that it has one in.")
    titles: dict[str, str] = Field(description="By language tag.")
    author: str | None
    state: Literal["announced", "published", "withdrawn"]
    since: dt.datetime = Field(description="When it came into this state.")
    expected: dt.date | None = Field(description="When it is to be published, where that is known.")
    withdrawn: TakenBack | None
    versions: list[DocumentVersion]


class DocumentPage(Shape):
    """Documents, in the organisers' order."""

    items: list[Document]
    next: str | None


class NoticeTranslation(Shape):
    """What a notice says in another language."""

    language: str
    title: str
    body: str = Field(description="Markdown, as written.")
    html: str
    commitment: Committed = Field(description="To `{title, body, language}`.")


class Notice(Shape):
    """A notice of the organisers, or a next step. Taken back, it has no words any more."""

    id: UUID
    url: str
    consultation: str
    kind: Literal[notices.KINDS]  # type: ignore[valid-type]
    date: dt.date | None = Field(description="Of a next step.")
    posted: dt.datetime
    revised: dt.datetime | None
    removed: TakenBack | None
    language: str | None
    title: str | None
    body: str | None = Field(description="Markdown, as written.")
    html: str | None
    commitment: Committed | None = Field(description="To `{title, body, language}`.")
    translations: list[NoticeTranslation]


class NoticePage(Shape):
    """Notices, newest first."""

    items: list[Notice]
    next: str | None
