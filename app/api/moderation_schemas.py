"""The shapes of answers about flags and appeals; see schemas.py."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.accounts.vocabulary import Byline
from app.api.queue_schemas import Name
from app.api.schemas import Kind, Shape, Status


class Flag(Shape):
    """A report of a problem, as who raised it sees it."""

    id: UUID
    contribution: UUID
    number: int | None
    rule: str | None
    note: str | None
    created: datetime
    outcome: Literal["upheld", "dismissed", "moot"] | None
    closed: datetime | None


class Report(Shape):
    """What one participant reported: who, nobody is told."""

    id: UUID
    rule: str | None
    note: str | None
    created: datetime
    earlier_text: bool = Field(description="The text was edited since.")


class Flagged(Shape):
    """A contribution with open flags. What its byline withholds is withheld here too."""

    contribution: UUID
    revision: UUID
    number: int
    status: Literal["published", "hidden"] = Field(description="Hidden: by the consultation's own threshold.")
    topic: str
    kind: Kind
    title: str | None
    body: str
    html: str
    language: str
    byline: Byline
    author: Name | None
    organisation: Name | None
    since: datetime
    flags: list[Report]


class FlaggedPage(Shape):
    """What is reported, longest first."""

    items: list[Flagged]
    next: str | None


class Appeal(Shape):
    """A request to look at a decision again, and the answer."""

    id: UUID
    contribution: UUID
    decision: UUID
    words: str | None
    created: datetime
    outcome: Literal["upheld", "overturned"] | None
    reason: str | None
    role: str | None = Field(description="Of who answered.")
    by_same: bool = Field(description="Who decided has answered, since nobody else moderates.")
    decided: datetime | None
    status: Status = Field(description="Of the contribution, now.")


class AppealedDecision(Shape):
    """What the appeal is against."""

    id: UUID
    act: str
    rule: str | None
    reason: str | None
    decided: datetime


class Appealed(Shape):
    """An appeal that waits. What the text's byline withholds is withheld here too."""

    id: UUID
    contribution: UUID
    number: int | None
    status: Status
    topic: str
    decision: AppealedDecision
    words: str
    created: datetime
    kind: Kind
    title: str | None
    body: str | None
    html: str | None
    language: str
    byline: Byline
    author: Name | None
    organisation: Name | None
    may_answer: bool = Field(description="Whether you may answer it: who decided may not, unless alone.")


class AppealedPage(Shape):
    """Appeals that wait, oldest first."""

    items: list[Appealed]
    next: str | None
