"""The query parameters of each kind of address. Unknown ones are refused."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NaiveDatetime,
    WithJsonSchema,
)
from pydantic_core import PydanticKnownError

from app import text
from app.accounts.vocabulary import OrganisationKind
from app.language import gettext as _

_BEGINS_WITH_A_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SPACE_FOR_PLUS = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)$")  # a + that nobody encoded arrives as a space


def _moment(value: object) -> object:
    if isinstance(value, str):
        if not _BEGINS_WITH_A_DATE.match(value):  # a number would be taken for seconds since 1970
            raise PydanticKnownError("datetime_parsing", {"error": "no date"})
        return _SPACE_FOR_PLUS.sub(r"\1+\2", value)
    return value


def _usual_year(value: datetime) -> datetime:
    if not 1900 <= value.year <= 2200:
        raise ValueError(_("must lie between the years 1900 and 2200"))
    return value


class Query(BaseModel):
    """Base of all: knows no parameters but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


LONGEST_WAIT = 60  # seconds

Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Moment = Annotated[AwareDatetime | NaiveDatetime, BeforeValidator(_moment), AfterValidator(_usual_year)]
Language = Annotated[str, Field(max_length=35), AfterValidator(text.language_tag)]
Cursor = Annotated[str, WithJsonSchema({"type": "string", "minLength": 1})]  # any that is not ours is malformed


class Nothing(Query):
    """An address without parameters."""


class Table(Query):
    """How a table is written."""

    bom: bool = Field(False, description="Begin with a byte order mark, by which some spreadsheets know UTF-8.")


class Manifest(Query):
    """Of which export."""

    format: Literal["jsonl", "csv", "parquet", "xlsx"] = Field(
        "jsonl", description="Of which export: how its address ends."
    )


class Paging(Query):
    """How much of a list, and from where."""

    limit: int = Field(50, ge=1, le=1_000, description="How many items at most.")
    cursor: Cursor | None = Field(None, description="Where to go on: taken from `next` of the page before.")


class Listing(Paging):
    """Filters, which may be combined, and the order."""

    topic: Word | None = Field(None, description="Slug of a topic.", examples=["inclusion"])
    thread: UUID | None = Field(None, description="Id of a root contribution: it and all beneath it.")
    parent: UUID | None = Field(None, description="Id of a contribution: its direct replies.")
    kind: Literal["experience", "proposal", "question", "resource", "reply", "note"] | None = Field(
        None, description="What it is."
    )
    language: Language | None = Field(None, description="BCP 47 tag, exactly.", examples=["es"])
    country: str | None = Field(
        None, pattern="^[A-Za-z]{2}$", description="Country of the organisation, ISO 3166 alpha-2.", examples=["PH"]
    )
    organisation_kind: OrganisationKind | None = Field(None, description="Kind of the organisation.")
    question: Word | None = Field(None, description="A guiding question.", examples=["inclusion.a"])
    tag: Word | None = Field(None, description="A label set by moderators.")
    q: Word | None = Field(
        None, description="Words to look for, in any language: all of them, “a phrase” in quotation marks, -without."
    )
    place: Word | None = Field(None, description="City or country it concerns.", examples=["Quezon City"])
    updated_since: Moment | None = Field(
        None, description="Changed at this time or later (RFC 3339; UTC where no zone is given)."
    )
    sort: Literal["number", "-number", "updated", "endorsements"] = Field(
        "number", description="Oldest or newest number first, least recently updated first, or most endorsed first."
    )


class Queueing(Paging):
    """Which part of the queue: filters, which may be combined."""

    reason: Literal["new", "edit", "flag", "appeal", "screened"] | None = Field(None, description="Why it waits.")
    topic: Word | None = Field(None, description="Slug of a topic.", examples=["inclusion"])
    language: Language | None = Field(None, description="BCP 47 tag, exactly.", examples=["es"])
    organisation: Word | None = Field(None, description="Name of the organisation, where the byline shows it.")
    older_than_hours: int | None = Field(None, ge=0, le=100_000, description="Waits for longer than this.")
    overdue: bool = Field(False, description="Only what waits for longer than the consultation promised.")


class Following(Query):
    """From where to follow the changes."""

    after: int = Field(0, ge=0, le=2**53, description="The sequence number of the last entry you have; 0 begins.")
    limit: int = Field(50, ge=1, le=1_000, description="How many entries at most.")
    wait: float = Field(
        0, ge=0, le=3_600, allow_inf_nan=False,
        description=f"Seconds to wait where nothing has happened yet, up to {LONGEST_WAIT}.",
    )  # fmt: skip


class Removal(Query):
    """How a contribution is to go."""

    erase: bool = Field(False, description="Destroy all its texts for good, instead of withdrawing it.")
    reason: str | None = Field(
        None, max_length=2_000, description="Why; needed from an organiser who erases what somebody else wrote."
    )


class TakingBack(Query):
    """Which support is to be taken back."""

    capacity: Literal["organisation"] | None = Field(
        None, description="`organisation`: only that yours is named, whoever of it gave that; left out: all of yours."
    )


def in_utc(moment: datetime | None) -> datetime | None:
    """A time without a zone is meant in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
