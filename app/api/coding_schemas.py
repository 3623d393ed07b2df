"""The shapes of codes, codings and gists, for documentation and tests."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.recommendation_schemas import Passage
from app.api.schemas import Shape


class Code(Shape):
    """An analytic tag that rapporteurs put on contributions."""

    id: UUID
    name: str
    definition: str
    colour: Literal["blue", "orange", "green", "red", "violet", "teal", "brown", "grey"]
    parent: UUID | None = Field(description="The code that it stands beneath.")
    made: datetime
    retired: datetime | None = Field(description="Since when it is put on nothing any more.")
    merged_into: UUID | None = Field(description="Where its codings are now.")
    earlier_names: list[str] = Field(description="What it was called before, oldest first.")
    codings: int = Field(description="How many it has, by all rapporteurs.")


class CodePage(Shape):
    """Codes in the order in which they were made."""

    items: list[Code]
    next: str | None


class Coding(Shape):
    """A code on a revision of a contribution, or on a passage of it, by one rapporteur."""

    id: UUID
    code: UUID
    contribution: UUID
    number: int
    revision: int
    passage: Passage | None = Field(description="Null: the whole text.")
    words: str | None = Field(
        description="The passage in plain words, cut after 1,000; null for a whole text, and once it is not public."
    )
    state: Literal["current", "revised", "withdrawn", "hidden", "merged", "erased"] = Field(
        description="`current`: the revision is what is public; `revised`: a newer one is; else it is no longer public."
    )
    coder: str = Field(
        description="Who put it there: `you`, or a label that is the same for all codings of one rapporteur.",
        examples=["A"],
    )
    made: datetime


class CodingPage(Shape):
    """Codings in the order in which they were made."""

    items: list[Coding]
    next: str | None


class Gist(Shape):
    """What a contribution says, in one line, as a rapporteur has worded it. Rapporteurs share it."""

    contribution: UUID
    number: int
    gist: str
    revision: int = Field(description="That it was written for.")
    state: Literal["current", "revised"] = Field(description="`revised`: a newer revision is public.")
    coder: str = Field(description="Who worded it last: `you`, or a label, as with codings.", examples=["A"])
    written: datetime


class GistPage(Shape):
    """Gists by the numbers of their contributions."""

    items: list[Gist]
    next: str | None
