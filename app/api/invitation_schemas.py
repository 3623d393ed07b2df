"""The shapes of what is sent and answered about invitations; see requests.py and schemas.py."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.requests import Body
from app.api.schemas import Shape
from app.moderation.audience import To


class NewInvitation(Body):
    """A letter, and to whom it goes: exactly one of `contribution`, `topic` and `question`."""

    contribution: UUID | None = Field(None, description="To its author, whatever its byline.")
    topic: str | None = Field(None, description="Slug of a topic: to all who wrote there.")
    question: str | None = Field(None, description="A guiding question: to all who answered it.")
    subject: str = Field(description="One line of at most 120 characters.")
    words: str = Field(description="Plain text of at most 2,000 characters.")

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [
                {
                    "question": "inclusion.a", "subject": "A last round on services",
                    "words": "Would you say which services your city lacks most?",
                }
            ]
        }
    }  # fmt: skip

    def to(self) -> To:
        """Whom it goes to, for the action."""
        return To(self.contribution, self.topic, self.question)


class Sender(Shape):
    """Who wrote it; null where that account is erased."""

    name: str | None
    role: Literal["moderator", "organiser"]


class AddressedPeople(Shape):
    """To how many it is addressed. Somebody who wrote with and without their name counts in both."""

    named: int = Field(description="People whose names the texts show.")
    withheld: int | None = Field(description="At least so many behind withheld names, in fives; null: fewer than five.")


class Invitation(Shape):
    """A letter of a moderator to one author or to many. `reached` and `not_reached` are null of fewer than five."""

    id: UUID
    consultation: str
    contribution: UUID | None
    number: int | None
    topic: str | None
    question: str | None
    subject: str | None = Field(description="With `words` null once the text or its sender's account is erased.")
    words: str | None
    by: Sender
    sent: datetime
    addressed: AddressedPeople
    reached: int | None = Field(description="Of those named.")
    not_reached: int | None = Field(description="Of those named: suspended, refusing, or written to twice this week.")


class InvitationPage(Shape):
    """What was sent, newest first."""

    items: list[Invitation]
    next: str | None
