"""The shapes of what is sent and answered about mandates; see requests.py and schemas.py."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.accounts.vocabulary import OrganisationKind
from app.api.requests import Body
from app.api.schemas import Shape


class NewMandateRequest(Body):
    """What you say to the organisers; which organisation it is, your profile says."""

    words: str | None = Field(None, description="For the organisers only; at most 1,000 characters.")

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"words": "I am on the board since 2015, as our website says."}]}
    }


class MandateDecision(Body):
    """What an organiser answers."""

    act: Literal["confirm", "decline", "end"] = Field(
        description="`end`: a mandate that was confirmed holds no longer."
    )
    reason: str | None = Field(None, description="Needed for all but `confirm`: whoever asked is told.")

    model_config = Body.model_config | {"json_schema_extra": {"examples": [{"act": "confirm"}]}}


class MandateQuestion(Body):
    """Where to ask the organisation itself: at an address that you know to be its own."""

    email: str = Field(description="It is deleted with the answer, and nobody is shown it.")
    language: str | None = Field(None, description="Of the mail; `en` unless it is one of the interface’s six.")

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"email": "office@example.org", "language": "fr"}]}
    }


class ClaimedOrganisation(Shape):
    """The organisation, in the words of who asks."""

    name: str
    kind: OrganisationKind
    country: str | None
    website: str | None


class MandateRequest(Shape):
    """Somebody asks that their mandate be confirmed. Only who asks and the organisers read it."""

    id: UUID
    name: str = Field(description="Of who asks.")
    organisation: ClaimedOrganisation
    words: str | None
    asked: datetime
    state: Literal["waiting", "confirmed", "declined", "ended"]
    answered: datetime | None
    answered_by: str | None = Field(description="A name, for the other organisers; null once that account is erased.")
    how: Literal["organiser", "organisation"] | None = Field(
        description="Who answered: an organiser, or the organisation itself at its own address."
    )
    reason: str | None
    ended: datetime | None
    organisation_asked_until: datetime | None = Field(description="The organisation itself may answer until then.")


class MandateRequestPage(Shape):
    """First what waits, oldest first; then what was answered, newest first."""

    items: list[MandateRequest]
    next: str | None
