"""The shapes of errors."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.schemas import Shape, Status


class FieldError(Shape):
    """What is wrong with one field, and what to do."""

    field: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457). `errors` comes with `/problems/invalid`; others may have fields of their own."""

    type: str = Field(examples=["/problems/invalid"])
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None


class Gone(BaseModel):
    """What is no longer public."""

    type: Literal["/problems/gone"]
    title: str
    status: int
    detail: str
    id: UUID
    number: int
    url: str
    state: Status
    since: datetime
