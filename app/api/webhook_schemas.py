"""Webhooks: what is sent, and what is answered."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from app.api.requests import Body
from app.api.schemas import Shape
from app.notifications.webhooks.addresses import URL_LIMIT


class NewWebhook(Body):
    """Where entries of the record are to go, and which."""

    url: str = Field(max_length=URL_LIMIT + 1, description="An `https` address on the public internet.")
    kinds: list[str] = Field([], max_length=100, description="Kinds of entries, as in `changes`; left out: all.")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://example.org/plenary", "kinds": ["contribution.published", "decision.made"]}]
        }
    )


class Replay(Body):
    """From where a webhook is to go on."""

    seq: int | None = Field(
        None, ge=1, lt=2**31, description="The first entry to be brought (again); left out: where it stopped."
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"seq": 117}]})


class Webhook(Shape):
    """A webhook, and how far it is."""

    id: UUID
    url: str
    kinds: list[str] = Field(description="Empty: all.")
    created: datetime
    cursor: int = Field(description="The last entry that was taken, or that it does not want.")
    failing_since: datetime | None = Field(description="When the next entry was not taken for the first time.")
    next_try: datetime | None
    paused: datetime | None = Field(description="Since when nothing is tried any more: see replay.")


class NewlyMadeWebhook(Webhook):
    """A new webhook with its secret, which is shown this once."""

    secret: str = Field(description="For verifying signatures as in Standard Webhooks.", examples=["whsec_…"])


class Attempt(Shape):
    """An attempt to bring an entry."""

    seq: int
    time: datetime
    status: int | None = Field(description="Null: there was no answer, and `answer` says why.")
    answer: str = Field(description="Its first 200 characters.")


class WebhookWithAttempts(Webhook):
    """A webhook and what was answered to it, newest first, fifty at most."""

    attempts: list[Attempt]


class WebhookPage(Shape):
    """The webhooks of a consultation."""

    items: list[Webhook]
    next: str | None
