"""The shapes of answers about what was sent to institutions, for documentation and tests."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.api.recommendation_schemas import Addressee
from app.api.schemas import Shape


class SendingCommitment(Shape):
    """What the record committed to: SHA-256(salt || RFC 8785 JSON of {what, version, institution, kind}),
    `institution` being its name."""

    seq: int
    salt: str
    hash: str


class Sending(Shape):
    """A version that was sent to an institution."""

    id: UUID
    what: Literal["report", "summary"]
    version: int
    url: str
    institution: Addressee
    sent: datetime
    commitment: SendingCommitment


class SendingPage(Shape):
    """Part of the list."""

    items: list[Sending]
    next: str | None = Field(description="The next page, null where this is the last.")
