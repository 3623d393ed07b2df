"""The shapes of answers about the report, for documentation and tests."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from app.api.schemas import Shape


class ReportResult(Shape):
    """What the rapporteur says of a topic or of a guiding question."""

    key: str = Field(description="A topic’s slug, or a question’s key such as `inclusion.a`.")
    markdown: str
    html: str = Field(description="Sanitised.")


class ReportAcknowledged(Shape):
    """What the checklist found before this was published, and why it was published nevertheless."""

    finding: Literal["results", "languages", "recommendations", "coverage", "citations", "neither"]
    about: list[str] = Field(description="Keys of questions, languages, or numbers of recommendations or texts.")
    count: int
    reason: str


class ReportRecord(Shape):
    """The record as it was when the version was published."""

    size: int = Field(description="Entries before the version’s own.")
    root: str | None = Field(description="Of these entries, in hexadecimal; null for the few seconds until it is made.")


class ReportVersionLine(Shape):
    """One public version of the report."""

    version: int
    language: str = Field(description="The one that it was written in, as its title and its reason here.")
    languages: list[str]
    title: str
    reason: str = Field(description="Why there is this version; empty for the first.")
    published: datetime
    url: str


class ReportCommitment(Shape):
    """What the record committed to: SHA-256(salt || RFC 8785 JSON of {version, language, title, summary, method,
    results, reason, acknowledged}), `results` being an object of Markdown by key, all in the language that it was
    written in. A version that has others has `translations` as well: an object of {title, summary, method, results,
    reason} by language."""

    seq: int
    salt: str
    hash: str


class PublishedReport(Shape):
    """A version of the report: the rapporteur’s words. What is public never changes; a correction is a new version."""

    consultation: str
    version: int
    language: str = Field(description="The one that this answer is in.")
    original: str = Field(description="The language that it was written in.")
    languages: list[str] = Field(description="All that it has, the one that it was written in first.")
    title: str
    summary: str = Field(description="Markdown as written.")
    method: str = Field(description="Remarks, in Markdown as written.")
    results: list[ReportResult]
    reason: str = Field(description="Why there is this version; empty for the first.")
    acknowledged: list[ReportAcknowledged]
    recommendations: list[int] = Field(description="The numbers of those that are public now.")
    record: ReportRecord
    published: datetime
    url: str
    versions: list[ReportVersionLine] = Field(description="Newest first.")
    commitment: ReportCommitment
