"""The shapes of answers about the two-page summary, for documentation and tests."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.schemas import Shape


class SummaryFile(Shape):
    """One file of a version."""

    form: Literal["pdf", "docx"]
    part: Literal["summary", "speech"] = Field(description="`speech`: the speaker’s version, in large type.")
    url: str


class SummaryVersionLine(Shape):
    """One public version of the summary."""

    version: int
    kind: Literal["interim", "final"]
    language: str
    title: str
    reason: str = Field(description="Why there is this version; empty for the first.")
    published: datetime
    url: str


class SummaryCommitment(Shape):
    """What the record committed to: SHA-256(salt || RFC 8785 JSON of {version, kind, language, title, body,
    recommendations, speech, reason})."""

    seq: int
    salt: str
    hash: str


class PublishedSummary(Shape):
    """A version of the summary: about two pages. What is public never changes; a correction is a new version."""

    consultation: str
    version: int
    kind: Literal["interim", "final"]
    language: str
    title: str
    body: str = Field(description="Markdown as written.")
    html: str = Field(description="Sanitised.")
    recommendations: list[int] = Field(description="The numbers of those that it names, in this order.")
    speech: str = Field(description="What is said aloud, in Markdown.")
    reason: str = Field(description="Why there is this version; empty for the first.")
    published: datetime
    url: str
    files: list[SummaryFile]
    versions: list[SummaryVersionLine] = Field(description="Newest first.")
    commitment: SummaryCommitment
