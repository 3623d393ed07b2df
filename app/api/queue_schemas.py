"""What the moderators' queue answers."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.accounts.vocabulary import Byline
from app.api.schemas import Attachment, Kind, Place, Shape, Status


class Name(Shape):
    """A name that the byline shows."""

    name: str


class Claim(Shape):
    """Who has an item in hand. It lapses by itself."""

    name: str | None
    until: datetime
    mine: bool


class QueueItem(Shape):
    """A contribution of which something waits. What its byline withholds is withheld here too."""

    contribution: UUID
    revision: UUID = Field(description="What is to be judged: what waits or, where nothing does, what is public.")
    number: int | None = Field(description="Set where it is or was public.")
    topic: str
    kind: Kind
    title: str | None
    body: str
    html: str
    language: str
    questions: list[str]
    places: list[Place]
    attachments: list[Attachment]
    byline: Byline
    author: Name | None
    organisation: Name | None
    since: datetime = Field(description="When the first of it began to wait.")
    parent: int | None = Field(description="Number of what it replies to.")
    status: Status
    reasons: list[Literal["new", "edit", "flag", "appeal", "screened"]] = Field(description="Why it waits.")
    flags: int = Field(description="How many flags are open.")
    signs: list[dict[str, Any]] = Field(description="What automatic checks noticed: `sign`, and more in `detail`.")
    due: datetime | None = Field(description="By when the consultation promised an answer.")
    overdue: bool
    claim: Claim | None


class QueuePage(Shape):
    """What waits, oldest first."""

    items: list[QueueItem]
    next: str | None
