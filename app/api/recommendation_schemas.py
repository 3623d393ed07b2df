"""The shapes of answers about the outcome, for documentation and tests."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.published_schemas import TakenBack
from app.api.schemas import FileType, Shape


class Addressee(Shape):
    """To whom a recommendation goes."""

    name: str
    kind: Literal["city", "ministry", "organisation", "event", "other"]


class Figures(Shape):
    """From how many: of what is public now. Organisations are known only where the byline names them."""

    contributions: int
    organisations: int
    regions: int
    kinds: int = Field(description="Kinds of organisation.")
    channels: int


class Passage(Shape):
    """Where the cited words stand in the revision's body: Unicode characters, from `start` up to, not with, `end`."""

    start: int
    end: int


class Citation(Shape):
    """What a recommendation rests on. The words are read at the revision, for as long as it is public."""

    contribution: UUID
    number: int
    revision: int
    stance: Literal["support", "dissent"]
    passage: Passage | None = Field(description="Null: the whole text.")
    state: Literal["current", "revised", "withdrawn", "hidden", "merged", "erased"] = Field(
        description="`current`: the revision is what is public; `revised`: a newer one is; else it is no longer public."
    )
    url: str


class AnswerFile(Shape):
    """The file that came with an answer. `hash` is SHA-256 of its bytes. Withdrawn, they are gone (410)."""

    id: UUID
    url: str
    name: str
    type: FileType
    size: int = Field(description="In bytes.")
    hash: str
    withdrawn: TakenBack | None


class Answered(Shape):
    """What the addressee answered, or what became of it since. The record commits to all of it but `id`."""

    id: UUID
    answer: Literal["accepted", "partly", "declined", "noted"]
    reasons: str
    language: str
    received: date
    document: str | None = Field(description="An address on the web.")
    file: AnswerFile | None = Field(description="A document that is kept here.")
    by: Literal["organisers", "institution"] = Field(description="Who entered it: the latter by its own link.")
    institution: str | None = Field(description="Which one, where it entered it itself.")
    entered: datetime
    commitment: "RecommendationCommitment"


class RecommendationCommitment(Shape):
    """What the record committed to: SHA-256(salt || RFC 8785 JSON of {title, body, language, addressee, citations})."""

    seq: int
    salt: str
    hash: str


class Recommendation(Shape):
    """A statement of the outcome, resting on citations. What is public of it never changes; it has versions."""

    id: UUID
    number: int
    url: str
    consultation: str
    topic: str
    version: int
    stage: Literal["open", "final"] = Field(description="`open`: for comment.")
    title: str
    statement: str = Field(description="Markdown as written.")
    html: str = Field(description="Sanitised.")
    language: str
    addressee: Addressee
    published: datetime = Field(description="Its first version.")
    updated: datetime = Field(description="This version.")
    support: Figures
    dissent: Figures
    citations: list[Citation]
    responses: list[Answered] = Field(description="By day, the newest last.")
    commitment: RecommendationCommitment
    seq: int = Field(description="Of this version’s entry. What it cites changes its state with entries of its own.")


class RecommendationPage(Shape):
    """Recommendations, by number."""

    items: list[Recommendation]
    next: str | None


class Covered(Shape):
    """What became of one contribution."""

    contribution: UUID
    number: int
    url: str
    state: Literal["cited", "set_aside", "neither"]
    recommendations: list[int] = Field(description="The numbers of those that cite it.")
    reason: Literal["scope", "said", "general", "contradicted", "addressee", "background"] | None = Field(
        description="Why it was read and not used."
    )


class CoveragePage(Shape):
    """Every contribution but facilitators’ notes, by number. Empty until a recommendation is final."""

    items: list[Covered]
    next: str | None
